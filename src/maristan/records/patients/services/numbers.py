"""Giving a person a number, ending it, and noticing that another holds it."""

import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.territory.models import Establishment
from maristan.records.patients.enums import STRONG_DOMAINS, TelephoneHolder
from maristan.records.patients.models import (
    Identifier,
    Person,
    Telephone,
    normalise_identifier,
    normalise_telephone,
)
from maristan.records.patients.signals import person_saved

HELD_ONCE = "strong_identifier_once"


@transaction.atomic
def add_identifier(
    person: Person,
    *,
    by: User,
    domain: str,
    value: str,
    establishment: Establishment | None = None,
    rank: int | None = None,
    system: str = "",
    starts_on: datetime.date | None = None,
    announce: bool = True,
) -> Identifier:
    """Give `person` a number. One that another living identity holds is kept as disputed: care goes on, and the
    identity officer settles it. Raises ValidationError in human words for a number that cannot be one.

    `announce=False` is for callers that announce the whole person themselves.
    """
    identifier = Identifier(
        person=person,
        domain=domain,
        value=normalise_identifier(value) if domain != "other" else value.strip(),
        establishment=establishment,
        rank=rank,
        system=system,
        starts_on=starts_on or timezone.localdate(),
        added_by=by,
    )
    identifier.full_clean(validate_constraints=False)
    identifier.is_disputed = domain in STRONG_DOMAINS and _others(identifier).exists()
    _check_constraints(identifier)
    _save_or_dispute(identifier)
    _announce(person, "patients.add_identifier", by, identifier, announce, disputed=identifier.is_disputed)
    return identifier


@transaction.atomic
def end_identifier(identifier: Identifier, *, by: User, on: datetime.date | None = None) -> Identifier:
    """A number that no longer counts; it stays readable and keeps finding the person."""
    identifier = Identifier.objects.select_for_update(of=("self",)).select_related("person").get(pk=identifier.pk)
    identifier.ends_on = max(on or timezone.localdate(), identifier.starts_on)
    identifier.save(update_fields=["ends_on"])
    _announce(identifier.person, "patients.end_identifier", by, identifier, True)
    return identifier


@transaction.atomic
def add_telephone(
    person: Person,
    *,
    by: User,
    number: str,
    holder: str = TelephoneHolder.OWN,
    label: str = "",
    announce: bool = True,
) -> Telephone:
    """Give `person` a telephone, typed in any way. Raises ValidationError in human words."""
    telephone = Telephone(person=person, number=normalise_telephone(number), holder=holder, label=label, added_by=by)
    telephone.full_clean(exclude=["national"])
    telephone.save()
    _announce(person, "patients.add_telephone", by, telephone, announce)
    return telephone


@transaction.atomic
def end_telephone(telephone: Telephone, *, by: User) -> Telephone:
    """A number that no longer reaches the person."""
    telephone.ends_on = max(timezone.localdate(), telephone.starts_on)
    telephone.save(update_fields=["ends_on"])
    _announce(telephone.person, "patients.end_telephone", by, telephone, True)
    return telephone


def _others(identifier: Identifier):
    """Other identities holding the same number, alive and undisputed."""
    return Identifier.objects.filter(
        domain=identifier.domain,
        value=identifier.value,
        establishment=identifier.establishment,
        ends_on=None,
        is_disputed=False,
    ).exclude(person=identifier.person)


def _check_constraints(identifier: Identifier) -> None:
    found = []
    for constraint in Identifier._meta.constraints:
        try:
            constraint.validate(Identifier, identifier)
        except ValidationError as error:
            found += error.messages
    if found:
        field = "value" if len(found) == 1 else NON_FIELD_ERRORS
        raise ValidationError({field: found})


def _save_or_dispute(identifier: Identifier) -> None:
    try:
        with transaction.atomic():
            identifier.save(force_insert=True)
    except IntegrityError as error:
        name = error.__cause__.diag.constraint_name
        if name == "identifier_once_a_person":
            raise ValidationError({"value": _("This person already has this number.")}) from error
        if name != HELD_ONCE:
            raise
        identifier.is_disputed = True  # another desk was faster by an instant
        identifier.save(force_insert=True)


def _announce(person: Person, action: str, by: User, thing, announce: bool, **detail) -> None:
    if not announce and not detail.get("disputed"):
        return
    record_event(
        action,
        by=by,
        patient=person.pk,
        entity=type(thing).__name__,
        entity_id=str(thing.pk),
        detail={"what": str(thing), **detail},
    )
    if announce:
        person_saved.send(sender=Person, person=person, by=by)
