"""Records for tests: always through the door, so that what is tested is what runs."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from maristan.core.audit.services import record_event
from maristan.records.fhir.services.writing import Draft, write_drafts


def store_patient_of(person: Any) -> None:
    """The Patient that follows a person, for persons that a factory made without saying so."""
    body = {"resourceType": "Patient", "id": str(person.pk), "name": [{"family": person.family_fr}]}
    with transaction.atomic():
        write_drafts(
            [Draft("Patient", str(person.pk), body)],
            author_id=None,
            at=timezone.now(),
            line=lambda patient, detail: record_event("record.create", patient=person.pk, detail=detail),
        )
