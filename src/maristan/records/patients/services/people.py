"""Registering a person and correcting what is known of them."""

import datetime
import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.territory.models import Establishment, Service
from maristan.records.patients.enums import BirthPrecision, Domain, Naming, Sex
from maristan.records.patients.models import Identifier, Person, written_number
from maristan.records.patients.queries import LikelyDuplicate, find_likely_duplicates
from maristan.records.patients.services.numbers import add_identifier, add_telephone
from maristan.records.patients.signals import person_registered, person_saved

FACTS = (
    *("family_fr", "given_fr", "family_ar", "given_ar", "spouse_family_fr", "spouse_family_ar"),
    *("father_given_fr", "father_given_ar"),
    *("mother_family_fr", "mother_family_ar", "mother_given_fr", "mother_given_ar"),
    *("sex", "birth_date", "birth_precision", "birth_commune", "commune", "address", "birth_rank", "marks"),
)
"""The facts of a person that a desk may enter or correct; identifiers and telephones have their own verbs."""


class LikelyDuplicates(Exception):
    """The person may already be registered; `candidates` (LikelyDuplicate) must be looked at and set apart first."""

    def __init__(self, candidates: list[LikelyDuplicate]) -> None:
        super().__init__(f"{len(candidates)} likely duplicates")
        self.candidates = candidates


class ChangedMeanwhile(Exception):
    """Somebody else changed the person since it was read: show theirs, let the user choose."""


@transaction.atomic
def register_person(*, by: User, seen: Collection[uuid.UUID] | None = None, **facts: Any) -> Person:
    """Register a person with `facts` (see FACTS, and `id`, `account`, `identifiers`, `telephones`, `is_deceased`,
    `deceased_at`).

    `identifiers` are dicts of `add_identifier`'s arguments, `telephones` numbers as typed. With `seen`, the likely
    duplicates the clerk was shown and set apart, raises LikelyDuplicates for any other; without, nobody is there to
    look and none is searched. An establishment number is given if `by` works in an establishment and none came.
    Raises ValidationError in human words.
    """
    set_apart = _refuse_likely_duplicates(facts, seen) if seen is not None else []
    return _register(by, facts, detail={"set_apart": set_apart})


@transaction.atomic
def register_newborn(mother: Person, *, by: User, birth_date: datetime.date, sex: str, **facts: Any) -> Person:
    """Register a child born here and not yet named, under its mother: "Nouveau-né de BOUDJEMAA Hayet".

    Children of one birth (same mother, a day apart at most) are numbered in the order they are registered.
    """
    mother = Person.objects.select_for_update().get(pk=mother.pk)
    day = datetime.timedelta(days=1)
    born_together = mother.newborns.filter(birth_date__range=(birth_date - day, birth_date + day))
    before = born_together.count()
    if before == 1:
        first = born_together.get()
        if first.birth_rank is None:
            correct_person(first, by=by, birth_rank=1)
    inherited = {
        field: getattr(mother, field.removeprefix("mother_")) for field in FACTS if field.startswith("mother_")
    }
    facts = {
        **inherited,
        "commune": mother.commune,
        "address": mother.address,
        "birth_rank": before + 1 if before else None,
        **facts,
        "birth_date": birth_date,
        "birth_precision": BirthPrecision.DAY,
        "sex": sex,
        "naming": Naming.NEWBORN,
        "mother": mother,
    }
    return _register(by, facts, detail={"mother": str(mother.pk)})


@transaction.atomic
def register_unknown(
    *, by: User, sex: str = Sex.UNKNOWN, age: int | None = None, marks: str = "", **facts: Any
) -> Person:
    """Register somebody who cannot say who they are, called by a number until identified. Nothing is mandatory.

    `age` is a guess in years, kept as an estimated year of birth.
    """
    if age is not None:
        facts["birth_date"] = datetime.date(timezone.localdate().year - age, 1, 1)
        facts["birth_precision"] = BirthPrecision.ESTIMATED
    facts |= {"naming": Naming.UNKNOWN, "sex": sex, "marks": marks}
    return _register(by, facts)


