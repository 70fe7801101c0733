"""Facts this area announces, inside the transaction that makes them true: a receiver that fails undoes them."""

from django.dispatch import Signal

person_saved = Signal()
"""A person was registered or changed. Arguments: `person`, `by` (accounts.User). The record stores its new version."""

person_registered = Signal()
"""A person was registered at a desk, sent once, after `person_saved`. Arguments: `person`, `by`. Access opens the
relation between the person and the service of `by`."""
