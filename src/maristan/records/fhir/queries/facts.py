"""What all parts of the record page read in a body: when, how much, who said so, and how it compares.

Bodies are plain FHIR R4 dictionaries from the door of the record. Unknown, missing, zero and none stay four things:
a missing element gives None, an `absentReason` gives words, a zero is a number, and "none known" is a fact of its own.
"""

import base64
import binascii
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maristan.records.terminology import queries as words
from maristan.records.terminology.queries import Label, Range

Body = dict[str, Any]
INFANT = 10  # kg: under it a weight is read to ten grams
ABSENT = {
    "unknown": gettext_lazy("unknown"),
    "asked-unknown": gettext_lazy("unknown"),
    "not-asked": gettext_lazy("not asked"),
    "asked-declined": gettext_lazy("declined"),
    "not-performed": gettext_lazy("not measured"),
    "temp-unknown": gettext_lazy("pending"),
    "error": gettext_lazy("not usable"),
    "masked": gettext_lazy("not shown"),
}


class Flag(StrEnum):
    """How a value compares with what is expected of it."""

    NONE = ""
    NORMAL = "n"
    LOW = "lo"
    HIGH = "hi"
    VERY_LOW = "ll"
    VERY_HIGH = "hh"
    ABNORMAL = "ab"

    @property
    def is_critical(self) -> bool:
        return self in (Flag.VERY_LOW, Flag.VERY_HIGH)

    @property
    def is_abnormal(self) -> bool:
        return self not in (Flag.NONE, Flag.NORMAL)

    @property
    def sign(self) -> str:
        return {"lo": "▼", "hi": "▲", "ll": "▼▼", "hh": "▲▲", "ab": "!"}.get(self.value, "")

    @property
    def words(self) -> str:
        return {
            "lo": _("low"),
            "hi": _("high"),
            "ll": _("critically low"),
            "hh": _("critically high"),
            "ab": _("abnormal"),
        }.get(self.value, "")

    @property
    def rank(self) -> int:
        """0 critical, 1 abnormal, 2 the rest: the order of a list of results."""
        return 0 if self.is_critical else 1 if self.is_abnormal else 2


_INTERPRETATIONS = {
    "HH": Flag.VERY_HIGH,
    "HU": Flag.VERY_HIGH,
    "LL": Flag.VERY_LOW,
    "LU": Flag.VERY_LOW,
    "H": Flag.HIGH,
    "L": Flag.LOW,
    "N": Flag.NORMAL,
    "A": Flag.ABNORMAL,
    "AA": Flag.ABNORMAL,
}


@dataclass(frozen=True, order=True)
class When:
    """A time of a fact with the precision it was given: a year alone never becomes the first of January."""

    at: datetime.datetime
    precision: str = "minute"  # year, month, day, minute

    @property
    def local(self) -> datetime.datetime:
        return timezone.localtime(self.at)

    @property
    def day(self) -> datetime.date:
        return self.local.date()

    @property
    def iso(self) -> str:
        size = {"year": 4, "month": 7, "day": 10}.get(self.precision)
        return self.local.isoformat(timespec="minutes") if size is None else self.local.date().isoformat()[:size]

    @property
    def clock(self) -> str:
        return self.local.strftime("%H:%M") if self.precision == "minute" else ""

    @property
    def date(self) -> str:
        """d/m/Y, or m/Y, or Y."""
        return self.local.strftime({"year": "%Y", "month": "%m/%Y"}.get(self.precision, "%d/%m/%Y"))

    @property
    def full(self) -> str:
        return f"{self.date} {self.clock}".strip()

    @property
    def brief(self) -> str:
        """The hour if it is today, day and month this year, else the date."""
        now = timezone.localtime()
        if self.precision in ("year", "month") or self.local.year != now.year:
            return self.date
        if self.precision == "minute" and self.day == now.date():
            return self.clock
        return self.local.strftime("%d/%m")

    @property
    def stamp(self) -> str:
        """As brief, with the hour of other days of the same year too."""
        brief = self.brief
        return f"{brief} {self.clock}" if self.clock and len(brief) == len("24/11") and "/" in brief else brief

    def __str__(self) -> str:
        return self.full


@dataclass(frozen=True)
class Value:
    """A value as it is shown: text and unit apart, the number if there is one, or why there is none."""

    text: str
    unit: str = ""
    number: float | None = None
    lang: str = ""
    absent: bool = False

    def __str__(self) -> str:
        return f"{self.text} {self.unit}".strip()