@transaction.atomic
def correct_person(
    person: Person, *, by: User, revision: int | None = None, reason: str = "", **changes: Any
) -> Person:
    """Change facts of a person (names in FACTS); the audit line keeps each value before and after.

    With `revision`, the one the user read, raises ChangedMeanwhile if somebody changed the person since.
    """
    return _change(person, "patients.correct", by, changes, revision=revision, detail={"reason": reason})


@transaction.atomic
def name_newborn(person: Person, *, by: User, revision: int | None = None, **names: Any) -> Person:
    """Give a newborn its names (facts in FACTS); it stays linked to its mother and keeps its numbers."""
    if person.naming != Naming.NEWBORN:
        raise ValidationError(_("This person already has a name: correct it instead."))
    return _change(person, "patients.name_newborn", by, {**names, "naming": Naming.NAMED}, revision=revision)


@transaction.atomic
def identify_unknown(
    person: Person, *, by: User, seen: Collection[uuid.UUID] = (), revision: int | None = None, **facts: Any
) -> Person:
    """Say who an unknown person is; the number they were called by keeps finding them.

    Raises LikelyDuplicates when somebody registered looks like `facts`: the two are then linked, not overwritten.
    """
    if person.naming != Naming.UNKNOWN:
        raise ValidationError(_("This person already has a name: correct it instead."))
    set_apart = _refuse_likely_duplicates(facts, seen, without=person.pk)
    changes = {field: value for field, value in facts.items() if field in FACTS}
    detail = {"set_apart": set_apart}
    person = _change(
        person, "patients.identify", by, {**changes, "naming": Naming.NAMED}, revision=revision, detail=detail
    )
    _add_numbers(person, by, facts)
    return person


@transaction.atomic
def declare_death(person: Person, *, by: User, at: datetime.datetime | None = None) -> Person:
    """Mark a person as deceased, at a known moment or not; certificates and causes are the record's."""
    return _change(person, "patients.declare_death", by, {"is_deceased": True, "deceased_at": at})


@transaction.atomic
def link_account(person: Person, *, account: User, by: User) -> Person:
    """Let a citizen's account open this person's own record."""
    return _change(person, "patients.link_account", by, {"account": account})


