"""Reactions to what lower areas announce."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from maristan.records.fhir.services.people import store_patient
from maristan.records.patients.signals import person_saved


@receiver(person_saved)
def store_patient_version(sender: Any, *, person: Any, by: Any, **kwargs: Any) -> None:
    """The Patient follows its person, in the same transaction."""
    store_patient(person, by=by, at=timezone.now())
