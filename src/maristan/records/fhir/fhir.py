"""How a FHIR body is read into native columns, and how references to our own places and people look.

The paths are written out per type and read by plain dictionary look-ups: no FHIRPath engine runs on a write.
"""

import datetime
import re
from typing import Any, NamedTuple

from django.utils import timezone

from maristan.records.fhir.enums import SENSITIVE_LABELS

Body = dict[str, Any]


class Columns(NamedTuple):
    """The native columns of one resource; `organization` may name one of our establishments or services."""

    person_id: str | None
    encounter: str
    code_system: str
    code: str
    category: str
    status: str
    starts_at: datetime.datetime | None
    ends_at: datetime.datetime | None
    organization: str
    author: str
    source: str
    labels: list[str]
    identifiers: list[str]


class Shape(NamedTuple):
    """Names of the elements of a type that fill the columns; the first one present counts."""

    person: tuple[str, ...] = ("subject", "patient")
    encounter: tuple[str, ...] = ("encounter",)
    code: tuple[str, ...] = ("code",)
    category: tuple[str, ...] = ("category",)
    status: tuple[str, ...] = ("status",)
    times: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    organization: tuple[str, ...] = ()


ANY = Shape(times=("period", "date", "created", "issued"), author=("author", "performer", "recorder", "requester"))
SHAPES: dict[str, Shape] = {
    "AllergyIntolerance": Shape(
        status=("clinicalStatus",),
        times=("onsetDateTime", "onsetPeriod", "recordedDate"),
        author=("recorder", "asserter"),
    ),
    "Appointment": Shape(code=("serviceType",), category=("serviceCategory",), times=("start",)),
    "CarePlan": Shape(times=("period", "created"), author=("author",), code=("category",)),
    "Claim": Shape(code=("type",), times=("billablePeriod", "created"), organization=("provider",)),
    "Composition": Shape(code=("type",), times=("date",), author=("author",), organization=("custodian",)),
    "Condition": Shape(
        status=("clinicalStatus",),
        times=("onsetDateTime", "onsetPeriod", "recordedDate"),
        author=("recorder", "asserter"),
    ),
    "Consent": Shape(times=("dateTime",), author=("performer",), organization=("organization",)),
    "DiagnosticReport": Shape(
        times=("effectiveDateTime", "effectivePeriod", "issued"), author=("performer", "resultsInterpreter")
    ),
    "DocumentReference": Shape(code=("type",), times=("date",), author=("author",), organization=("custodian",)),
    "Encounter": Shape(
        encounter=("partOf",), code=("type",), category=("class",), times=("period",), organization=("serviceProvider",)
    ),
    "ExplanationOfBenefit": Shape(code=("type",), times=("billablePeriod", "created"), organization=("provider",)),
    "Goal": Shape(code=("description",), status=("lifecycleStatus",), times=("startDate", "statusDate")),
    "ImagingStudy": Shape(code=("procedureCode",), category=("modality",), times=("started",), author=("referrer",)),
    "Immunization": Shape(code=("vaccineCode",), times=("occurrenceDateTime",), author=("performer",)),
    "MedicationAdministration": Shape(
        encounter=("context",),
        code=("medicationCodeableConcept",),
        times=("effectiveDateTime", "effectivePeriod"),
        author=("performer",),
    ),
    "MedicationDispense": Shape(
        encounter=("context",),
        code=("medicationCodeableConcept",),
        times=("whenHandedOver", "whenPrepared"),
        author=("performer",),
    ),
    "MedicationRequest": Shape(code=("medicationCodeableConcept",), times=("authoredOn",), author=("requester",)),
    "MedicationStatement": Shape(
        encounter=("context",),
        code=("medicationCodeableConcept",),
        times=("effectiveDateTime", "effectivePeriod", "dateAsserted"),
        author=("informationSource",),
    ),
    "Observation": Shape(times=("effectiveDateTime", "effectivePeriod", "effectiveInstant"), author=("performer",)),
    "Organization": Shape(person=(), code=("type",), status=("active",), organization=("partOf",)),
    "Patient": Shape(person=(), status=("active",), times=("birthDate",), organization=("managingOrganization",)),
    "Practitioner": Shape(person=(), status=("active",)),
    "Procedure": Shape(
        times=("performedDateTime", "performedPeriod"), author=("recorder", "performer"), organization=("performer",)
    ),
    "ServiceRequest": Shape(times=("occurrenceDateTime", "occurrencePeriod", "authoredOn"), author=("requester",)),
}
SHARED_TYPES = frozenset(
    [
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Medication",
        "Device",
        "HealthcareService",
        "Substance",
    ]
)  # facts about nobody: any signed-in professional may read them


