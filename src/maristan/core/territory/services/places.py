"""Changing one place by hand: checked, scoped, written and audited with before and after."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from maristan.core.territory.models import Contact, Establishment, OpeningHours, Room, Service, Site, Unit
from maristan.core.territory.services.loading import record_change
from maristan.core.territory.services.planning import hours_in_words

Part = Site | Service | Unit | Room
CIRCLE = "establishment_managed_without_circle"
Stretches = tuple[tuple[int, int, int], ...]


@transaction.atomic
def save_establishment(
    place: Establishment,
    *,
    by: Any,
    contacts: dict[str, tuple[str, ...]] | None = None,
    hours: Stretches | None = None,
) -> dict[str, tuple[str, str]]:
    """Write an establishment, new or changed, with its contacts and opening hours where given.

    Returns what changed, (before, after) by field; nothing changed writes nothing. Raises PermissionDenied where `by`
    does not answer for the place, before or after; ValidationError where a rule of the territory is broken.
    """
    known = Establishment.objects.select_for_update(of=("self",)).filter(pk=place.pk).first()
    for state in filter(None, (known, place)):
        _refuse_outside(by, state)
    place.full_clean()
    changes = _differences(known, place)
    if changes:
        _save_whole(place)
    for kind, values in (contacts or {}).items():
        changes |= _replace_contacts(place, kind, values)
    if hours is not None:
        changes |= _replace_hours(place, None, hours)
    if changes:
        record_change(place, changes, by=by)
    return changes


@transaction.atomic
def save_part(part: Part, *, by: Any, hours: Stretches | None = None) -> dict[str, tuple[str, str]]:
    """Write a site, service, unit or room, new or changed; `hours` are those of a service. As `save_establishment`."""
    known = type(part).objects.select_for_update(of=("self",)).filter(pk=part.pk).first()
    place = place_of(part)
    _refuse_outside(by, place)
    if known is not None and place_of(known) != place:
        raise ValidationError(_("A part stays in its establishment: close it, and open another elsewhere."))
    part.full_clean()
    _refuse_stranger(part)
    changes = _differences(known, part)
    if changes:
        part.save()
    if hours is not None and isinstance(part, Service):
        changes |= _replace_hours(place, part, hours)
    if changes:
        record_change(place, changes, by=by, part=f"{part._meta.model_name} {part.code}")
    return changes


def place_of(part: Part) -> Establishment:
    """The establishment that a part belongs to."""
    return part.service.establishment if isinstance(part, Unit | Room) else part.establishment


def _refuse_outside(by: Any, place: Establishment) -> None:
    if not by.may("territory.edit", place):
        raise PermissionDenied("territory.edit")


def _refuse_stranger(part: Part) -> None:
    """Said here in words; the database holds it (migration 0002)."""
    if isinstance(part, Service) and part.site and part.site.establishment_id != part.establishment_id:
        raise ValidationError({"site": _("This site belongs to another establishment.")})
    if isinstance(part, Room) and part.unit and part.unit.service_id != part.service_id:
        raise ValidationError({"unit": _("This unit belongs to another service.")})


def _save_whole(place: Establishment) -> None:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") != CIRCLE:
            raise
        raise ValidationError(
            {"parent": _("This establishment manages it already, itself or through others.")}
        ) from None


def _differences(known: models.Model | None, thing: models.Model) -> dict[str, tuple[str, str]]:
    changes = {}
    for field in thing._meta.concrete_fields:
        if field.primary_key or field.name == "search":
            continue
        before = _in_words(getattr(known, field.name)) if known is not None else ""
        after = _in_words(getattr(thing, field.name))
        if before != after:
            changes[field.name] = (before, after)
    return changes


def _in_words(value: Any) -> str:
    if isinstance(value, models.Model):  # in one language for ever, with the code that tells like from like
        return f"{value.code} {getattr(value, 'name_fr', '')}".strip()
    return "" if value is None else str(value)


def _replace_contacts(place: Establishment, kind: str, values: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    before = tuple(place.contacts.filter(kind=kind).values_list("value", flat=True))
    if before == values:
        return {}
    place.contacts.filter(kind=kind).delete()
    Contact.objects.bulk_create(Contact(establishment=place, kind=kind, value=value) for value in values)
    return {kind: ("; ".join(before), "; ".join(values))}


def _replace_hours(place: Establishment, service: Service | None, hours: Stretches) -> dict[str, tuple[str, str]]:
    known = OpeningHours.objects.filter(establishment=place, service=service)
    before = tuple(known.values_list("weekday", "opens", "closes"))
    if before == hours:
        return {}
    known.delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(establishment=place, service=service, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in hours
    )
    return {"hours": (hours_in_words(before), hours_in_words(hours))}
