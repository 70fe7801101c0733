"""What a person has, takes, must not be given, and was vaccinated against."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maristan.records.fhir.queries.facts import (
    Body,
    When,
    author_of,
    code_of,
    codings,
    first_when,
    label_of,
    notes_of,
    read_quantity,
    read_when,
    show_number,
)
from maristan.records.terminology import queries as words
from maristan.records.terminology.queries import Label

NONE_KNOWN = {"716186003", "409137002", "428607008", "428197003"}
DRUGS_ONLY = "409137002"
REFUTED = ("refuted", "entered-in-error")
CERTAINTY = {
    "confirmed": gettext_lazy("confirmed"),
    "unconfirmed": gettext_lazy("unconfirmed"),
    "presumed": gettext_lazy("presumed"),
}
MEALS = {
    "MORN": gettext_lazy("morning"),
    "NOON": gettext_lazy("noon"),
    "EVE": gettext_lazy("evening"),
    "NIGHT": gettext_lazy("night"),
    "HS": gettext_lazy("bedtime"),
    "AC": gettext_lazy("before meals"),
    "PC": gettext_lazy("after meals"),
    "C": gettext_lazy("with meals"),
    "ACM": gettext_lazy("before breakfast"),
}
UNITS_OF_TIME = {"h": "h", "d": "24 h", "wk": gettext_lazy("week"), "mo": gettext_lazy("month"), "min": "min"}
STATUS_WORDS = {
    "on-hold": gettext_lazy("suspended"),
    "stopped": gettext_lazy("stopped"),
    "completed": gettext_lazy("finished"),
    "cancelled": gettext_lazy("cancelled"),
    "draft": gettext_lazy("draft"),
    "unknown": gettext_lazy("status unknown"),
    "ended": gettext_lazy("finished"),
}


@dataclass(frozen=True)
class Problem:
    """A condition: active, or resolved with its end."""

    id: str
    label: Label
    since: When | None
    until: When | None
    active: bool
    note: str
    author: str
    unconfirmed: bool
    encounter: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Medication:
    """A prescription: dose and rhythm as prescribed, day of treatment, state."""

    id: str
    label: Label
    dose: str
    rhythm: str
    moment: str
    since: When | None
    state: str  # active, on-hold, or another status of FHIR
    state_words: str
    state_since: When | None
    reason: str
    author: str
    note: str
    category: str
    course: tuple[int, int] | None = None

    @property
    def is_active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True)
class Allergy:
    """An allergy or intolerance with its reaction, its year and how certain it is."""

    id: str
    label: Label
    reaction: str
    since: When | None
    certainty: str
    high: bool
    recorded: When | None
    author: str


@dataclass(frozen=True)
class Allergies:
    """Three things that must never look alike: allergies, "none known" by someone at a time, and "not asked"."""

    known: list[Allergy]
    none_known: Allergy | None

    @property
    def asked(self) -> bool:
        return bool(self.known or self.none_known)


@dataclass(frozen=True)
class Vaccine:
    """One dose given (or refused, with the reason)."""

    id: str
    label: Label
    when: When | None
    dose: str
    lot: str
    given: bool
    reason: str
    author: str


def read_problems(bodies: Iterable[Body], names: dict[str, str]) -> tuple[list[Problem], list[Problem]]:
    """Active problems, newest first, then the resolved ones, last resolved first."""
    found = [_problem(b, names) for b in bodies if code_of(b.get("verificationStatus")) not in REFUTED]
    active = sorted((p for p in found if p.active), key=_onset, reverse=True)
    resolved = sorted((p for p in found if not p.active), key=lambda p: _onset(p, end=True), reverse=True)
    return active, resolved


def read_medications(bodies: Iterable[Body], names: dict[str, str]) -> tuple[list[Medication], list[Medication]]:
    """Current prescriptions (running, then suspended), then the others; in each, the last begun first."""
    found = [_medication(b, names) for b in reversed(list(bodies)) if b.get("status") != "entered-in-error"]
    found.sort(key=_onset, reverse=True)
    current = [m for m in found if m.state == "active"] + [m for m in found if m.state == "on-hold"]
    past = [m for m in found if m.state not in ("active", "on-hold")]
    return current, past


def read_allergies(bodies: Iterable[Body], names: dict[str, str]) -> Allergies:
    """Known allergies, the gravest first; refuted and resolved ones are left out."""
    found = [
        _allergy(b, names)
        for b in bodies
        if code_of(b.get("verificationStatus")) not in REFUTED and code_of(b.get("clinicalStatus")) in ("", "active")
    ]
    none = [a for a, code in found if code in NONE_KNOWN]
    known = sorted((a for a, code in found if code not in NONE_KNOWN), key=lambda a: not a.high)
    newest = max(none, key=_onset, default=None)
    return Allergies(known, None if known else newest)


def read_vaccines(bodies: Iterable[Body], names: dict[str, str]) -> list[Vaccine]:
    """Doses, newest first."""
    found = [_vaccine(b, names) for b in bodies if b.get("status") != "entered-in-error"]
    return sorted(found, key=_onset, reverse=True)


def _onset(item: Problem | Medication | Allergy | Vaccine, *, end: bool = False) -> float:
    when = item.until if end else getattr(item, "since", None) or getattr(item, "when", None)
    when = when or getattr(item, "recorded", None)
    return when.at.timestamp() if when else 0


def _problem(body: Body, names: dict[str, str]) -> Problem:
    status = code_of(body.get("clinicalStatus"))
    until = first_when(body, "abatementDateTime", "abatementPeriod")
    return Problem(
        id=body.get("id", ""),
        label=label_of(body),
        since=first_when(body, "onsetDateTime", "onsetPeriod", "recordedDate"),
        until=until,
        active=status in ("active", "recurrence", "relapse") or (not status and until is None),
        note=notes_of(body),
        author=author_of(body, names, "recorder", "asserter"),
        unconfirmed=code_of(body.get("verificationStatus")) in ("unconfirmed", "provisional", "differential"),
        encounter=body.get("encounter", {}).get("reference", ""),
        codes=tuple(code for _system, code in codings(body.get("code"))),
    )


def _medication(body: Body, names: dict[str, str]) -> Medication:
    dosage = (body.get("dosageInstruction") or [{}])[0]
    status = body.get("status", "unknown")
    concept = body.get("medicationCodeableConcept")
    if concept:
        label = label_of(body, "medicationCodeableConcept")
    else:
        label = Label(body.get("medicationReference", {}).get("display") or _("unnamed"))
    since = first_when(dosage.get("timing", {}).get("repeat", {}), "boundsPeriod") or read_when(body.get("authoredOn"))
    return Medication(
        id=body.get("id", ""),
        label=label,
        dose=_dose(dosage),
        rhythm=_rhythm(dosage),
        moment=_moment(dosage),
        since=since,
        state=status,
        state_words=str(STATUS_WORDS.get(status, "")),
        state_since=_status_since(body),
        reason=str(words.label_of(body.get("statusReason") or (body.get("reasonCode") or [None])[0]) or ""),
        author=author_of(body, names, "requester"),
        note=notes_of(body),
        category=code_of(body.get("category")),
        course=_course(dosage, since),
    )


def _status_since(body: Body) -> When | None:
    """When the state changed: the extension HL7 gives for it in R5, under its published address."""
    for extension in body.get("extension", ()):
        if extension.get("url", "").endswith("MedicationRequest.statusChanged"):
            return read_when(extension.get("valueDateTime"))
    return None


def _dose(dosage: Body) -> str:
    rate = (dosage.get("doseAndRate") or [{}])[0]
    if "doseQuantity" in rate:
        return str(read_quantity(rate["doseQuantity"]))
    if "doseRange" in rate:
        low, high = (rate["doseRange"].get(side, {}) for side in ("low", "high"))
        return f"{show_number(low.get('value', 0))}–{read_quantity(high)}"
    return dosage.get("text", "")


def _rhythm(dosage: Body) -> str:
    if dosage.get("asNeededBoolean") or "asNeededCodeableConcept" in dosage:
        return _("if needed")
    repeat = dosage.get("timing", {}).get("repeat", {})
    if not repeat.get("frequency") and not repeat.get("period"):
        return ""
    period, unit = repeat.get("period", 1), repeat.get("periodUnit", "d")
    count = repeat.get("frequency", 1)
    if unit == "h" and count == 1:
        return _("every %(hours)s h") % {"hours": show_number(period)}
    per = UNITS_OF_TIME.get(unit, unit) if period == 1 else f"{show_number(period)} {UNITS_OF_TIME.get(unit, unit)}"
    return f"{count}×/{'48 h' if (period, unit) == (2, 'd') else per}"


def _moment(dosage: Body) -> str:
    """When in the day, the most in a day, or the route: what the last column of a prescription says."""
    repeat = dosage.get("timing", {}).get("repeat", {})
    parts = [str(MEALS[code]) for code in repeat.get("when", ()) if code in MEALS]
    parts += [time[:5] for time in repeat.get("timeOfDay", ())]
    if not parts and dosage.get("maxDosePerPeriod"):
        most = read_quantity(dosage["maxDosePerPeriod"].get("numerator", {}))
        return _("max. %(dose)s a day") % {"dose": most}
    route = words.label_of(dosage.get("route"))
    return ", ".join(parts) or (str(route) if route else "")


def _course(dosage: Body, since: When | None) -> tuple[int, int] | None:
    """Day of treatment out of how many, when the prescription has a last day."""
    bounds = dosage.get("timing", {}).get("repeat", {}).get("boundsPeriod", {})
    end = read_when(bounds.get("end"))
    if since is None or end is None:
        return None
    total = (end.day - since.day).days + 1
    today = (timezone.localdate() - since.day).days + 1
    return (today, total) if 1 <= today <= total else None


def _allergy(body: Body, names: dict[str, str]) -> tuple[Allergy, str]:
    reactions = [
        str(words.label_of(concept) or "") for r in body.get("reaction", ()) for concept in r.get("manifestation", ())
    ]
    severe = any(r.get("severity") == "severe" for r in body.get("reaction", ()))
    allergy = Allergy(
        id=body.get("id", ""),
        label=label_of(body),
        reaction=", ".join(filter(None, reactions)),
        since=first_when(body, "onsetDateTime", "onsetPeriod", "lastOccurrence"),
        certainty=str(CERTAINTY.get(code_of(body.get("verificationStatus")), "")),
        high=body.get("criticality") == "high" or severe,
        recorded=read_when(body.get("recordedDate")),
        author=author_of(body, names, "recorder", "asserter"),
    )
    return allergy, code_of(body.get("code"))


def _vaccine(body: Body, names: dict[str, str]) -> Vaccine:
    protocol = (body.get("protocolApplied") or [{}])[0]
    number = protocol.get("doseNumberPositiveInt")
    return Vaccine(
        id=body.get("id", ""),
        label=label_of(body, "vaccineCode"),
        when=first_when(body, "occurrenceDateTime"),
        dose=_("dose %(number)s") % {"number": number} if number else "",
        lot=body.get("lotNumber", ""),
        given=body.get("status") != "not-done",
        reason=str(words.label_of(body.get("statusReason")) or ""),
        author=author_of(body, names, "performer"),
    )
