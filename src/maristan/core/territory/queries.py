"""Reads used by the areas above."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from maristan.core.territory.enums import DivisionLevel
from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.territory.models.names import fold


def divisions_on(on: datetime.date | None = None) -> QuerySet[Division]:
    """Divisions valid on that day (today by default)."""
    on = on or timezone.localdate()
    return Division.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    )


def division(
    code: str,
    on: datetime.date | None = None,
    *,
    level: str | None = None,
    country: str = "DZ",
) -> Division | None:
    """The division of that official code as it stood on that day: two figures a wilaya, four a commune."""
    found = divisions_on(on).filter(code=code, country=country).select_related("parent", "wilaya")
    return (found.filter(level=level) if level else found).first()


def communes_of(wilaya: Division, on: datetime.date | None = None) -> QuerySet[Division]:
    """Communes of a wilaya on that day, by code."""
    return divisions_on(on).filter(wilaya=wilaya, level=DivisionLevel.COMMUNE)


def search_communes(text: str, *, on: datetime.date | None = None, limit: int = 20) -> list[Division]:
    """Communes whose name in either script, or code, holds every word of `text`; the shortest names first."""
    found = divisions_on(on).filter(level=DivisionLevel.COMMUNE)
    for word in fold(text).split():
        found = found.filter(search__contains=word)
    return sorted(found.select_related("wilaya")[:200], key=lambda commune: len(commune.name_fr))[:limit]


def services_of(establishment: Establishment) -> QuerySet[Service]:
    """Open services of an establishment, by name."""
    return establishment.services.filter(closed_on__isnull=True).select_related("site")


def search_establishments(text: str) -> QuerySet[Establishment]:
    """Establishments whose names in either script, or code, hold every word of `text`."""
    found = Establishment.objects.select_related("commune", "wilaya")
    for word in fold(text).split():
        found = found.filter(search__contains=word)
    return found


def establishments_of_post(post: Any) -> QuerySet[Establishment]:
    """Establishments within the scope of a post, by name: those of its division, or its own and those it manages."""
    if post.division_id:
        return Establishment.objects.filter(Q(wilaya_id=post.division_id) | Q(commune_id=post.division_id))
    own = post.service.establishment_id if post.service_id else post.establishment_id
    return Establishment.objects.filter(Q(pk=own) | Q(parent_id=own))
