"""The patients of a ward at a glance: who is in which bed, why, and who worries. One audit line says so."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext

from maristan.core.audit.services import record_event
from maristan.core.territory.models import Service
from maristan.records.access.services import may_know
from maristan.records.fhir.models import Resource
from maristan.records.fhir.queries import news2
from maristan.records.fhir.queries.alerts import acknowledged_results
from maristan.records.fhir.queries.encounters import INPATIENT, RUNNING, Stay, read_stays
from maristan.records.fhir.queries.facts import Body, Result, Subject
from maristan.records.fhir.queries.laboratory import find_critical
from maristan.records.fhir.queries.selection import LabelSets, hidden_labels
from maristan.records.fhir.services.bodies import read_fast
from maristan.records.patients.models import Person

FRESH = datetime.timedelta(hours=24)
SPOKEN_AGE = 3  # under it, months and days are said
LEVELS = {"r": 0, "y": 1, "": 2}


@dataclass(frozen=True)
class WardPatient:
    """One bed: person, running stay, last NEWS2 and unacknowledged critical results of the last day."""

    person: Person
    stay: Stay
    score: news2.Score | None
    critical: list[Result]

    @property
    def sex_and_age(self) -> str:
        """As on a bed list: F 28, M 3 days."""
        age = self.person.age_on(timezone.localdate())
        words = str(age) if age is not None and age >= SPOKEN_AGE else self.person.age_words
        letters = {"female": pgettext("letter", "F"), "male": pgettext("letter", "M")}
        return f"{letters.get(self.person.sex, '')} {words}".strip()

    @property
    def level(self) -> str:
        """ "r" act now, "y" look, "" calm."""
        return "r" if self.critical else self.score.level if self.score else ""


def list_ward(service: Service, *, by: Any) -> list[WardPatient]:
    """Patients of the running stays of a service, danger first, then by bed. Five queries, whatever their number."""
    hidden = hidden_labels(lambda labels: may_know(by, labels))
    rows = _visible(Resource.objects.filter(type="Encounter", service=service, status__in=RUNNING), hidden)
    rows = rows.filter(category__in=INPATIENT).select_related("person__mother", "current")
    beds = {row.person: read_stays([read_fast(row.current.body)], {})[0] for row in rows if row.person}
    facts = _recent_facts(beds, hidden)
    patients = [_patient(person, stay, facts.get(person.pk, ())) for person, stay in beds.items()]
    detail = {"patients": sorted(str(person.pk) for person in beds)}
    record_event("record.ward", by=by, entity="Service", entity_id=str(service.pk), detail=detail)
    return sorted(patients, key=lambda p: (LEVELS[p.level], p.stay.bed))


def _recent_facts(persons: Iterable[Person], hidden: LabelSets) -> dict[Any, list[Body]]:
    """Vital signs, laboratory results and acknowledgements of the last day, by person."""
    ids = [person.pk for person in persons]
    since = timezone.now() - FRESH
    measured = Q(type="Observation", category__in=("vital-signs", "laboratory"), starts_at__gte=since)
    acknowledged = Q(type="Communication", last_updated__gte=since)
    rows = Resource.objects.filter(measured | acknowledged, person__in=ids)
    found: dict[Any, list[Body]] = {}
    for person_id, text in _visible(rows, hidden).values_list("person_id", "current__body"):
        found.setdefault(person_id, []).append(read_fast(text))
    return found


def _visible(rows: Any, hidden: LabelSets) -> Any:
    rows = rows.filter(deleted=False)
    return rows.exclude(labels__in=[list(labels) for labels in hidden]) if hidden else rows


def _patient(person: Person, stay: Stay, bodies: Iterable[Body]) -> WardPatient:
    subject = Subject(person.sex, person.birth_date)
    observations = [b for b in bodies if b["resourceType"] == "Observation"]
    vital = [b for b in observations if _category(b) == "vital-signs"]
    laboratory = [b for b in observations if _category(b) == "laboratory"]
    scores = news2.score_bodies(vital, subject)
    seen = acknowledged_results(b for b in bodies if b["resourceType"] == "Communication")
    critical = find_critical(laboratory, subject, {}, since=timezone.now() - FRESH)
    return WardPatient(person, stay, scores[-1] if scores else None, [r for r in critical if r.id not in seen])


def _category(body: Body) -> str:
    return body.get("category", [{}])[0].get("coding", [{}])[0].get("code", "")
