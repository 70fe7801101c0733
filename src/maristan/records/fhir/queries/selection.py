"""Which current resources answer: by native columns only, so that every search has an index."""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from maristan.records.fhir.models import Resource

LabelSets = Collection[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Criteria of a search; those left empty do not count.

    `codes` are codes, or `system|code`; `since` and `until` bound the beginning of the effective time (both included);
    `encounter` is an id; `identifier` is `system|value`.
    """

    type: str | None = None
    person_id: uuid.UUID | None = None
    codes: Iterable[str] | None = None
    category: str | Iterable[str] | None = None
    status: str | Iterable[str] | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    encounter: str | None = None
    identifier: str | None = None


def select(selection: Selection, hidden: LabelSets = ()) -> QuerySet[Resource]:
    """Current resources that fit and are not deleted, without those whose labels are in `hidden`."""
    rows = Resource.objects.filter(deleted=False, **_equalities(selection))
    if selection.codes is not None:
        rows = rows.filter(_codes(selection.codes))
    if selection.identifier is not None:
        rows = rows.filter(identifiers__contains=[selection.identifier]).exclude(identifiers=[])
    if hidden:
        rows = rows.exclude(labels__in=[list(labels) for labels in hidden])
    return rows


def newest_first(rows: QuerySet[Resource]) -> QuerySet[Resource]:
    """By effective time, undated ones last, ties by the order of recording."""
    return rows.order_by(F("starts_at").desc(nulls_last=True), "-current_id")


def hidden_labels(may_know: Callable[[Iterable[str]], bool], person_id: uuid.UUID | None = None) -> LabelSets:
    """The sets of sensitive labels in use (for this person) that the reader may not know of. One query."""
    labelled = Resource.objects.exclude(labels=[])
    if person_id is not None:
        labelled = labelled.filter(person_id=person_id)
    used = labelled.order_by().values_list("labels", flat=True).distinct()
    return [tuple(labels) for labels in used if not may_know(labels)]


def count_types(person_id: uuid.UUID, hidden: LabelSets = ()) -> dict[str, int]:
    """How many current resources of each type a person's record holds."""
    rows = select(Selection(person_id=person_id), hidden).order_by()
    return dict(rows.values_list("type").annotate(n=Count("id")))


def _equalities(selection: Selection) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for field in ("type", "person_id", "category", "status", "encounter"):
        value = getattr(selection, field)
        if value is not None and not isinstance(value, str | uuid.UUID):
            wanted[f"{field}__in"] = list(value)
        elif value is not None:
            wanted[field] = value
    if selection.since is not None:
        wanted["starts_at__gte"] = selection.since
    if selection.until is not None:
        wanted["starts_at__lte"] = selection.until
    return wanted


def _codes(codes: Iterable[str]) -> Q:
    bare = []
    found = Q()
    for text in [codes] if isinstance(codes, str) else codes:
        system, bar, code = text.rpartition("|")
        if bar:
            found |= Q(code_system=system, code=code)
        else:
            bare.append(code)
    return found | Q(code__in=bare) if bare or not found else found
