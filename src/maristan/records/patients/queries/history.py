"""What was changed of an identity, by whom, and what it was before: read from the audit, which keeps it for ever."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, Field

from maristan.core.audit.models import AuditLine
from maristan.records.patients.models import Person

CHANGES = (
    *("patients.register", "patients.correct", "patients.name_newborn", "patients.identify", "patients.declare_death"),
    *("patients.add_identifier", "patients.end_identifier", "patients.add_telephone", "patients.end_telephone"),
)


@dataclass(frozen=True)
class Change:
    """One change: when, by whom, where, what it is called, and each field with its value before and after."""

    at: datetime.datetime
    by: str
    place: str
    label: Any
    what: str
    fields: list[tuple[Any, str, str]]

    @property
    def is_correction(self) -> bool:
        return any(before for _label, before, _after in self.fields)


def history_of(person: Person, *, limit: int = 50) -> list[Change]:
    """Changes of a person's identity, newest first."""
    lines = AuditLine.objects.filter(patient_id=person.pk, action__in=CHANGES, outcome="success")[:limit]
    return [
        Change(
            line.at, line.actor_name, line.place, line.action_label, line.detail.get("what", ""), _fields(line.detail)
        )
        for line in lines
    ]


def _fields(detail: dict) -> list[tuple[Any, str, str]]:
    before, after = detail.get("before", {}), detail.get("after", {})
    return [
        (field.verbose_name, _in_words(field, before.get(field.name, "")), _in_words(field, after[field.name]))
        for field in Person._meta.concrete_fields
        if field.name in after and field.name not in HIDDEN and before.get(field.name, "") != after[field.name]
    ]


def _in_words(field: Field, value: str) -> Any:
    """A stored value as people read it: the label of a choice, a date in the day's order."""
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, DateField) and value:
        return "/".join(reversed(value[:10].split("-")))
    return value


HIDDEN = {"birth_commune", "commune", "mother", "account"}
