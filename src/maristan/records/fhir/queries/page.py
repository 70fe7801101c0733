"""One page of a record: what it loads from the opened chart (a fixed handful of queries) and what it makes of it."""

from __future__ import annotations  # properties are named as the modules that read them

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.records.fhir.queries import background, encounters, laboratory, thread, vitals
from maristan.records.fhir.queries.alerts import Alert, acknowledged_results, read_alerts
from maristan.records.fhir.queries.curves import Drawing, draw_vitals
from maristan.records.fhir.queries.documents import Document, read_documents
from maristan.records.fhir.queries.facts import Body, Result, Subject, When, code_of, read_results
from maristan.records.fhir.queries.names import establishment_of, find_names
from maristan.records.patients.models import Person

BANNER = ("AllergyIntolerance", "Condition", "MedicationRequest", "Encounter", "Flag", "Communication")
PAPERS = ("Composition", "DocumentReference", "DiagnosticReport")
ASKED = ("ServiceRequest", "Immunization", "Procedure", "MedicationAdministration")
VITALS, LABORATORY, HABITS = "vital-signs", "laboratory", "social-history"
TOBACCO = "72166-2"
MOST_OBSERVATIONS = 600
MOST_OTHERS = 1500
MOST_RECENT = 12
RECENT_VALUES = 90  # enough for twelve rounds of vital signs or samplings
WIDE, NARROW = 540, 344


class OpenedChart(Protocol):
    """What a page needs of an opened chart (`services.Chart`)."""

    person: Person

    def resources(self, type_: str | Iterable[str], *, limit: int | None = None, **criteria: Any) -> list[Body]: ...

    def named(self, type_: str, ids: Iterable[str]) -> dict[str, Body]: ...


