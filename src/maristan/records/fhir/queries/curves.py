"""Geometry of the curves, drawn as SVG by the templates: no script, no style, time from left to right in any language.

Every figure is already text with a decimal point, so that a page's locale cannot break the drawing.
"""

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from maristan.records.fhir.queries.facts import Result, show_number
from maristan.records.fhir.queries.news2 import Score
from maristan.records.fhir.queries.vitals import Series, Vitals, is_out
from maristan.records.terminology.queries import Range

LEFT, RIGHT, TOP, PANEL, GAP, FOOT = 68, 76, 22, 46, 12, 26
SQUARE = 20
TimeScale = Callable[[datetime.datetime], float]
ValueScale = Callable[[float], float]


@dataclass(frozen=True)
class Mark:
    """A text or a point at a place of the drawing."""

    x: str
    y: str
    text: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Panel:
    """One measure: its word, band, scale, line, dashed line, points, and the last value with its unit."""

    word: str
    word_y: str
    base_y: str
    band_y: str
    band_height: str
    ticks: list[Mark]
    line: str
    dashed: str
    points: list[Mark]
    last: Mark
    unit: Mark
    name: str


@dataclass(frozen=True)
class Drawing:
    """Everything the template needs to write the SVG."""

    width: int
    height: int
    left: int
    right: int
    foot: str
    dates: list[Mark]
    panels: list[Panel]
    squares: list[Mark]
    squares_y: str
    letters_y: str
    word_y: str

    @property
    def plot(self) -> int:
        return self.right - self.left

    @property
    def left_text(self) -> int:
        return self.left - 5


@dataclass(frozen=True)
class Spark:
    """A trend in a table: band, line, last point."""

    line: str
    band_y: str
    band_height: str
    x: str
    y: str
    out: bool


def draw_vitals(vitals: Vitals, *, width: int) -> Drawing:
    """The panels of all series on one axis of time, `width` units wide."""
    left, right = LEFT, width - RIGHT
    scale = _time_scale(vitals.start, vitals.end, left + 4, right - 8)
    panels = [_panel(series, TOP + n * (PANEL + GAP), scale, right) for n, series in enumerate(vitals.series)]
    foot = TOP + len(panels) * (PANEL + GAP)
    squares = _squares(vitals.scores, scale)
    return Drawing(
        width=width,
        height=foot + (FOOT if squares else 0),
        left=left,
        right=right,
        foot=_n(foot - GAP + 4),
        dates=_dates(vitals.start, vitals.end, scale, right),
        panels=panels,
        squares=squares,
        squares_y=_n(foot),
        letters_y=_n(foot + 14),
        word_y=_n(foot + 14),
    )


def draw_spark(results: Sequence[Result], width: int = 56, height: int = 20) -> Spark | None:
    """The trend of one test, oldest first; None below two figures in one unit."""
    results = [r for r in results if r.value.number is not None and r.ucum == results[-1].ucum]
    if len(results) < 2:
        return None
    low, high = _bounds(results)
    scale = _time_scale(results[0].when.at, results[-1].when.at, 3, width - 4)
    rise = _value_scale(low, high, 3, height - 3)
    points = [(scale(r.when.at), rise(r.value.number)) for r in results]
    band_y, band_height = _band(results[-1].expected, low, high, rise)
    x, y = points[-1]
    return Spark(_path(points), band_y, band_height, _n(x), _n(y), is_out(results[-1]))


def _panel(series: Series, top: float, scale: TimeScale, right: float) -> Panel:
    low, high = _panel_bounds(series)
    rise = _value_scale(low, high, top + 3, top + PANEL - 3)
    line = [(scale(r.when.at), rise(r.value.number)) for r in series.points]
    dashed = [(scale(r.when.at), rise(r.value.number)) for r in series.second]
    band_y, band_height = _band(series.last.expected, low, high, rise)
    last_y = min(max(line[-1][1], top + 12), top + PANEL - 10)
    kind = {0: "cr", 1: "wr"}.get(series.last.flag.rank, "b")
    last_text = series.last.value.text
    if series.second:
        last_text += f"/{series.second[-1].value.text}"
    return Panel(
        word=str(series.measure.word),
        word_y=_n(top + 13),
        base_y=_n(top + PANEL),
        band_y=band_y,
        band_height=band_height,
        ticks=[Mark("", _n(rise(value) + 4), show_number(value)) for value in _ticks(low, high)],
        line=_path(line),
        dashed=_path(dashed),
        points=[
            Mark(_n(x), _n(y), kind="x" if is_out(r) else "d") for (x, y), r in zip(line, series.points, strict=True)
        ],
        last=Mark(_n(right + 8), _n(last_y + 4), last_text, kind),
        unit=Mark(_n(right + 8), _n(last_y + 17), series.last.value.unit),
        name=str(series.last.label),
    )


