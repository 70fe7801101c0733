"""Persons as FHIR R4 Patient, both ways. A pure mapping: what has no place in our facts stays in the record's body.

One HumanName for each script. Both are alphabetic (iso21090-EN-representation ABC), so the standard extension
`language` of the name tells them apart.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maristan.records.patients.enums import BirthPrecision, Domain, Naming, Sex, TelephoneHolder
from maristan.records.patients.models import Identifier, Person, Telephone, normalise_identifier, normalise_telephone
from maristan.records.patients.models.identifier import PATTERNS
from maristan.records.patients.models.names import is_arabic

CORE = "http://hl7.org/fhir/StructureDefinition"
REPRESENTATION = f"{CORE}/iso21090-EN-representation"
LANGUAGE = f"{CORE}/language"
ABSENT = f"{CORE}/data-absent-reason"
MOTHER = f"{CORE}/patient-mothersMaidenName"
BIRTH_PLACE = f"{CORE}/patient-birthPlace"
OWN = "https://maristan.dz/fhir/StructureDefinition"
BIRTH_PRECISION = f"{OWN}/birth-precision"
FATHER_NAME = f"{OWN}/father-given-name"
DISPUTED = f"{OWN}/identifier-disputed"
SYSTEMS = {
    Domain.NIN: "https://maristan.dz/id/nin",
    Domain.CNIE: "https://maristan.dz/id/cnie",
    Domain.CHIFA: "https://maristan.dz/id/chifa",
}
NUMBER_SYSTEM = "https://maristan.dz/id/ipp/"
TYPES = {Domain.NIN: "NI", Domain.CNIE: "NIIP", Domain.CHIFA: "HC", Domain.NUMBER: "MR"}
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
SCRIPTS = {"fr": "fr", "ar": "ar"}


def to_fhir(person: Person) -> dict[str, Any]:
    """The person as a Patient: identifiers with their dates, names in both scripts, birth as exact as it is known."""
    body: dict[str, Any] = {
        "resourceType": "Patient",
        "id": str(person.pk),
        "active": True,
        "extension": _extensions(person),
        "identifier": [_identifier(item) for item in person.identifiers.select_related("establishment")],
        "name": _names(person),
        "telecom": [_telecom(item) for item in person.telephones.all()],
        "gender": person.sex,
        **_birth(person),
        **_death(person),
        "address": _address(person),
        "link": _links(person),
    }
    if person.birth_rank:
        body["multipleBirthInteger"] = person.birth_rank
    return {key: value for key, value in body.items() if value not in ([], "", None)}


def from_fhir(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a Patient for `services.import_person` (FACTS, naming, `identifiers`, `telephones`).

    A number of a system we do not know is kept in domain "other" with that system; one of an establishment names it by
    its code in `house`; a telephone we cannot read is left
    to the body. Raises ValidationError for a birth date that is none.
    """
    identifiers, naming = [_read_identifier(item) for item in resource.get("identifier", ())], Naming.NAMED
    names = _read_names(resource.get("name", ()))
    call_number = ""
    if not any(names.values()):
        naming, call_number = Naming.UNKNOWN, f"FHIR {str(resource.get('id', ''))[:20]}"
    gender = resource.get("gender", "unknown")
    return {
        **names,
        **_read_birth(resource),
        **_read_death(resource),
        **_read_parents(resource),
        "naming": naming,
        "call_number": call_number,
        "sex": gender if gender in Sex.values else Sex.UNKNOWN.value,
        "address": _read_address(resource.get("address", ())),
        "birth_rank": resource.get("multipleBirthInteger"),
        "identifiers": [item for item in identifiers if item],
        "telephones": _read_telephones(resource.get("telecom", ())),
    }


