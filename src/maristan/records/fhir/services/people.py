"""A Patient and its person are one identity: writing either brings the other along, in one transaction."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from maristan.records.fhir.enums import Change
from maristan.records.fhir.services.outcomes import Invalid, Problem
from maristan.records.fhir.services.validation import write_path
from maristan.records.fhir.services.writing import Draft
from maristan.records.patients.fhir import from_fhir
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