@dataclass(frozen=True)
class Subject:
    """Of whom the page speaks, as far as values need to know."""

    sex: str
    birth_date: datetime.date | None

    def age_at(self, when: datetime.datetime) -> float | None:
        """Age in years at a moment, or None when the birth date is unknown."""
        return None if self.birth_date is None else (when.date() - self.birth_date).days / 365.25


@dataclass(frozen=True)
class Result:
    """One measured value: of an Observation or of one of its components."""

    id: str
    code: str
    system: str
    label: Label
    when: When
    value: Value
    ucum: str
    flag: Flag
    expected: Range | None
    author: str
    encounter: str
    status: str
    value_code: str = ""

    @property
    def range_words(self) -> str:
        return show_range(self.expected)

    @property
    def anchor(self) -> str:
        return f"Observation-{self.id}"


def read_when(text: str | None) -> When | None:
    """A FHIR date, dateTime or instant with its precision; None when absent or unreadable."""
    if not text:
        return None
    try:
        if len(text) > 10:
            moment = datetime.datetime.fromisoformat(text)
            return When(moment if moment.tzinfo else timezone.make_aware(moment))
        year, month, day = (int(part) for part in (*text.split("-"), "1", "1")[:3])
        start = timezone.make_aware(datetime.datetime(year, month, day))  # noqa: DTZ001 made aware here
    except ValueError:
        return None
    return When(start, {4: "year", 7: "month"}.get(len(text), "day"))


def first_when(body: Body, *names: str) -> When | None:
    """The first readable time among elements; a period gives its start."""
    for name in names:
        value = body.get(name)
        if found := read_when(value.get("start") if isinstance(value, dict) else value):
            return found
    return None


def codings(concept: Any) -> list[tuple[str, str]]:
    """(system, code) pairs of a CodeableConcept, or of the first of a list of them."""
    if isinstance(concept, list):
        concept = concept[0] if concept else None
    return [(c.get("system", ""), c.get("code", "")) for c in (concept or {}).get("coding", ())]


def code_of(concept: Any) -> str:
    """First code of a CodeableConcept, or "" when it is text only."""
    found = codings(concept)
    return found[0][1] if found else ""


def label_of(body: Body, name: str = "code") -> Label:
    """Words for a coded element, or "unnamed" in the page's language."""
    value = body.get(name)
    concept = value[0] if isinstance(value, list) and value else value
    found = words.label_of(concept or None, written_in=body.get("language", ""))
    return found or Label(_("unnamed"))


def id_of(reference: Body | None) -> str:
    """Last part of a literal reference, without its version."""
    text = (reference or {}).get("reference", "")
    return text.split("/_history")[0].rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def show_number(number: float, decimals: int | None = None) -> str:
    """A number with the page's decimal mark: printed decimals if the test has them, else at most three digits."""
    if decimals is None:
        decimals = next((d for d in (0, 1, 2) if abs(number - round(number, d)) < 10 ** -(d + 3)), 2)
    return formats.number_format(round(number, decimals), decimals, use_l10n=True, force_grouping=False)


def read_quantity(quantity: Body, code: str = "") -> Value:
    """A Quantity with its comparator, rounded as laboratories print this test."""
    ucum = quantity.get("code") or quantity.get("unit", "")
    number = quantity.get("value")
    if number is None:
        return Value(_("unknown"), absent=True)
    decimals = 2 if ucum == "kg" and number < INFANT else words.decimals_of(code, ucum)
    text = quantity.get("comparator", "") + show_number(float(number), decimals)
    return Value(text, words.show_unit(ucum), float(number))


def read_value(body: Body, code: str = "") -> Value | None:
    """The value of an Observation or component; None when it carries none (its components do)."""
    if "valueQuantity" in body:
        return read_quantity(body["valueQuantity"], code)
    if "valueCodeableConcept" in body:
        found = words.label_of(body["valueCodeableConcept"])
        return Value(str(found), lang=found.lang) if found else None
    for name in ("valueString", "valueInteger", "valueDateTime", "valueTime"):
        if name in body:
            return Value(str(body[name]), number=body[name] if name == "valueInteger" else None)
    if "valueBoolean" in body:
        return Value(_("yes") if body["valueBoolean"] else _("no"))
    if "valueRatio" in body:
        ratio = body["valueRatio"]
        return Value(
            " / ".join(str(read_quantity(ratio[part])) for part in ("numerator", "denominator") if part in ratio)
        )
    if "dataAbsentReason" in body:
        return Value(str(ABSENT.get(code_of(body["dataAbsentReason"]), _("unknown"))), absent=True)
    return None


