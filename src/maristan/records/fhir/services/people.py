"""A Patient and its person are one identity: writing either brings the other along, in one transaction."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from maristan.records.fhir.enums import Change
from maristan.records.fhir.fhir import Body
from maristan.records.fhir.models import Resource
from maristan.records.fhir.services.bodies import parse
from maristan.records.fhir.services.outcomes import Invalid, Problem
from maristan.records.fhir.services.passage import COMMAND, Passage
from maristan.records.fhir.services.validation import write_path
from maristan.records.fhir.services.writing import Draft, write_drafts
from maristan.records.patients.fhir import from_fhir, to_fhir
from maristan.records.patients.models import Person
from maristan.records.patients.services import import_person


def save_people(drafts: Iterable[Draft], *, by: Any) -> None:
    """Create or update the person behind each Patient written. Raises Invalid in human words."""
    problems: list[Problem] = []
    for draft in drafts:
        if draft.type == "Patient" and draft.change in (Change.CREATED, Change.UPDATED):
            try:
                import_person(uuid.UUID(draft.id), from_fhir(draft.body), by=by)
            except ValidationError as error:
                path = write_path(draft.path) or "Patient"
                problems += [Problem(path, "business-rule", words) for words in error.messages]
    if problems:
        raise Invalid(problems)


def store_patient(person: Person, *, by: Any, at: datetime.datetime) -> None:
    """Store the Patient of a person that was registered or changed; what an import had said beyond it is kept.

    The change itself has its own audit line in `patients`; this one names the version.
    """
    stored = Resource.objects.select_related("current").filter(type="Patient", fhir_id=str(person.pk)).first()
    body = merge_patient(parse(stored.current.body.encode()) if stored else {}, to_fhir(person))
    passage = Passage(by or COMMAND, "TREAT")

    def line(person_id: str | None, detail: dict[str, Any]) -> uuid.UUID:
        return passage.line("record.update", person_id, entity="Patient", entity_id=str(person.pk), detail=detail)

    author_id = by.pk if by else None
    write_drafts([Draft("Patient", str(person.pk), body)], author_id=author_id, at=at, line=line)


def merge_patient(stored: Body, ours: Body) -> Body:
    """Our elements over the stored ones; elements we do not hold (a photograph, a general practitioner) stay."""
    body = {**stored, **ours}
    extensions = {each["url"]: each for each in [*stored.get("extension", []), *ours.get("extension", [])]}
    if extensions:
        body["extension"] = list(extensions.values())
    return body
