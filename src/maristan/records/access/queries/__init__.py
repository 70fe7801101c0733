"""Reads on accesses."""

from maristan.records.access.queries.grounds import Ground, find_grounds, held_by, running_at, running_relations
from maristan.records.access.queries.reviews import (
    accesses_judged_by,
    figures,
    in_scope_of,
    lines_asked,
    opened_under,
    questions_to,
    requests_to,
    reviewers_of,
    waiting,
    with_verdict,
)
from maristan.records.access.queries.seen import Look, lines_of, looks_by_day, read_looks

__all__ = [
    "Ground",
    "Look",
    "accesses_judged_by",
    "figures",
    "find_grounds",
    "held_by",
    "in_scope_of",
    "lines_asked",
    "lines_of",
    "looks_by_day",
    "opened_under",
    "questions_to",
    "read_looks",
    "requests_to",
    "reviewers_of",
    "running_at",
    "running_relations",
    "waiting",
    "with_verdict",
]