def judge(body: Body, number: float | None, expected: Range | None) -> Flag:
    """How a value compares: the laboratory's word first, then its own bounds, then ours.

    Bounds are inclusive: a value equal to one is within it; a critical bound is reached when the value equals it.
    """
    for concept in body.get("interpretation", ()):
        if flag := _INTERPRETATIONS.get(code_of(concept)):
            return flag
    if number is None or expected is None:
        return Flag.NONE
    if expected.critical_low is not None and number <= expected.critical_low:
        return Flag.VERY_LOW
    if expected.critical_high is not None and number >= expected.critical_high:
        return Flag.VERY_HIGH
    if expected.low is not None and number < expected.low:
        return Flag.LOW
    return Flag.HIGH if expected.high is not None and number > expected.high else Flag.NORMAL


def expected_range(body: Body, code: str, ucum: str, subject: Subject, when: When) -> Range | None:
    """The laboratory's own bounds if the result carries them, with our critical bounds; else ours."""
    ours = words.find_range(code, ucum, sex=subject.sex, age=subject.age_at(when.at))
    for given in body.get("referenceRange", ()):
        low, high = (given.get(side, {}).get("value") for side in ("low", "high"))
        if low is None and high is None:
            continue
        critical = (ours.critical_low, ours.critical_high) if ours else (None, None)
        return Range(low, high, *critical, ours.decimals if ours else -1, "laboratory")
    return ours


def show_range(expected: Range | None) -> str:
    """Bounds as laboratories print them: 2–3, < 6, ≥ 60; "" when there is none."""
    if expected is None or (expected.low is None and expected.high is None):
        return ""
    whole = all(bound is None or float(bound).is_integer() for bound in (expected.low, expected.high))
    decimals = 0 if whole else None if expected.decimals < 0 else expected.decimals
    low, high = (None if b is None else show_number(b, decimals) for b in (expected.low, expected.high))
    if low is None:
        return f"≤ {high}"
    return f"≥ {low}" if high is None else f"{low}–{high}"


def read_results(body: Body, subject: Subject, names: dict[str, str]) -> list[Result]:
    """Every value of an Observation: its own, then those of its components. Nothing for one entered in error."""
    when = first_when(body, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    if when is None or body.get("status") in ("entered-in-error", "cancelled"):
        return []
    found = (_read_result(part, body, when, subject, names) for part in (body, *body.get("component", ())))
    return [result for result in found if result]


def author_of(body: Body, names: dict[str, str], *elements: str) -> str:
    """Who states it: the display of the reference, else the name found for it, else ""."""
    for element in elements or ("performer", "recorder", "asserter", "requester", "author"):
        value = body.get(element)
        for item in value if isinstance(value, list) else [value] if value else []:
            reference = item.get("actor", item)
            if name := names.get(reference.get("reference", "")) or reference.get("display"):
                return name
    return ""


def plain_text(narrative: str) -> str:
    """The words of an XHTML narrative: tags become line breaks or nothing, so that nothing in it can act."""
    text = re.sub(r"(?i)</(p|div|li|tr|h\d)>|<br\s*/?>", "\n", narrative or "")
    text = unescape(re.sub(r"<[^>]*>", "", text)).replace("\xa0", " ")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def attached_text(attachment: Body) -> str:
    """Text carried inside an attachment of type text/plain; "" for any other."""
    if not attachment.get("contentType", "").startswith("text/plain"):
        return ""
    try:
        return base64.b64decode(attachment.get("data", "")).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def notes_of(body: Body) -> str:
    """Free words of a resource, joined."""
    return " ".join(note.get("text", "") for note in body.get("note", ()))


def _read_result(part: Body, body: Body, when: When, subject: Subject, names: dict[str, str]) -> Result | None:
    system, code = (codings(part.get("code")) or [("", "")])[0]
    value = read_value(part, code)
    if value is None:
        return None
    quantity = part.get("valueQuantity", {})
    ucum = quantity.get("code") or quantity.get("unit", "")
    expected = expected_range(part, code, ucum, subject, when)
    return Result(
        id=body.get("id", ""),
        code=code,
        system=system,
        label=words.label_of(part.get("code"), written_in=body.get("language", "")) or Label(_("unnamed")),
        when=when,
        value=value,
        ucum=ucum,
        flag=judge(part, value.number, expected),
        expected=expected,
        author=author_of(body, names, "performer"),
        encounter=id_of(body.get("encounter")),
        status=body.get("status", ""),
        value_code=code_of(part.get("valueCodeableConcept")),
    )
