"""Reads of the record. None of them decides who may look: `services.Store` does, and hands over what is hidden."""
