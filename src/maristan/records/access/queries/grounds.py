"""The grounds on which a record opens."""

import datetime
import uuid
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, QuerySet, Value

from maristan.records.access.models import BreakGlass, CareRelation, RecordLabel

WORDS = CharField()


class Ground(NamedTuple):
    """One row that bears on a decision: kind is "relation", "break_glass" or "label"."""

    kind: str
    until: datetime.datetime | None
    words: str


def running_at(at: datetime.datetime) -> Q:
    """Rows with `starts_at` and `ends_at` that run at this moment; the end itself is outside."""
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def held_by(user: Any) -> Q:
    """Declared relations that open a record to this user: held in person, by their service, by their establishment.

    A post in a whole establishment (laboratory, pharmacy) serves all its services; one in a territory serves none.
    """
    post = user.post
    mine = Q(user=user.pk)
    if post is not None and post.service_id:
        return mine | Q(service=post.service_id)
    if post is not None and post.establishment_id:
        return mine | Q(service__establishment=post.establishment_id)
    return mine


def find_grounds(person_id: uuid.UUID, user: Any, *, at: datetime.datetime) -> list[Ground]:
    """Everything of this area that bears on the decision, in one query."""
    relations = CareRelation.objects.filter(held_by(user), running_at(at), person=person_id)
    opened = BreakGlass.objects.filter(
        person=person_id, user=user.pk, starts_at__lte=at, expires_at__gt=at, ended_at__isnull=True
    )
    labels = RecordLabel.objects.filter(running_at(at), person=person_id)
    rows = _as_grounds(relations, "relation", F("ends_at"), F("reason")).union(
        _as_grounds(opened, "break_glass", F("expires_at"), F("reason")),
        _as_grounds(labels, "label", F("ends_at"), F("sensitivity")),
        all=True,
    )
    return [Ground(*row) for row in rows]


def _as_grounds(rows: QuerySet, kind: str, until: Any, words: Any) -> QuerySet:
    return rows.order_by().values_list(Value(kind, output_field=WORDS), until, words)


def running_relations(person_id: uuid.UUID, *, at: datetime.datetime) -> QuerySet[CareRelation]:
    """Declared relations of this person that run now, newest first."""
    return CareRelation.objects.filter(running_at(at), person=person_id)
