"""Reads of the identity: the search as one types, likely duplicates, the history of a person."""

from maristan.records.patients.queries.duplicates import LikelyDuplicate, find_likely_duplicates
from maristan.records.patients.queries.history import Change, history_of
from maristan.records.patients.queries.search import COUNT_LIMIT, PersonHit, search_people

__all__ = [
    "COUNT_LIMIT",
    "Change",
    "LikelyDuplicate",
    "PersonHit",
    "find_likely_duplicates",
    "history_of",
    "search_people",
]
