"""What was changed of an identity, by whom, and what it was before: read from the audit, which keeps it for ever."""

import datetime
from dataclasses import dataclass
from typing import Any

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
        (Person._meta.get_field(name).verbose_name, before.get(name, ""), after[name])
        for name in after
        if name not in HIDDEN and before.get(name, "") != after[name]
    ]


HIDDEN = {"birth_commune", "commune", "mother", "naming", "account"}