def describe(body: Body) -> Columns:
    """Read the native columns of a validated body."""
    type_ = body["resourceType"]
    shape = SHAPES.get(type_, ANY)
    system, code = _code(_first(body, shape.code))
    starts_at, ends_at = effective_time(body, shape)
    meta = body.get("meta") or {}
    return Columns(
        person_id=body.get("id") if type_ == "Patient" else _id_of(_reference(_first(body, shape.person)), "Patient"),
        encounter=_id_of(_reference(_first(body, shape.encounter)), "Encounter") or "",
        code_system=system[:200],
        code=code[:100],
        category=_code(_first(body, shape.category))[1][:100],
        status=_status(_first(body, shape.status))[:40],
        starts_at=starts_at,
        ends_at=ends_at,
        organization=_id_of(_reference(_first(body, shape.organization)), "Organization") or "",
        author=_reference(_first(body, shape.author))[:120],
        source=str(meta.get("source", ""))[:200],
        labels=_labels(meta.get("security")),
        identifiers=read_identifiers(body.get("identifier")),
    )


def effective_time(body: Body, shape: Shape | None = None) -> tuple[datetime.datetime | None, datetime.datetime | None]:
    """The interval a fact speaks of, from the first of its type's elements of time that is there."""
    value = _first(body, (shape or SHAPES.get(body["resourceType"], ANY)).times)
    if isinstance(value, str):
        return read_interval(value)
    if isinstance(value, dict):
        start, end = value.get("start"), value.get("end")
        return (read_interval(start)[0] if start else None, read_interval(end)[1] if end else None)
    return None, None


def read_interval(text: str) -> tuple[datetime.datetime, datetime.datetime]:
    """First and last instant of a FHIR date, dateTime or instant of any precision. ValueError if it is none.

    A value without a time zone (a date) is read in the installation's zone. A leap second counts as the 59th.
    """
    if len(text) > 10:
        moment = datetime.datetime.fromisoformat(text if ":60" not in text else _LEAP.sub(r"\g<1>59", text))
        if moment.tzinfo is None:
            moment = timezone.make_aware(moment)
        return moment, moment
    first = datetime.date(*(int(part) for part in ([*text.split("-"), "01", "01"])[:3]))
    zone = timezone.get_default_timezone()
    start = datetime.datetime(first.year, first.month, first.day, tzinfo=zone)
    return start, datetime.datetime.combine(_last_day(first, len(text)), datetime.time.max, tzinfo=zone)


def organization_reference(place: Any) -> Body:
    """How one of our establishments or services is named in a body: `Organization/<code>[.<service code>]`."""
    establishment = getattr(place, "establishment", None)
    code = f"{establishment.code}.{place.code}" if establishment else place.code
    return {"reference": f"Organization/{code}", "display": place.name_fr}


def practitioner_reference(user: Any) -> Body:
    """How one of our professionals is named in a body: `Practitioner/<account id>`."""
    return {"reference": f"Practitioner/{user.pk}", "display": str(user)}


def read_identifiers(value: Any) -> list[str]:
    """`system|value` of an Identifier or a list of them; those without a value are left out."""
    held = [value] if isinstance(value, dict) else value or ()
    return [f"{one.get('system', '')}|{one['value']}" for one in held if one.get("value")]


_LEAP = re.compile(r"(T\d\d:\d\d:)60(\.\d+)?")


def _last_day(first: datetime.date, length: int) -> datetime.date:
    if length == 10:
        return first
    if length == 4:
        return first.replace(month=12, day=31)
    following = first.replace(day=28) + datetime.timedelta(days=4)
    return following - datetime.timedelta(days=following.day)


def _first(body: Body, names: tuple[str, ...]) -> Any:
    for name in names:
        value = body.get(name)
        if value is not None:
            return value
    return None


def _reference(value: Any) -> str:
    """The literal reference in a Reference, or in the first of a list of them or of backbones with an actor."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return ""
    reference = value.get("reference")
    return reference if isinstance(reference, str) else _reference(value.get("actor"))


def _id_of(reference: str, type_: str) -> str | None:
    prefix, _, id_ = reference.partition("/")
    return id_.partition("/")[0] if prefix == type_ and id_ else None


def _code(value: Any) -> tuple[str, str]:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return "", value
    if not isinstance(value, dict):
        return "", ""
    coding = value.get("coding")
    coding = (coding[0] if coding else {}) if isinstance(coding, list) else value
    return coding.get("system") or "", coding.get("code") or ""


def _status(value: Any) -> str:
    if isinstance(value, bool):
        return "active" if value else "inactive"
    return _code(value)[1]


def _labels(security: list[Body] | None) -> list[str]:
    """The sensitive labels of a resource, sorted; most have none."""
    if not security:
        return []
    return sorted({s.get("code", "") for s in security if s.get("code") in SENSITIVE_LABELS.get(s.get("system"), ())})
