"""Identity: the person, the numbers that identify them, the folding of names."""

from maristan.records.patients.models.identifier import (
    Identifier,
    SearchRate,
    Telephone,
    national_part,
    normalise_identifier,
    normalise_telephone,
    written_number,
)
from maristan.records.patients.models.person import NameWord, Person

__all__ = [
    "Identifier",
    "NameWord",
    "Person",
    "SearchRate",
    "Telephone",
    "national_part",
    "normalise_identifier",
    "normalise_telephone",
    "written_number",
]
