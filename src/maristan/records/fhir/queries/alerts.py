"""The alerts of the banner: at most three, each with its reason, and only what the record itself supports.

An alert is no advice: it says a fact, its time, and why it stands there. What is not in the record raises none, so an
empty place never means "checked and fine".
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.records.fhir.queries.background import Medication, Problem
from maristan.records.fhir.queries.facts import Body, Result, Subject, When, code_of, first_when, label_of, read_results
from maristan.records.fhir.queries.laboratory import find_critical
from maristan.records.terminology import queries as words

MOST = 3
CRITICAL_FOR = datetime.timedelta(hours=72)
RENAL_FOR = datetime.timedelta(days=365)
RENAL_LIMIT = 60  # mL/min/1.73 m²: KDIGO 2012, category G3a begins below
PREGNANCY_FOR = datetime.timedelta(days=294)  # 42 weeks
INR = ("34714-6", "6301-6")
EGFR = ("98979-8", "62238-1", "33914-3", "2164-2")
PREGNANCY = {"77386006", "72892002", "237238006", "Z33"}
ANTICOAGULANTS = (
    "acenocoumarol", "warfarin", "fluindione", "rivaroxaban", "apixaban", "dabigatran", "edoxaban",
    "enoxaparin", "heparin", "tinzaparin", "nadroparin", "fondaparinux",
)  # fmt: skip
RXNORM_ANTICOAGULANTS = {"855332"}


@dataclass(frozen=True)
class Alert:
    """A title, its reason, and whether it asks to act now."""

    title: str
    reason: str
    critical: bool = False


def read_alerts(
    *,
    flags: Iterable[Body],
    problems: Iterable[Problem],
    medications: Iterable[Medication],
    laboratory: Iterable[Body],
    acknowledged: set[str],
    subject: Subject,
    names: dict[str, str],
) -> list[Alert]:
    """At most three: declared flags, critical results of 72 hours, pregnancy, anticoagulant, kidneys."""
    laboratory = list(laboratory)
    thinning = [m for m in medications if is_anticoagulant(m)]
    found = [*_declared(flags), *_critical(laboratory, subject, names, thinning, acknowledged)]
    found += _pregnancy(problems)
    if not any("INR" in alert.title for alert in found):
        found += [_anticoagulant(m) for m in thinning if m.is_active]
    found += _renal(laboratory, subject, names)
    return sorted(found, key=lambda alert: not alert.critical)[:MOST]


def is_anticoagulant(medication: Medication) -> bool:
    """Whether the words or the code of a prescription name one of the anticoagulants we know."""
    name = str(medication.label).lower().replace("é", "e")
    return any(word in name for word in ANTICOAGULANTS) or medication.category in RXNORM_ANTICOAGULANTS


def acknowledged_results(communications: Iterable[Body]) -> set[str]:
    """Ids of the observations whose critical value somebody has acknowledged."""
    return {
        about.get("reference", "").rsplit("/", 1)[-1]
        for body in communications
        if body.get("status") == "completed"
        for about in body.get("about", ())
    }


def _declared(flags: Iterable[Body]) -> list[Alert]:
    return [
        Alert(str(label_of(body)), _since(first_when(body, "period")), critical=False)
        for body in flags
        if body.get("status") == "active"
    ]


def _critical(
    laboratory: list[Body],
    subject: Subject,
    names: dict[str, str],
    thinning: list[Medication],
    acknowledged: set[str],
) -> list[Alert]:
    found = []
    for result in find_critical(laboratory, subject, names, since=timezone.now() - CRITICAL_FOR):
        reason = result.flag.words
        if result.code in INR and thinning:
            drug = thinning[0]
            reason = _("%(drug)s, %(state)s") % {"drug": drug.label, "state": drug.state_words or _("running")}
        seen = _("acknowledged") if result.id in acknowledged else _("not acknowledged")
        title = f"{result.label} {result.value}"
        found.append(Alert(title, f"{reason} · {result.when.stamp} · {seen}", critical=result.id not in acknowledged))
    return found


def _pregnancy(problems: Iterable[Problem]) -> list[Alert]:
    since = timezone.now() - PREGNANCY_FOR
    for problem in problems:
        if problem.active and PREGNANCY & set(problem.codes) and problem.since and problem.since.at >= since:
            return [Alert(_("Pregnancy"), problem.note or _since(problem.since))]
    return []


def _anticoagulant(medication: Medication) -> Alert:
    return Alert(_("Anticoagulant: %(drug)s") % {"drug": medication.label}, _since(medication.since))


def _renal(laboratory: list[Body], subject: Subject, names: dict[str, str]) -> list[Alert]:
    results = [
        r
        for body in laboratory
        if code_of(body.get("code")) in EGFR
        for r in read_results(body, subject, names)
        if r.value.number is not None
    ]
    last: Result | None = max(results, key=lambda r: r.when, default=None)
    if last is None or last.value.number >= RENAL_LIMIT or last.when.at < timezone.now() - RENAL_FOR:
        return []
    reason = _("kidneys: check doses · %(when)s") % {"when": last.when.brief}
    return [Alert(f"{last.label} {last.value.text} {words.show_unit('mL/min')}", reason)]


def _since(when: When | None) -> str:
    return _("since %(when)s") % {"when": when.date} if when else _("date unknown")
