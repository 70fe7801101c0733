"""Laboratory results: one line a test, abnormal first, over the last three days of sampling; and what is awaited."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from maristan.records.fhir.queries.curves import Spark, draw_spark
from maristan.records.fhir.queries.facts import (
    Body,
    Flag,
    Result,
    Subject,
    When,
    author_of,
    first_when,
    label_of,
    notes_of,
    read_results,
)

DAYS = 3
# The order of a laboratory sheet; others follow by name.
ORDER = (
    "34714-6", "6301-6", "5894-1", "1988-5", "33959-8", "89579-7", "67151-1", "10839-9", "33762-6", "718-7",
    "6690-2", "777-3", "2345-7", "2339-0", "1558-6", "4548-4", "3091-6", "22664-7", "6299-2", "2160-0",
    "38483-4", "98979-8", "62238-1", "33914-3", "2951-2", "2947-0", "2823-3", "6298-4", "2075-0", "2069-3",
    "2028-9", "20565-8",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One test: its values newest first, in one unit, and where they stand under the shared days."""

    values: list[Result]
    spark: Spark | None
    cells: list[Result | None]

    @property
    def last(self) -> Result:
        return self.values[0]

    @property
    def unit(self) -> str:
        return self.last.value.unit

    @property
    def flag(self) -> Flag:
        return self.last.flag


@dataclass(frozen=True)
class Laboratory:
    """Lines sampled on the last days, lines older than these, and what is awaited."""

    days: list[datetime.date]
    lines: list[Line]
    older: list[Line]
    last: Result | None

    @property
    def abnormal(self) -> int:
        return sum(line.flag.is_abnormal for line in self.lines)

    @property
    def all_lines(self) -> list[Line]:
        return self.lines + self.older


@dataclass(frozen=True)
class Pending:
    """A request or a report not final yet: who asked, when, for when, and what is known so far."""

    id: str
    label: object
    asked: When | None
    due: When | None
    author: str
    note: str
    status: str
    urgent: bool


def read_laboratory(bodies: Iterable[Body], subject: Subject, names: dict[str, str]) -> Laboratory:
    """All laboratory results by test and unit. A test in another unit is another line: nothing is converted."""
    groups: dict[tuple, list[Result]] = {}
    for body in bodies:
        for result in read_results(body, subject, names):
            groups.setdefault((result.code or str(result.label), result.ucum), []).append(result)
    for values in groups.values():
        values.sort(key=lambda r: r.when, reverse=True)
    days = sorted({r.when.day for values in groups.values() for r in values}, reverse=True)[:DAYS][::-1]
    lines = sorted((_line(values, days) for values in groups.values()), key=_rank)
    recent = [line for line in lines if days and line.last.when.day in days]
    older = [line for line in lines if line not in recent]
    return Laboratory(days, recent, older, max((v[0] for v in groups.values()), key=lambda r: r.when, default=None))


def read_pending(requests: Iterable[Body], reports: Iterable[Body], names: dict[str, str]) -> list[Pending]:
    """Requests without a final answer and reports not final yet, oldest first."""
    answered = {
        reference.get("reference", "").rsplit("/", 1)[-1]
        for report in reports
        if report.get("status") in ("final", "amended", "corrected", "appended")
        for reference in report.get("basedOn", ())
    }
    waiting = [b for b in requests if b.get("status") in ("active", "on-hold") and b.get("id") not in answered]
    waiting += [b for b in reports if b.get("status") in ("registered", "partial", "preliminary")]
    return sorted((_pending(body, names) for body in waiting), key=lambda p: p.asked.at.timestamp() if p.asked else 0)


def find_critical(
    bodies: Iterable[Body], subject: Subject, names: dict[str, str], *, since: datetime.datetime
) -> list[Result]:
    """Critical laboratory values since a moment, the newest of each test only, newest first."""
    newest: dict[str, Result] = {}
    for body in bodies:
        for result in read_results(body, subject, names):
            if result.code not in newest or result.when > newest[result.code].when:
                newest[result.code] = result
    found = [r for r in newest.values() if r.flag.is_critical and r.when.at >= since]
    return sorted(found, key=lambda r: r.when, reverse=True)


def _line(values: list[Result], days: list[datetime.date]) -> Line:
    by_day: dict[datetime.date, Result] = {}
    for result in values:
        by_day.setdefault(result.when.day, result)
    return Line(values, draw_spark(_trend(values)), [by_day.get(day) for day in days])


def _trend(values: list[Result]) -> list[Result]:
    """Values to draw, oldest first: those of the last month if there are two, else the last twelve."""
    start = values[0].when.at - datetime.timedelta(days=31)
    recent = [r for r in values if r.when.at >= start]
    return (recent if len(recent) > 1 else values)[:12][::-1]


def _rank(line: Line) -> tuple:
    code = line.last.code
    return (line.flag.rank, ORDER.index(code) if code in ORDER else len(ORDER), str(line.last.label))


def _pending(body: Body, names: dict[str, str]) -> Pending:
    return Pending(
        id=body.get("id", ""),
        label=label_of(body),
        asked=first_when(body, "authoredOn", "issued", "effectiveDateTime"),
        due=first_when(body, "occurrenceDateTime", "occurrencePeriod"),
        author=author_of(body, names, "requester", "performer"),
        note=body.get("conclusion") or notes_of(body),
        status=body.get("status", ""),
        urgent=body.get("priority") in ("urgent", "asap", "stat"),
    )
