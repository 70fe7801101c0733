"""Who may already be registered: what a clerk is shown before a new person is saved.

A first sieve with reasons in words. Weights, thresholds and merging are another landing's: it replaces what stands
behind `find_likely_duplicates`, not its callers.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from maristan.records.patients.enums import STRONG_DOMAINS, BirthPrecision, Domain
from maristan.records.patients.models import (
    Identifier,
    Person,
    Telephone,
    normalise_identifier,
    normalise_telephone,
)
from maristan.records.patients.models.names import fold, name_words, skeletons
from maristan.records.patients.queries.words import Condition, all_of, any_of, begins, holds

MOST_SHOWN = 8
BY_SOUND = "SELECT id FROM patients_person WHERE {condition} LIMIT 200"


@dataclass(frozen=True)
class LikelyDuplicate:
    """A person who may be the same, how likely (more is likelier, to rank only), and why, in words."""

    person: Person
    score: int
    reasons: tuple[str, ...]


def find_likely_duplicates(facts: Mapping[str, Any], *, without: uuid.UUID | None = None) -> list[LikelyDuplicate]:
    """Persons already registered who look like `facts` (fields, `identifiers`, `telephones`), likeliest first."""
    ids = _same_identifiers(facts) | _same_telephones(facts) | _alike(facts)
    people = Person.objects.filter(id__in=ids - {without}).select_related("commune", "birth_commune", "mother")
    compared = [compare(facts, person) for person in people.prefetch_related("identifiers", "telephones")]
    likely = [candidate for candidate in compared if candidate.score >= LIKELY]
    return sorted(likely, key=lambda candidate: (-candidate.score, candidate.person.search_words))[:MOST_SHOWN]


LIKELY = 6
POINTS = {
    "identifier": 12,
    "telephone": 3,
    "name": 4,
    "sound": 3,
    "birth": 3,
    "near": 2,
    "year": 1,
    "mother": 2,
    "father": 1,
}


def compare(facts: Mapping[str, Any], person: Person) -> LikelyDuplicate:
    """Points and reasons for `person` being the one described by `facts`; a different sex takes some away."""
    reasons = [
        *_reason("identifier", _identifier_reason(facts, person)),
        *_reason("telephone", _telephone_reason(facts, person)),
        *_name_reasons(facts, person),
        *_birth_reasons(facts, person),
        *_parent_reasons(facts, person),
    ]
    sexes = {facts.get("sex") or "unknown", person.sex}
    against = 2 if sexes == {"male", "female"} else 0
    return LikelyDuplicate(
        person, sum(POINTS[kind] for kind, _words in reasons) - against, tuple(words for _kind, words in reasons)
    )


def _reason(kind: str, words: str) -> list[tuple[str, str]]:
    return [(kind, words)] if words else []


def _identifier_reason(facts: Mapping[str, Any], person: Person) -> str:
    wanted = {(item["domain"], normalise_identifier(item["value"])) for item in facts.get("identifiers", ())}
    for held in person.identifiers.all():
        if (held.domain, held.value) in wanted and held.domain in STRONG_DOMAINS:
            return _("same %(kind)s") % {"kind": held.get_domain_display()}
    return ""


def _telephone_reason(facts: Mapping[str, Any], person: Person) -> str:
    return _("same telephone") if {held.number for held in person.telephones.all()} & _telephones(facts) else ""


def _name_reasons(facts: Mapping[str, Any], person: Person) -> list[tuple[str, str]]:
    """Both names the same, both exchanged, or one or both only sounding the same, in whichever script both have."""
    wanted, held = _names(facts), _names(vars(person))
    same = {part for part in wanted if wanted[part] and wanted[part] & held[part]}
    if same == {"family", "given"}:
        return [("name", _("same family and given names"))]
    if wanted["family"] & held["given"] and wanted["given"] & held["family"]:
        return [("name", _("family and given names exchanged"))]
    alike = {part for part in wanted if _sounds(wanted[part]) & _sounds(held[part])}
    if alike != {"family", "given"}:
        return []
    if "family" in same:
        return [("sound", _("same family name; given name written differently"))]
    if "given" in same:
        return [("sound", _("same given name; family name written differently"))]
    return [("sound", _("names written differently that sound the same"))]


def _names(facts: Mapping[str, Any]) -> dict[str, set[str]]:
    """Folded family (married name too) and given names, of both scripts."""

    def folded(*fields: str) -> set[str]:
        return {"".join(fold(facts.get(field) or "").split()) for field in fields} - {""}

    return {
        "family": folded("family_fr", "family_ar", "spouse_family_fr", "spouse_family_ar"),
        "given": folded("given_fr", "given_ar"),
    }


def _sounds(names: set[str]) -> set[str]:
    return {sound for name in names for sound in skeletons(name)}


def _birth_reasons(facts: Mapping[str, Any], person: Person) -> list[tuple[str, str]]:
    """Same date, day and month exchanged, one digit wrong, or years that a presumed date allows."""
    wanted, held = facts.get("birth_date"), person.birth_date
    if not wanted or not held:
        return []
    exact = {facts.get("birth_precision", BirthPrecision.DAY), person.birth_precision} == {BirthPrecision.DAY}
    if exact and wanted == held:
        return [("birth", _("same birth date"))]
    if exact and (wanted.year, wanted.month, wanted.day) == (held.year, held.day, held.month):
        return [("near", _("day and month of birth exchanged"))]
    if exact and sum(one != other for one, other in zip(f"{wanted:%Y%m%d}", f"{held:%Y%m%d}", strict=True)) == 1:
        return [("near", _("birth date differs by one digit"))]
    if wanted.year == held.year:
        return [("year" if exact else "near", _("same year of birth"))]
    return [] if exact or abs(wanted.year - held.year) > 2 else [("near", _("year of birth close"))]


def _parent_reasons(facts: Mapping[str, Any], person: Person) -> list[tuple[str, str]]:
    found = []
    for kind, field, words in (
        ("father", "father_given", _("same father's name")),
        ("mother", "mother_given", _("same mother's name")),
    ):
        wanted = {skeletons_of(facts.get(f"{field}_{script}")) for script in ("fr", "ar")} - {frozenset()}
        held = {skeletons_of(getattr(person, f"{field}_{script}")) for script in ("fr", "ar")} - {frozenset()}
        if any(one & other for one in wanted for other in held):
            found.append((kind, words))
    return found


def skeletons_of(name: str | None) -> frozenset[str]:
    return frozenset(skeletons("".join(fold(name or "").split())))


def _same_identifiers(facts: Mapping[str, Any]) -> set[uuid.UUID]:
    wanted = Q(pk__in=())
    for item in facts.get("identifiers", ()):
        wanted |= Q(domain=item["domain"], value=normalise_identifier(item["value"]))
    return set(Identifier.objects.filter(wanted & ~Q(domain=Domain.OTHER)).values_list("person", flat=True)[:50])


def _telephones(facts: Mapping[str, Any]) -> set[str]:
    numbers = set()
    for text in facts.get("telephones", ()):
        try:
            numbers.add(normalise_telephone(text))
        except ValidationError:  # the form says so beside the field
            continue
    return numbers


def _same_telephones(facts: Mapping[str, Any]) -> set[uuid.UUID]:
    national = [number[4:] for number in _telephones(facts) if number.startswith(("+213", "+212", "+216"))]
    return set(Telephone.objects.filter(national__in=national).values_list("person", flat=True)[:50])


def _alike(facts: Mapping[str, Any]) -> set[uuid.UUID]:
    """Persons who sound the same by family and given name (either way round), born about then if a date is given."""
    family = _sounding(facts, "family_fr", "family_ar", "spouse_family_fr", "spouse_family_ar")
    given = _sounding(facts, "given_fr", "given_ar")
    if not (family[0] and given[0]):
        return set()
    found = set()
    with connection.cursor() as cursor:
        for born in _births(facts.get("birth_date"), facts.get("birth_precision")):
            condition = all_of([family, given, born])
            cursor.execute(BY_SOUND.format(condition=condition[0]), condition[1])
            found |= {row[0] for row in cursor.fetchall()}
    return found


def _sounding(facts: Mapping[str, Any], *fields: str) -> Condition:
    words = {word for field in fields for word in name_words(facts.get(field) or "")}
    sounds = {f"~{sound}" for word in words for sound in skeletons(word)}
    return any_of(map(holds, sorted(words | sounds)))


def _births(birth: datetime.date | None, precision: str | None) -> Sequence[Condition]:
    """Conditions on the birth date, narrow first so that a common name cannot hide the same date behind a limit."""
    if not birth:
        return [any_of([])]
    spread = 0 if precision in (None, BirthPrecision.DAY, BirthPrecision.MONTH) else 2
    years = range(birth.year - spread, birth.year + spread + 1)
    same_day = [f"{birth:%Y%m%d}", f"{birth.year}{birth.day:02}{birth.month:02}"]
    slipped = any_of(map(holds, [*same_day, *_one_digit_wrong(birth)]))
    return [slipped, any_of(begins(str(year)) for year in years)]


def _one_digit_wrong(birth: datetime.date) -> list[str]:
    written = f"{birth:%Y%m%d}"
    return [
        written[:at] + digit + written[at + 1 :]
        for at in range(1, len(written))
        for digit in "0123456789"
        if digit != written[at]
    ]
