"""The thread: everything that happened, of all types, newest first, with filters and search."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from maristan.records.fhir.queries.background import STATUS_WORDS
from maristan.records.fhir.queries.documents import read_document
from maristan.records.fhir.queries.facts import (
    Body,
    Result,
    Subject,
    When,
    attached_text,
    author_of,
    codings,
    first_when,
    id_of,
    label_of,
    notes_of,
    plain_text,
    read_results,
)
from maristan.records.patients.models.names import fold
from maristan.records.terminology import queries as words
from maristan.records.terminology.queries import Label

# key of the filter: (words, icon, FHIR types)
KINDS: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "notes": (gettext_lazy("Notes and documents"), "file-text", ("Composition", "DocumentReference")),
    "results": (gettext_lazy("Results"), "flask", ("Observation", "DiagnosticReport")),
    "treatments": (gettext_lazy("Treatments"), "pill", ("MedicationRequest", "MedicationAdministration")),
    "acts": (gettext_lazy("Acts and requests"), "clipboard-list", ("Procedure", "ServiceRequest", "Communication")),
    "problems": (gettext_lazy("Problems"), "stethoscope", ("Condition", "AllergyIntolerance")),
    "vaccines": (gettext_lazy("Vaccines"), "vaccine", ("Immunization",)),
    "stays": (gettext_lazy("Stays and visits"), "bed", ("Encounter",)),
}
TYPES = tuple(t for _words, _icon, types in KINDS.values() for t in types)
KIND_OF = {t: kind for kind, (_words, _icon, types) in KINDS.items() for t in types}
TIMES = {
    "Composition": ("date",),
    "DocumentReference": ("date",),
    "Observation": ("effectiveDateTime", "effectivePeriod", "issued"),
    "DiagnosticReport": ("effectiveDateTime", "effectivePeriod", "issued"),
    "MedicationRequest": ("authoredOn",),
    "MedicationAdministration": ("effectiveDateTime", "effectivePeriod"),
    "Procedure": ("performedDateTime", "performedPeriod"),
    "ServiceRequest": ("authoredOn",),
    "Communication": ("sent", "received"),
    "Condition": ("onsetDateTime", "onsetPeriod", "recordedDate"),
    "AllergyIntolerance": ("recordedDate", "onsetDateTime"),
    "Immunization": ("occurrenceDateTime",),
    "Encounter": ("period",),
}
ORDERS = ("MedicationRequest", "ServiceRequest")
CODED = {"MedicationRequest": "medicationCodeableConcept", "MedicationAdministration": "medicationCodeableConcept"}
CODED |= {"Immunization": "vaccineCode", "Composition": "type", "DocumentReference": "type", "Encounter": "type"}
VITAL = "vital-signs"
MOST_VALUES = 8
PERIODS = {"stay": gettext_lazy("this stay"), "month": gettext_lazy("30 days"), "year": gettext_lazy("one year")}
DAYS = {"month": 30, "year": 365}


@dataclass(frozen=True)
class Entry:
    """One line of the thread: when, what, how much, by whom, where."""

    anchor: str
    kind: str
    icon: str
    when: When | None
    label: Label
    text: str
    text_lang: str
    results: tuple[Result, ...]
    author: str
    place: str
    status: str
    document: bool = False
    left_out: int = 0

    @property
    def kind_words(self) -> str:
        return str(KINDS[self.kind][0])


@dataclass(frozen=True)
class Filters:
    """What the reader asked to see; empty values show all."""

    kind: str = ""
    period: str = ""
    place: str = ""

    @property
    def types(self) -> tuple[str, ...]:
        return KINDS[self.kind][2] if self.kind in KINDS else TYPES

    @property
    def is_set(self) -> bool:
        return bool(self.kind or self.period or self.place)

    def as_query(self) -> dict[str, str]:
        return {name: text for name in ("kind", "period", "place") if (text := getattr(self, name))}

    def since(self, stay_start: datetime.datetime | None) -> datetime.datetime | None:
        """First moment shown, or None for all."""
        if self.period == "stay":
            return stay_start
        days = DAYS.get(self.period)
        return timezone.now() - datetime.timedelta(days=days) if days else None


def read_thread(bodies: Iterable[Body], subject: Subject, names: dict[str, str], places: dict[str, str]) -> list[Entry]:
    """Entries newest first. Values measured together by one person are one entry; a note is its opening words.

    `places` gives the organization of an encounter id, so that a fact says where it was recorded.
    """
    entries: list[Entry] = []
    rounds: dict[tuple, list[Result]] = {}
    for body in bodies:
        if body.get("status") == "entered-in-error":
            continue
        if body["resourceType"] == "Observation":
            for result in read_results(body, subject, names):
                rounds.setdefault(_round_key(body, result), []).append(result)
        elif entry := _entry(body, names, places):
            entries.append(entry)
    entries += [_round_entry(key, results, places) for key, results in rounds.items()]
    return sorted(entries, key=lambda e: e.when.at.timestamp() if e.when else 0, reverse=True)


def is_since(body: Body, since: datetime.datetime) -> bool:
    """Whether a fact's time is at or after a moment; undated facts are not."""
    when = first_when(body, *TIMES.get(body["resourceType"], ()))
    return when is not None and when.at >= since


