"""The care relation that an encounter makes."""

import datetime
import uuid
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from maristan.records.fhir.models import Resource

AFTERCARE = datetime.timedelta(days=30)  # letters, results and complications come after the stay
RUNNING = ("arrived", "triaged", "in-progress", "onleave")


def find_encounter(person_id: uuid.UUID, user: Any, *, at: datetime.datetime | None = None) -> Resource | None:
    """An encounter of this person where `user` works, running or ended less than 30 days ago: a running one first.

    A post in a service sees its own encounters; one in a whole establishment (laboratory, pharmacy) those of all its
    services; one in a territory none.
    """
    post = getattr(user, "post", None)
    if post is None or not (post.service_id or post.establishment_id):
        return None
    at = at or timezone.now()
    rows = _encounters(person_id, at)
    rows = rows.filter(service=post.service_id) if post.service_id else rows.filter(establishment=post.establishment_id)
    found = list(rows.order_by("-starts_at")[:20])
    return next((row for row in found if row.status in RUNNING), found[0] if found else None)


def relation_end(encounter: Resource) -> datetime.datetime | None:
    """When the relation ends that this encounter makes; None while it runs."""
    if encounter.status in RUNNING:
        return None
    return (encounter.ends_at or encounter.starts_at) + AFTERCARE


def _encounters(person_id: uuid.UUID, at: datetime.datetime) -> QuerySet[Resource]:
    begun = Resource.objects.filter(person=person_id, type="Encounter", deleted=False, starts_at__lte=at)
    recent = Q(status="finished") & (Q(ends_at__gt=at - AFTERCARE) | Q(ends_at=None, starts_at__gt=at - AFTERCARE))
    return begun.filter(Q(status__in=RUNNING) | recent)