@transaction.atomic
def import_person(person_id: uuid.UUID, facts: Mapping[str, Any], *, by: User) -> Person:
    """Create or update a person from another system, under the identity it gave; no signal: the caller keeps the body.

    Numbers are added, never ended: the sender may not know ours.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    known = person is not None
    person = person or Person(pk=person_id, registered_by=by)
    fields = {**facts, "revision": person.revision + 1 if known else 1}
    _set(person, {key: value for key, value in fields.items() if key not in ("identifiers", "telephones", "id")})
    person.save(force_insert=not known)
    _import_identifiers(person, by, facts.get("identifiers", ()))
    _add_numbers(person, by, {"telephones": facts.get("telephones", ())}, known=known)
    record_event("patients.import", by=by, patient=person.pk, entity="Person", entity_id=str(person.pk))
    return person


def _register(by: User, facts: dict[str, Any], *, detail: dict | None = None) -> Person:
    establishment = establishment_of(by)
    identifiers = [dict(item) for item in facts.get("identifiers", ())]
    if establishment and not any(item["domain"] == Domain.NUMBER for item in identifiers):
        identifiers.append(
            {"domain": Domain.NUMBER, "value": next_number(establishment), "establishment": establishment}
        )
    facts = {**facts, "identifiers": identifiers}
    if facts.get("naming") == Naming.UNKNOWN:
        facts.setdefault("call_number", _call_number(identifiers))
    person = Person(registered_by=by, registered_in=establishment)
    _set(person, {key: value for key, value in facts.items() if key not in ("identifiers", "telephones")})
    person.full_clean(exclude=["id"])
    person.save(force_insert=True)
    _add_numbers(person, by, facts)
    record_event(
        "patients.register",
        by=by,
        patient=person.pk,
        entity="Person",
        entity_id=str(person.pk),
        detail={"after": _as_text(person, (*FACTS, "naming", "mother")), **(detail or {})},
    )
    person_saved.send(sender=Person, person=person, by=by)
    person_registered.send(sender=Person, person=person, by=by)
    return person


def _change(
    person: Person,
    action: str,
    by: User,
    changes: dict[str, Any],
    *,
    revision: int | None = None,
    detail: dict | None = None,
) -> Person:
    person = Person.objects.select_for_update().get(pk=person.pk)
    if revision is not None and person.revision != revision:
        raise ChangedMeanwhile
    before = _as_text(person, changes)
    _set(person, changes)
    after = _as_text(person, changes)
    changed = [field for field in changes if before.get(field) != after.get(field)]
    if not changed:
        return person
    person.revision += 1
    person.full_clean()
    person.save()
    record_event(
        action,
        by=by,
        patient=person.pk,
        entity="Person",
        entity_id=str(person.pk),
        detail={
            "before": {field: before[field] for field in changed},
            "after": {field: after[field] for field in changed},
            **(detail or {}),
        },
    )
    person_saved.send(sender=Person, person=person, by=by)
    return person


def _set(person: Person, facts: Mapping[str, Any]) -> None:
    for field, value in facts.items():
        Person._meta.get_field(field)  # a misspelled fact is an error, never lost
        setattr(person, field, value.strip() if isinstance(value, str) else value)
    if person.birth_date and person.birth_precision == BirthPrecision.UNKNOWN:
        person.birth_precision = BirthPrecision.DAY
    if not person.birth_date:
        person.birth_precision = BirthPrecision.UNKNOWN


def _as_text(person: Person, fields: Collection[str]) -> dict[str, str]:
    """Values for the audit line; empty ones are left as empty text."""
    values = {field: getattr(person, Person._meta.get_field(field).attname) for field in fields}
    return {field: "" if value is None else str(value) for field, value in values.items()}


def _refuse_likely_duplicates(
    facts: Mapping[str, Any], seen: Collection[uuid.UUID], *, without: uuid.UUID | None = None
) -> list[str]:
    candidates = find_likely_duplicates(facts, without=without)
    if any(candidate.person.pk not in seen for candidate in candidates):
        raise LikelyDuplicates(candidates)
    return [str(candidate.person.pk) for candidate in candidates]


def _add_numbers(person: Person, by: User, facts: Mapping[str, Any], *, known: bool = False) -> None:
    for item in facts.get("identifiers", ()):
        add_identifier(person, by=by, announce=False, **item)
    for number in facts.get("telephones", ()):
        if not known or not person.telephones.filter(number=number).exists():
            add_telephone(person, by=by, announce=False, number=number)


def _import_identifiers(person: Person, by: User, items: Collection[Mapping[str, Any]]) -> None:
    """Add the numbers a Patient brings and the person does not hold; those of foreign systems at once."""
    held = set(person.identifiers.values_list("domain", "value"))
    houses = Establishment.objects.in_bulk({item["house"] for item in items if "house" in item}, field_name="code")
    foreign = []
    for item in items:
        house = houses.get(item.get("house", ""))
        if (item["domain"], item["value"]) in held:
            continue
        if item["domain"] == Domain.OTHER or (item["domain"] == Domain.NUMBER and not house):
            foreign.append(Identifier(person=person, domain=Domain.OTHER, value=item["value"], system=item["system"]))
        else:
            add_identifier(
                person, by=by, announce=False, domain=item["domain"], value=item["value"], establishment=house
            )
    Identifier.objects.bulk_create(foreign, ignore_conflicts=True)


def establishment_of(user: User) -> Establishment | None:
    """The establishment where the user works now; None for a post over a whole territory, or none."""
    place = user.post.place if user and user.post else None
    return place.establishment if isinstance(place, Service) else place if isinstance(place, Establishment) else None


def next_number(establishment: Establishment) -> str:
    """A new establishment number: code of the wilaya, then seven digits. Numbers may be skipped, never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('patients_number')")
        serial = cursor.fetchone()[0]
    wilaya = establishment.wilaya.code if establishment.wilaya else ""
    digits = "".join(sign for sign in wilaya if sign.isdigit())[-2:]
    return f"{digits:0>2}{serial:07}"


def _call_number(identifiers: list[dict]) -> str:
    for item in identifiers:
        if item["domain"] == Domain.NUMBER:
            return written_number(item["value"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('patients_number')")
        return written_number(f"X{cursor.fetchone()[0]}")
