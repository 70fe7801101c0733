"""What changes an identity, and the audited search."""

from maristan.records.patients.services.invented import invent_people
from maristan.records.patients.services.numbers import add_identifier, add_telephone, end_identifier, end_telephone
from maristan.records.patients.services.people import (
    FACTS,
    ChangedMeanwhile,
    LikelyDuplicates,
    correct_person,
    declare_death,
    establishment_of,
    identify_unknown,
    import_person,
    link_account,
    name_newborn,
    register_newborn,
    register_person,
    register_unknown,
)
from maristan.records.patients.services.search import SearchAnswer, TooManySearches, find_people

__all__ = [
    "FACTS",
    "ChangedMeanwhile",
    "LikelyDuplicates",
    "SearchAnswer",
    "TooManySearches",
    "add_identifier",
    "add_telephone",
    "correct_person",
    "declare_death",
    "end_identifier",
    "end_telephone",
    "establishment_of",
    "find_people",
    "identify_unknown",
    "import_person",
    "invent_people",
    "link_account",
    "name_newborn",
    "register_newborn",
    "register_person",
    "register_unknown",
]