def _panel_bounds(series: Series) -> tuple[float, float]:
    values = [r.value.number for r in (*series.points, *series.second)]
    low, high = series.measure.span
    if low == high:
        margin = max((max(values) - min(values)) * 0.15, abs(values[-1]) * 0.02, 0.1)
        return min(values) - margin, max(values) + margin
    return min(low, *values), max(high, *values)


def _bounds(results: Sequence[Result]) -> tuple[float, float]:
    """Lowest and highest of the figures and of the nearest bound of the band."""
    values = [r.value.number for r in results]
    expected = results[-1].expected
    edges = [b for b in ((expected.low, expected.high) if expected else ()) if b is not None]
    spread = max(values) - min(values) or abs(values[-1]) or 1
    near = [b for b in edges if min(values) - spread <= b <= max(values) + spread]
    low, high = min(*values, *near), max(*values, *near)
    return (low - 1, high + 1) if low == high else (low, high)


def _band(expected: Range | None, low: float, high: float, rise: ValueScale) -> tuple[str, str]:
    """Top and height of the expected band inside the panel; empty when there is none to see."""
    if expected is None or (expected.low is None and expected.high is None):
        return "", ""
    bottom = max(low, expected.low if expected.low is not None else low)
    top = min(high, expected.high if expected.high is not None else high)
    return ("", "") if top <= bottom else (_n(rise(top)), _n(rise(bottom) - rise(top)))


def _time_scale(start: datetime.datetime, end: datetime.datetime, left: float, right: float) -> TimeScale:
    span = (end - start).total_seconds()
    if not span:
        return lambda moment: right
    return lambda moment: left + (right - left) * (moment - start).total_seconds() / span


def _value_scale(low: float, high: float, top: float, bottom: float) -> ValueScale:
    span = (high - low) or 1
    return lambda value: bottom - (bottom - top) * (value - low) / span


def _ticks(low: float, high: float) -> list[float]:
    """Two round values inside the bounds, apart enough to be read."""
    step = next(
        (s for s in (1, 2, 4, 5, 10, 20, 25, 40, 50, 100, 200, 500) if (high - low) / s <= 2.8), (high - low) / 2
    )
    first = math.ceil(low / step) * step
    values = [first + n * step for n in range(4) if first + n * step <= high]
    return values[:1] + values[-1:] if len(values) > 2 else values


def _dates(start: datetime.datetime, end: datetime.datetime, scale: TimeScale, right: float) -> list[Mark]:
    """Marks of the axis: days within three weeks, else months, else years; never closer than 42 units."""
    start, end = timezone.localtime(start), timezone.localtime(end)
    days = (end - start).days
    if days <= 1:
        first, step, pattern = start.replace(minute=0, second=0, microsecond=0), datetime.timedelta(hours=4), "H:i"
        moments = [first + step * n for n in range(days * 6 + 8)]
    elif days <= 21:
        first, pattern = start.replace(hour=0, minute=0, second=0, microsecond=0), "d/m"
        moments = [first + datetime.timedelta(days=n) for n in range(days + 3)]
    elif days <= 500:
        pattern = "m/Y"
        moments = [start.replace(month=1, day=1, hour=0) + datetime.timedelta(days=30.44 * n) for n in range(40)]
    else:
        pattern = "Y"
        moments = [start.replace(year=start.year + n, month=1, day=1, hour=0) for n in range(end.year - start.year + 1)]
    marks, free = [], 0.0
    for moment in moments:
        x = scale(moment)
        if start <= moment <= end and x >= free and x < right - 20:
            marks.append(Mark(_n(x), "", date_format(moment, pattern)))
            free = x + (64 if pattern == "m/Y" else 44)
    return marks or [Mark(_n(scale(start)), "", date_format(start, "d/m/Y"))]


def _squares(scores: list[Score], scale: TimeScale) -> list[Mark]:
    """NEWS2 as numbered squares, newest kept where two would touch; dashed ones are provisional."""
    marks: list[Mark] = []
    free = math.inf
    for score in reversed(scores):
        x = scale(score.when.at)
        if x + SQUARE / 2 <= free:
            kind = "p" if not score.complete else score.level or "n"
            marks.append(Mark(_n(x), _n(x - SQUARE / 2), score.text.replace("≥ ", "≥"), kind))
            free = x - SQUARE / 2 - 2
    return marks[::-1]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points) if len(points) > 1 else ""


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


__all__ = ["Drawing", "Spark", "draw_spark", "draw_vitals"]
