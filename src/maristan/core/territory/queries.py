"""Reads used by the areas above."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.audit.models import AuditLine
from maristan.core.territory.enums import ContactKind, DivisionLevel, EstablishmentKind
from maristan.core.territory.models import Division, Establishment, Room, Service, Site, Unit
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


KIND_ORDER = Case(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(EstablishmentKind.values)))
MANAGERS = ("chu", "ehs", "hospital", "eph", "epsp", "directorate")


def managers_in(wilaya: Division) -> QuerySet[Establishment]:
    """Establishments of a wilaya that may manage others: hospitals, community health establishments, directorates."""
    return Establishment.objects.filter(wilaya=wilaya, kind__in=MANAGERS)


def filter_establishments(
    *,
    text: str | None = "",
    wilaya: Division | None = None,
    commune: Division | None = None,
    kind: str | None = "",
    manager: Establishment | None = None,
    state: str | None = "",
) -> QuerySet[Establishment]:
    """Establishments that pass every filter given, hospitals first, then by name.

    `state` "confirm" keeps those of which something is to be confirmed.
    """
    found = search_establishments(text or "").select_related("parent")
    wanted = {"wilaya": wilaya, "commune": commune, "kind": kind, "parent": manager}
    found = found.filter(**{name: value for name, value in wanted.items() if value}).order_by(
        KIND_ORDER, "name_fr", "pk"
    )
    if state == "confirm":
        return found.exclude(to_confirm="")
    return found.filter(state=state) if state else found


def wilaya_around(place: Division | Establishment | Service | None) -> Division | None:
    """The wilaya where a place lies, for a page that opens on what is near."""
    if isinstance(place, Service):
        place = place.establishment
    if isinstance(place, Division):
        return place if place.level == DivisionLevel.WILAYA else place.wilaya
    return place.wilaya if place else None


@dataclass(frozen=True)
class Edit:
    """One change of a place as it is read: when, by whom, of which part, and (field, before, after)."""

    at: datetime.datetime
    who: str
    part: str
    changes: list[tuple[str, str, str]]


def history_of(establishment: Establishment, *, limit: int = 20) -> list[Edit]:
    """The last edits of an establishment and of its parts, newest first; the audit register keeps them."""
    lines = AuditLine.objects.filter(
        action="territory.edit", outcome="success", entity="Establishment", entity_id=str(establishment.pk)
    )
    return [
        Edit(
            line.at,
            line.actor_name,
            line.detail.get("part", ""),
            [
                (field_label(name), values["before"], values["after"])
                for name, values in line.detail.get("changes", {}).items()
            ],
        )
        for line in lines[:limit]
    ]


def field_label(name: str) -> str:
    """The words of a field of a place, in the language of the page; its name when it has none."""
    if name in ContactKind.values:
        return str(ContactKind(name).label)
    for model in (Establishment, Service, Site, Unit, Room):
        for field in model._meta.concrete_fields:
            if field.name == name:
                return str(field.verbose_name)
    return {"hours": _("opening hours"), "managed_by": _("managed by")}.get(name, name)


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


def search_services(text: str) -> QuerySet[Service]:
    """Open services whose names in either script hold every word of `text`."""
    found = Service.objects.filter(closed_on__isnull=True).select_related("establishment")
    for word in fold(text).split():
        found = found.filter(search__contains=word)
    return found
