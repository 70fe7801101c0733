"""What changes the territory: one function a verb, `by` whom, in one transaction, with its audit line."""

from maristan.core.territory.services.divisions import load_divisions

__all__ = ["load_divisions"]