def _identifier(item: Identifier) -> dict[str, Any]:
    system = item.system or SYSTEMS.get(item.domain) or f"{NUMBER_SYSTEM}{item.establishment.code}"
    period = {"start": item.starts_on.isoformat(), "end": item.ends_on.isoformat() if item.ends_on else None}
    body: dict[str, Any] = {
        "use": "official" if item.is_live else "old",
        "system": system,
        "value": item.written if item.domain == Domain.NUMBER else item.value,
        "period": {key: value for key, value in period.items() if value},
    }
    if item.domain in TYPES:
        body["type"] = {"coding": [{"system": V2_0203, "code": TYPES[item.domain]}]}
    if item.rank is not None:
        body["extension"] = [{"url": f"{OWN}/chifa-rank", "valuePositiveInt": item.rank}]
    if item.is_disputed:
        body.setdefault("extension", []).append({"url": DISPUTED, "valueBoolean": True})
    return body


def _names(person: Person) -> list[dict[str, Any]]:
    names = []
    for script, language in SCRIPTS.items():
        text = getattr(person, f"name_{script}")
        if text:
            parts = {"family": getattr(person, f"family_{script}"), "given": _given(person, script)}
            marked = _marked(language)
            names.append(
                {"use": "official", "text": text, **{k: v for k, v in parts.items() if v}, "extension": marked}
            )
        spouse = getattr(person, f"spouse_family_{script}")
        if spouse:
            parts = {"family": spouse, "given": _given(person, script)}
            names.append({"use": "usual", **{k: v for k, v in parts.items() if v}, "extension": _marked(language)})
    return names


def _given(person: Person, script: str) -> list[str]:
    given = getattr(person, f"given_{script}")
    return [given] if given else []


def _marked(language: str) -> list[dict[str, str]]:
    return [{"url": REPRESENTATION, "valueCode": "ABC"}, {"url": LANGUAGE, "valueCode": language}]


def _telecom(item: Telephone) -> dict[str, Any]:
    use = "mobile" if item.holder == TelephoneHolder.OWN else "home"
    return {"system": "phone", "value": item.number, "use": use if item.is_live else "old"}


def _birth(person: Person) -> dict[str, Any]:
    if not person.birth_date:
        return {"_birthDate": {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}}
    form = {BirthPrecision.DAY: "%Y-%m-%d", BirthPrecision.MONTH: "%Y-%m"}.get(person.birth_precision, "%Y")
    body: dict[str, Any] = {"birthDate": person.birth_date.strftime(form)}
    if person.birth_precision in (BirthPrecision.PRESUMED, BirthPrecision.ESTIMATED):
        body["_birthDate"] = {"extension": [{"url": BIRTH_PRECISION, "valueCode": person.birth_precision}]}
    return body


def _death(person: Person) -> dict[str, Any]:
    if person.deceased_at:
        return {"deceasedDateTime": timezone.localtime(person.deceased_at).isoformat()}
    return {"deceasedBoolean": person.is_deceased}


def _extensions(person: Person) -> list[dict[str, Any]]:
    mother = " ".join(filter(None, [person.mother_family_fr, person.mother_given_fr]))
    mother = mother or " ".join(filter(None, [person.mother_family_ar, person.mother_given_ar]))
    found = [{"url": MOTHER, "valueString": mother}] if mother else []
    father = person.father_given_fr or person.father_given_ar
    found += [{"url": FATHER_NAME, "valueString": father}] if father else []
    if person.birth_commune:
        found.append({"url": BIRTH_PLACE, "valueAddress": {"city": person.birth_commune.name_fr}})
    return found


def _address(person: Person) -> list[dict[str, Any]]:
    body = {
        "line": [person.address] if person.address else [],
        "city": person.commune.name_fr if person.commune else "",
    }
    body = {key: value for key, value in body.items() if value}
    return [{"use": "home", **body}] if body else []


def _links(person: Person) -> list[dict[str, Any]]:
    if not person.mother_id:
        return []
    return [{"other": {"reference": f"Patient/{person.mother_id}"}, "type": "seealso"}]