def search_bodies(bodies: Iterable[Body], text: str) -> list[Body]:
    """Bodies whose words hold every word of `text`, in any language we have for their codes; accents do not count."""
    wanted = fold(text).split()
    return [body for body in bodies if wanted and all(word in _searchable(body) for word in wanted)]


def _round_key(body: Body, result: Result) -> tuple:
    category = next(iter(codings(body.get("category"))), ("", ""))[1]
    kind = "vital" if category == VITAL else "lab" if category == "laboratory" else body.get("id", "")
    return (result.when, kind, result.author, result.encounter)


def _round_entry(key: tuple, results: list[Result], places: dict[str, str]) -> Entry:
    when, kind, author, encounter = key
    label = {"vital": Label(_("Vital signs")), "lab": Label(_("Laboratory"))}.get(kind, results[0].label)
    ordered = sorted(results, key=lambda r: r.flag.rank)
    icon = "heartbeat" if kind == "vital" else "flask" if kind == "lab" else "clipboard-text"
    place = places.get(encounter, "")
    out = [r for r in ordered if r.flag.is_abnormal]
    shown = (out if kind == "vital" and out else ordered)[:MOST_VALUES]
    left = len(ordered) - len(shown)
    return Entry(results[0].anchor, "results", icon, when, label, "", "", tuple(shown), author, place, "", False, left)


def _entry(body: Body, names: dict[str, str], places: dict[str, str]) -> Entry | None:
    type_ = body["resourceType"]
    if type_ == "DiagnosticReport" and not (body.get("conclusion") or body.get("presentedForm")):
        return None  # its results are in the thread themselves
    kind = KIND_OF[type_]
    document = type_ in ("Composition", "DocumentReference")
    text = read_document(body, names).opening if document or type_ == "DiagnosticReport" else _details(body)
    encounter = id_of(body.get("encounter") or body.get("context") or {})
    place = places.get(body.get("id", "") if type_ == "Encounter" else encounter, "")
    return Entry(
        anchor=f"{type_}-{body.get('id', '')}",
        kind=kind,
        icon=KINDS[kind][1],
        when=first_when(body, *TIMES[type_]),
        label=_name(body),
        text=text,
        text_lang=body.get("language", ""),
        results=(),
        author=author_of(body, names, "performer", "recorder", "requester", "author", "sender", "asserter"),
        place=place,
        status=str(STATUS_WORDS.get(body.get("status", ""), "")) if type_ in ORDERS else "",
        document=document,
    )


def _name(body: Body) -> Label:
    type_ = body["resourceType"]
    if type_ == "Encounter":
        kind = words.find_label(words.ENCOUNTER_CLASS, body.get("class", {}).get("code", ""))
        return kind or label_of(body, "type")
    if type_ == "AllergyIntolerance":
        return Label(pgettext("entry of the thread", "Allergy: %s") % label_of(body))
    if type_ == "Communication":
        return Label(_("Critical result acknowledged"))
    return label_of(body, CODED.get(type_, "code"))


def _details(body: Body) -> str:
    """The words beside the name: reason of a stay, dose of a drug, note of an act."""
    type_ = body["resourceType"]
    if type_ == "Encounter":
        return str(label_of(body, "reasonCode")) if body.get("reasonCode") else ""
    if type_ == "MedicationRequest":
        return (body.get("dosageInstruction") or [{}])[0].get("text", "")
    if type_ == "MedicationAdministration":
        return body.get("dosage", {}).get("text", "")
    if type_ == "Communication":
        return " ".join(part.get("contentString", "") for part in body.get("payload", ()))
    return notes_of(body)


def _searchable(body: Body) -> str:
    parts: list[str] = []
    _collect(body, parts)
    return fold(" ".join(parts))


def _collect(value: Any, parts: list[str]) -> None:
    """Every word a reader could see in a body: texts, displays, narratives, and our wordings of its codes."""
    if isinstance(value, list):
        for item in value:
            _collect(item, parts)
        return
    if not isinstance(value, dict):
        return
    if "code" in value and "system" in value:
        parts.extend(words.words_of(value["system"], value["code"]))
    for name, item in value.items():
        if isinstance(item, str):
            if name in _READ:
                parts.append(plain_text(item) if name == "div" else item)
        elif name not in _SKIPPED:
            _collect(item, parts)
    if "contentType" in value:
        parts.append(attached_text(value))


_READ = {"text", "display", "title", "description", "conclusion", "div", "valueString", "contentString", "lotNumber"}
_SKIPPED = {"meta", "subject", "patient", "identifier", "extension"}
__all__ = ["DAYS", "KINDS", "PERIODS", "TYPES", "Entry", "Filters", "read_thread", "search_bodies"]