@dataclass
class Page:
    """Bodies by type, names of who and where, and every reading of them, made when first asked."""

    person: Person
    bodies: dict[str, list[Body]]
    vital_bodies: list[Body]
    laboratory_bodies: list[Body]
    weight_bodies: list[Body]
    names: dict[str, str]
    now: datetime.datetime = field(default_factory=timezone.now)

    @cached_property
    def subject(self) -> Subject:
        return Subject(self.person.sex, self.person.birth_date)

    def of(self, *types: str) -> list[Body]:
        return [body for type_ in types for body in self.bodies.get(type_, ())]

    @cached_property
    def stays(self) -> list[encounters.Stay]:
        return encounters.read_stays(self.of("Encounter"), self.names)

    @cached_property
    def stay(self) -> encounters.Stay | None:
        return encounters.running_stay(self.stays)

    @cached_property
    def allergies(self) -> background.Allergies:
        return background.read_allergies(self.of("AllergyIntolerance"), self.names)

    @cached_property
    def _problems(self) -> tuple[list[background.Problem], list[background.Problem]]:
        return background.read_problems(self.of("Condition"), self.names)

    @property
    def problems(self) -> list[background.Problem]:
        return self._problems[0]

    @property
    def resolved(self) -> list[background.Problem]:
        return self._problems[1]

    @cached_property
    def _medications(self) -> tuple[list[background.Medication], list[background.Medication]]:
        return background.read_medications(self.of("MedicationRequest"), self.names)

    @property
    def medications(self) -> list[background.Medication]:
        return self._medications[0]

    @property
    def past_medications(self) -> list[background.Medication]:
        return self._medications[1]

    @property
    def running_count(self) -> int:
        return sum(m.is_active for m in self.medications)

    @property
    def suspended_count(self) -> int:
        return len(self.medications) - self.running_count

    @cached_property
    def vaccines(self) -> list[background.Vaccine]:
        return background.read_vaccines(self.of("Immunization"), self.names)

    @cached_property
    def weight(self) -> Result | None:
        return vitals.latest_weight(self.weight_bodies, self.subject)

    @cached_property
    def alerts(self) -> list[Alert]:
        return read_alerts(
            flags=self.of("Flag"),
            problems=self.problems,
            medications=self.medications,
            laboratory=self.laboratory_bodies,
            acknowledged=self.acknowledged,
            subject=self.subject,
            names=self.names,
        )

    @cached_property
    def acknowledged(self) -> set[str]:
        return acknowledged_results(self.of("Communication"))

    @cached_property
    def vitals(self) -> vitals.Vitals | None:
        start = self.stay.start.at if self.stay and self.stay.start else None
        return vitals.read_vitals(self.vital_bodies, self.subject, self.names, stay_start=start, now=self.now)

    @property
    def drawings(self) -> list[tuple[str, Drawing]]:
        """The curves for a desk and for a telephone: text keeps its size in both."""
        if self.vitals is None or not self.vitals.series:
            return []
        return [(name, draw_vitals(self.vitals, width=width)) for name, width in (("wide", WIDE), ("narrow", NARROW))]

    @cached_property
    def laboratory(self) -> laboratory.Laboratory:
        return laboratory.read_laboratory(self.laboratory_bodies, self.subject, self.names)

    @cached_property
    def pending(self) -> list[laboratory.Pending]:
        return laboratory.read_pending(self.of("ServiceRequest"), self.of("DiagnosticReport"), self.names)

    @cached_property
    def documents(self) -> list[Document]:
        return read_documents(self.of(*PAPERS), self.names)

    @cached_property
    def habits(self) -> list[Result]:
        """The last word on tobacco, if somebody asked."""
        found = [b for b in self.of("Observation") if code_of(b.get("code")) == TOBACCO]
        results = [r for b in found for r in read_results(b, self.subject, self.names)]
        return sorted(results, key=lambda r: r.when, reverse=True)[:1]

    @cached_property
    def places(self) -> dict[str, str]:
        """Words of the establishment of each encounter."""
        return {stay.id: stay.establishment for stay in self.stays}

    @cached_property
    def establishments(self) -> list[tuple[str, str]]:
        """(reference, name) of every establishment where this person was seen, the last first."""
        found: dict[str, str] = {}
        for stay in self.stays:
            if stay.organization:
                found.setdefault(establishment_of(stay.organization), stay.establishment or _("place not recorded"))
        return list(found.items())

    def at_establishment(self, bodies: Iterable[Body], reference: str) -> list[Body]:
        """Bodies recorded in an encounter of one establishment."""
        ids = {stay.id for stay in self.stays if establishment_of(stay.organization) == reference}
        return [
            b
            for b in bodies
            if b.get("id") in ids
            or (b.get("encounter") or b.get("context") or {}).get("reference", "").rsplit("/", 1)[-1] in ids
        ]

    def thread(self, bodies: Iterable[Body]) -> list[thread.Entry]:
        return thread.read_thread(bodies, self.subject, self.names, self.places)

    @property
    def everything(self) -> list[Body]:
        """Every body loaded that the thread can show, once."""
        found = (*self.of(*thread.TYPES), *self.laboratory_bodies, *self.vital_bodies)
        return list({(body["resourceType"], body.get("id")): body for body in found}.values())

    @cached_property
    def recent(self) -> list[thread.Entry]:
        """The thread of the stay, or the last events on record."""
        measured = (*self.laboratory_bodies[:RECENT_VALUES], *self.vital_bodies[:RECENT_VALUES])
        return self.thread([*self.of(*thread.TYPES), *measured])[:MOST_RECENT]

    @property
    def weight_age(self) -> When | None:
        return self.weight.when if self.weight else None


def load_page(chart: OpenedChart, *types: str) -> Page:
    """Read what the banner needs and the page's own types; six queries for bodies and up to five for names."""
    loaded = chart.resources((*BANNER, *types), limit=MOST_OTHERS)
    vital = chart.resources("Observation", category=VITALS, limit=MOST_OBSERVATIONS)
    results = chart.resources("Observation", category=LABORATORY, limit=MOST_OBSERVATIONS)
    habits = chart.resources("Observation", codes=[TOBACCO], limit=1)
    weight = chart.resources("Observation", codes=[vitals.WEIGHT], limit=1)
    bodies: dict[str, list[Body]] = {"Observation": habits}
    for body in loaded:
        bodies.setdefault(body["resourceType"], []).append(body)
    names = find_names([*loaded, *vital, *results, *habits], chart.named)
    return Page(chart.person, bodies, vital, results, weight, names)
