"""How the text of a cell becomes a value. Every reader raises CellRefused with what to write instead."""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from maristan.core.territory.models.contacts import DAY, clock
from maristan.core.territory.models.names import fold
from maristan.core.territory.services.problems import CellRefused

Reader = Callable[[str], Any]
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_STRETCH = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_TELEPHONE = re.compile(r"\+?\d{2,15}")


def text(longest: int) -> Reader:
    """Plain text of at most `longest` characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise CellRefused(
                _("This text has %(length)s characters.") % {"length": len(cell)},
                _("Write at most %(longest)s.") % {"longest": longest},
            )
        return cell

    return read


def code(longest: int) -> Reader:
    """A code: letters, figures, `-`, `_` and `.`."""

    def read(cell: str) -> str:
        if not re.fullmatch(rf"[\w.-]{{1,{longest}}}", cell):
            raise CellRefused(
                _("“%(cell)s” is not a code.") % {"cell": cell[:60]},
                _("Write letters, figures, “-”, “_” or “.”, at most %(longest)s.") % {"longest": longest},
            )
        return cell

    return read


def choice(choices: type[TextChoices]) -> Reader:
    """One of a list, by its code or by its words in any language of the screens."""

    def read(cell: str) -> str:
        known = _words(choices).get(fold(cell))
        if known:
            return known
        raise CellRefused(
            _("“%(cell)s” is not known here.") % {"cell": cell[:60]},
            _("Write one of: %(known)s.") % {"known": ", ".join(choices.values)},
        )

    return read


@cache
def _words(choices: type[TextChoices]) -> dict[str, str]:
    """Every word by which one of `choices` is known: its code, and its label in each language of the screens."""
    known = {}
    for language in ("en", "ar-dz", "fr"):
        with translation.override(language):
            known.update({fold(str(item.label)): item.value for item in choices})
    return known | {fold(item.value): item.value for item in choices}


def number(cell: str) -> float:
    """A decimal number, with a point or a comma."""
    if not _NUMBER.fullmatch(cell) or len(cell) > 30 or not math.isfinite(float(cell.replace(",", "."))):
        raise CellRefused(_("“%(cell)s” is not a number.") % {"cell": cell[:60]}, _("Write a number such as 36.365."))
    return float(cell.replace(",", "."))


def degrees(limit: int) -> Reader:
    """A latitude (limit 90) or a longitude (limit 180)."""

    def read(cell: str) -> float:
        value = number(cell)
        if abs(value) > limit:
            raise CellRefused(
                _("%(value)s degrees are not on Earth.") % {"value": cell},
                _("Write degrees between -%(limit)s and %(limit)s.") % {"limit": limit},
            )
        return value

    return read


def whole(cell: str) -> int:
    """A whole number of at most nine figures."""
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        raise CellRefused(_("“%(cell)s” is not a whole number.") % {"cell": cell[:60]}, _("Write figures only."))
    return int(cell)


def date(cell: str) -> datetime.date:
    """A day, as 2026-04-04 or 04/04/2026."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.datetime.strptime(cell, form).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    raise CellRefused(_("“%(cell)s” is not a date.") % {"cell": cell[:60]}, _("Write it as 04/04/2026."))


def telephones(cell: str) -> tuple[str, ...]:
    """One or several numbers, separated by `;`."""
    found = []
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        digits = re.sub(r"[\s().-]", "", part)
        if not _TELEPHONE.fullmatch(digits) or not digits.isascii():
            raise CellRefused(
                _("“%(cell)s” is not a telephone number.") % {"cell": part[:60]},
                _("Write figures, as 031 88 66 00; separate two numbers with “;”."),
            )
        found.append(digits)
    return tuple(dict.fromkeys(found))


def email(cell: str) -> tuple[str, ...]:
    """An e-mail address."""
    try:
        validate_email(cell)
    except ValidationError:
        raise CellRefused(
            _("“%(cell)s” is not an e-mail address.") % {"cell": cell[:60]}, _("Write it as name@example.dz.")
        ) from None
    return (cell,)


def web(cell: str) -> tuple[str, ...]:
    """A web address."""
    try:
        URLValidator(schemes=["http", "https"])(cell)
    except ValidationError:
        raise CellRefused(
            _("“%(cell)s” is not a web address.") % {"cell": cell[:60]}, _("Write it as https://example.dz.")
        ) from None
    return (cell,)


def hours(cell: str) -> tuple[tuple[int, int, int], ...]:
    """Opening hours as OpenStreetMap writes the plain ones: `Su-Th 08:00-16:30; Sa 08:00-12:00`, or `24/7`.

    Returns (weekday, opens, closes) in minutes after midnight, sorted; a night becomes two stretches.
    """
    if cell.strip() == "24/7":
        return tuple((day, 0, DAY) for day in range(7))
    found: dict[int, list[tuple[int, int]]] = {}
    for part in filter(None, (part.strip() for part in cell.split(";"))):
        days, _space, times = part.partition(" ")
        for day, opens, closes in _stretches(_days(days), times):
            found.setdefault(day, []).append((opens, closes))
    for day, stretches in found.items():
        _refuse_overlap(day, sorted(stretches))
    return tuple(sorted((day, *stretch) for day, stretches in found.items() for stretch in stretches))


def _days(words: str) -> list[int]:
    days: list[int] = []
    for part in words.lower().split(","):
        first, _dash, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise _hours_refused(words)
        start, end = DAYS.index(first), DAYS.index(last or first)
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return days


def _stretches(days: list[int], times: str) -> list[tuple[int, int, int]]:
    found = []
    for part in times.split(","):
        match = _STRETCH.fullmatch(part.strip())
        if not match:
            raise _hours_refused(times)
        hour, minute, end_hour, end_minute = (int(group) for group in match.groups())
        opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
        if minute > 59 or end_minute > 59 or opens >= DAY or closes > DAY or opens == closes:
            raise _hours_refused(times)
        for day in days:
            if closes > opens:
                found.append((day, opens, closes))
                continue
            found.append((day, opens, DAY))
            if closes:
                found.append(((day + 1) % 7, 0, closes))
    return found


def _refuse_overlap(day: int, stretches: list[tuple[int, int]]) -> None:
    for (_opens, closes), (opens, _closes) in pairwise(stretches):
        if opens < closes:
            raise CellRefused(
                _("On %(day)s two opening times overlap at %(time)s.")
                % {"day": DAYS[day].capitalize(), "time": clock(opens)},
                _("Write each stretch of the day once."),
            )


def _hours_refused(words: str) -> CellRefused:
    return CellRefused(
        _("“%(cell)s” is not understood as opening hours.") % {"cell": words[:60]},
        _("Write them as: Su-Th 08:00-16:30; Sa 08:00-12:00, or 24/7."),
    )


def clean(value: Any) -> str:
    """The text of any cell, without blanks around; refuses what no table should hold."""
    if isinstance(value, bool) or value is None:
        cell = "" if value is None else str(value).lower()
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        cell = str(int(value))
    elif isinstance(value, datetime.datetime):
        cell = str(value.date() if value.time() == datetime.time() else value)
    else:
        cell = str(value)
    cell = unicodedata.normalize("NFC", cell).strip().strip("\u200e\u200f\ufeff").strip()
    if cell.startswith("="):
        raise CellRefused(_("This cell holds a formula."), _("Replace the formula with its value."))
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in cell):
        raise CellRefused(_("This cell holds characters that cannot be shown."), _("Type the cell again."))
    return " ".join(cell.split())