def _read_identifier(item: Mapping[str, Any]) -> dict[str, Any] | None:
    value, system = str(item.get("value", "")).strip(), str(item.get("system", "")).strip()
    if not value:
        return None
    number = normalise_identifier(value)
    for domain, known in SYSTEMS.items():
        if system == known and re.fullmatch(PATTERNS[domain], number):
            return {"domain": domain, "value": number}
    if system.startswith(NUMBER_SYSTEM) and number:
        return {"domain": Domain.NUMBER, "value": number, "house": system.removeprefix(NUMBER_SYSTEM), "system": system}
    return {"domain": Domain.OTHER, "value": value[:64], "system": (system or "urn:maristan:no-system")[:200]}


def _read_names(names: Any) -> dict[str, str]:
    """The official name of each script, else the first; a maiden name is the family name, the other the married one."""
    facts = dict.fromkeys(
        ("family_fr", "given_fr", "family_ar", "given_ar", "spouse_family_fr", "spouse_family_ar"), ""
    )
    for name in sorted(names, key=lambda name: USES.get(name.get("use", "official"), 3)):
        family, given = str(name.get("family", "")), " ".join(map(str, name.get("given", ())))
        if not (family or given):
            family = str(name.get("text", ""))
        script = "ar" if is_arabic(family + given) else "fr"
        if not (facts[f"family_{script}"] or facts[f"given_{script}"]):
            facts |= {f"family_{script}": family[:120], f"given_{script}": given[:120]}
        elif family and family != facts[f"family_{script}"] and not facts[f"spouse_family_{script}"]:
            facts[f"spouse_family_{script}"] = family[:120]
    return facts


USES = {"maiden": 0, "official": 1, "usual": 2}


def _read_birth(resource: Mapping[str, Any]) -> dict[str, Any]:
    text = resource.get("birthDate")
    if not text:
        return {"birth_date": None, "birth_precision": BirthPrecision.UNKNOWN}
    parts = [int(part) for part in str(text).split("-") if part.isdigit()]
    precision = {3: BirthPrecision.DAY, 2: BirthPrecision.MONTH}.get(len(parts), BirthPrecision.YEAR)
    for extension in resource.get("_birthDate", {}).get("extension", ()):
        if extension.get("url") == BIRTH_PRECISION and extension.get("valueCode") in BirthPrecision.values:
            precision = BirthPrecision(extension["valueCode"])
    try:
        return {"birth_date": datetime.date(*[*parts, 1, 1][:3]), "birth_precision": precision}
    except (TypeError, ValueError) as error:
        raise ValidationError({"birth_date": f"Patient.birthDate: {text}"}) from error


def _read_death(resource: Mapping[str, Any]) -> dict[str, Any]:
    text = resource.get("deceasedDateTime")
    at = None
    if text:
        at = parse_datetime(text)
        if at and timezone.is_naive(at):
            at = timezone.make_aware(at)
    return {"is_deceased": bool(text or resource.get("deceasedBoolean")), "deceased_at": at}


def _read_parents(resource: Mapping[str, Any]) -> dict[str, str]:
    facts = {}
    for extension in resource.get("extension", ()):
        text = str(extension.get("valueString", ""))[:120]
        script = "ar" if is_arabic(text) else "fr"
        if extension.get("url") == MOTHER:
            facts[f"mother_family_{script}"] = text
        elif extension.get("url") == FATHER_NAME:
            facts[f"father_given_{script}"] = text
    return facts


def _read_address(addresses: Any) -> str:
    for address in addresses:
        parts = [*address.get("line", ()), address.get("city", "")]
        return ", ".join(filter(None, map(str, parts)))[:200]
    return ""


def _read_telephones(telecom: Any) -> list[str]:
    numbers = []
    for item in telecom:
        if item.get("system") in ("phone", "sms") and item.get("use") != "old":
            try:
                numbers.append(normalise_telephone(str(item.get("value", ""))))
            except ValidationError:  # the body keeps it
                continue
    return list(dict.fromkeys(numbers))
