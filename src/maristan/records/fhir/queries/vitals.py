"""Vital signs: which measures are drawn together, over which time, and the table that says the same in figures."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from maristan.records.fhir.queries import news2
from maristan.records.fhir.queries.facts import Body, Flag, Result, Subject, read_results

WEIGHT, HEIGHT, BODY_MASS, DIASTOLIC = "29463-7", "8302-2", "39156-5", "8462-4"
HEAD = "9843-4"
PAIN = ("72514-3", "38208-5")
STAY_DAYS = 14
LAST_ROUNDS = 24


@dataclass(frozen=True)
class Measure:
    """One panel: its short word, its codes, the smallest span its axis shows, and a second dashed series."""

    key: str
    word: str
    codes: tuple[str, ...]
    span: tuple[float, float]
    second: str = ""
    slow: bool = False  # weight and the like say nothing over five days


MEASURES = (
    Measure("temperature", pgettext_lazy("vital sign", "Temp."), news2.TEMPERATURE, (36.0, 39.5)),
    Measure("pulse", pgettext_lazy("vital sign", "Pulse"), (news2.PULSE,), (50, 120)),
    Measure("pressure", pgettext_lazy("vital sign", "BP"), (news2.SYSTOLIC,), (60, 160), second=DIASTOLIC),
    Measure("saturation", pgettext_lazy("vital sign", "SpO₂"), news2.SATURATION, (88, 100)),
    Measure("respiration", pgettext_lazy("vital sign", "Resp."), (news2.RESPIRATION,), (10, 28)),
    Measure("pain", pgettext_lazy("vital sign", "Pain"), PAIN, (0, 10)),
    Measure("weight", pgettext_lazy("vital sign", "Weight"), (WEIGHT,), (0, 0), slow=True),
    Measure("bmi", pgettext_lazy("vital sign", "BMI"), (BODY_MASS,), (16, 32), slow=True),
    Measure("head", pgettext_lazy("vital sign", "Head"), (HEAD,), (0, 0), slow=True),
)
MOST_PANELS = 5


@dataclass(frozen=True)
class Series:
    """Values of one measure over the window, oldest first, and of its second series."""

    measure: Measure
    points: list[Result]
    second: list[Result] = field(default_factory=list)

    @property
    def last(self) -> Result:
        return self.points[-1]


@dataclass(frozen=True)
class Vitals:
    """What the sheet of vital signs shows: series on one window of time, scores, and the rounds as a table."""

    start: datetime.datetime
    end: datetime.datetime
    in_stay: bool
    series: list[Series]
    scores: list[news2.Score]
    table: list[dict]
    columns: list[Result]
    last: Result | None

    @property
    def days(self) -> int:
        return max(1, (self.end - self.start).days + (1 if (self.end - self.start).seconds else 0))

    @property
    def sentence(self) -> str:
        """The curves in words, for who does not see them."""
        parts = [
            _("%(name)s from %(first)s to %(last)s")
            % {"name": s.last.label, "first": s.points[0].value, "last": s.last.value}
            for s in self.series
        ]
        if self.scores:
            parts.append(
                _("NEWS2 from %(first)s to %(last)s") % {"first": self.scores[0].text, "last": self.scores[-1].text}
            )
        return _("Vital signs from %(start)s to %(end)s: %(parts)s") % {
            "start": self.start.strftime("%d/%m/%Y"),
            "end": self.end.strftime("%d/%m/%Y"),
            "parts": _(", ").join(parts),
        }


def read_vitals(
    bodies: Iterable[Body],
    subject: Subject,
    names: dict[str, str],
    *,
    stay_start: datetime.datetime | None,
    now: datetime.datetime,
) -> Vitals | None:
    """Vital signs of the running stay (its last fourteen days), else of the last rounds on record. None without any."""
    results = [r for body in bodies for r in read_results(body, subject, names)]
    drawn = [r for r in results if r.value.number is not None or r.code == news2.CONSCIOUSNESS]
    in_stay = stay_start is not None and any(r.when.at >= stay_start for r in drawn)
    if in_stay:
        start = max(stay_start, now - datetime.timedelta(days=STAY_DAYS))
        drawn = [r for r in drawn if start <= r.when.at <= now]
    else:
        rounds = news2.group_rounds(drawn)[-LAST_ROUNDS:]
        drawn = [r for values in rounds for r in values.values()]
    if not drawn:
        return None
    drawn.sort(key=lambda r: r.when)
    start, end = drawn[0].when.at, drawn[-1].when.at
    series = _series(drawn, slow=(end - start).days > STAY_DAYS)
    scores = news2.score_rounds(drawn, subject) if in_stay or (end - start).days <= STAY_DAYS else []
    return Vitals(start, end, in_stay, series, scores, *_table(drawn, scores), drawn[-1])


def latest_weight(bodies: Iterable[Body], subject: Subject) -> Result | None:
    """The most recent weight that has a figure."""
    found = [r for b in bodies for r in read_results(b, subject, {}) if r.code == WEIGHT and r.value.number is not None]
    return max(found, key=lambda r: r.when, default=None)


def _series(drawn: list[Result], *, slow: bool) -> list[Series]:
    found = []
    for measure in MEASURES:
        points = [r for r in drawn if r.code in measure.codes and r.value.number is not None]
        if points and (slow or not measure.slow):
            second = [r for r in drawn if r.code == measure.second and r.value.number is not None]
            found.append(Series(measure, points, second))
    return found[:MOST_PANELS]


def _table(drawn: list[Result], scores: list[news2.Score]) -> tuple[list[dict], list[Result]]:
    """Rows newest first, one cell per code met, and one result per column to name it."""
    columns: dict[str, Result] = {}
    for result in drawn:
        columns.setdefault(result.code, result)
    by_time = {score.when: score for score in scores}
    rows = []
    for values in reversed(news2.group_rounds(drawn)):
        when = max(r.when for r in values.values())
        author = next((r.author for r in values.values() if r.author), "")
        cells = [values.get(code) for code in columns]
        rows.append({"when": when, "author": author, "cells": cells, "score": by_time.get(when)})
    return rows, list(columns.values())


def is_out(result: Result) -> bool:
    """Whether a point stands out of its band."""
    return result.flag not in (Flag.NONE, Flag.NORMAL)
