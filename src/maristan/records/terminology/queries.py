"""Words and expected ranges for codes, read once from the facts shipped under `data/terminology`.

Nothing here converts a unit: a range holds only for the unit it is written in.
"""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import translation

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ENCOUNTER_CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

# Systems whose displays are English wherever a resource comes from.
_ENGLISH = (LOINC, SNOMED, RXNORM, "http://hl7.org/fhir/sid/cvx", "http://hl7.org/fhir/sid/icd-10")


@dataclass(frozen=True)
class Label:
    """Words for a code. `lang` is empty when they are in the reader's language, else the language to mark."""

    text: str
    lang: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Range:
    """Expected values of one test in one unit, for one sex and age. Bounds are inclusive; None is unbounded.

    `source` is "news2" (Royal College of Physicians, 2017) or "usual" (usual values, to be confirmed by a biologist).
    """

    low: float | None
    high: float | None
    critical_low: float | None
    critical_high: float | None
    decimals: int
    source: str


def page_language() -> str:
    """Language of the page in two letters: fr, ar or en."""
    return (translation.get_language() or "fr")[:2]


def find_label(system: str, code: str, language: str | None = None) -> Label | None:
    """Our wording of a code in `language` (the page's by default). A drug keeps its French name in Arabic pages."""
    language = language or page_language()
    words = _labels().get((system, code))
    if not words:
        return None
    if words[language]:
        return Label(words[language])
    return Label(words["fr"], "fr") if language == "ar" else None


def label_of(concept: dict | None, *, written_in: str = "", language: str | None = None) -> Label | None:
    """Words for a CodeableConcept: ours if we have them, else those it carries, marked with their language.

    `written_in` is the language of the resource; words typed by people without one are left unmarked.
    """
    concept = concept or {}
    for coding in concept.get("coding", ()):
        if found := find_label(coding.get("system", ""), coding.get("code", ""), language):
            return found
    for coding in concept.get("coding", ()):
        if coding.get("display"):
            english = coding.get("system", "").startswith(_ENGLISH)
            return _marked(coding["display"], "en" if english else written_in, language)
    return _marked(concept["text"], written_in, language) if concept.get("text") else None


def words_of(system: str, code: str) -> tuple[str, ...]:
    """Every wording of a code in every language: what a search within the record compares."""
    return tuple(filter(None, _labels().get((system, code), {}).values()))


def show_unit(ucum: str) -> str:
    """A UCUM unit as laboratories print it ("mm[Hg]" is mmHg). Unknown units are shown as they are written."""
    return _units().get(ucum, ucum)


def find_range(code: str, unit: str, *, sex: str, age: float | None) -> Range | None:
    """Expected range of a LOINC code in a UCUM unit. None when sex, age or unit leave no single answer."""
    if age is None:
        return None
    for row_sex, age_from, age_until, expected in _ranges().get((code, unit), ()):
        if row_sex in ("", sex) and age_from <= age < age_until:
            return expected
    return None


def decimals_of(code: str, unit: str) -> int | None:
    """How many decimals laboratories print for this test in this unit, or None when we do not know."""
    rows = _ranges().get((code, unit))
    return rows[0][3].decimals if rows else None


def _marked(text: str, lang: str, language: str | None) -> Label:
    return Label(text, "" if lang == (language or page_language()) else lang)


def _rows(name: str) -> list[dict[str, str]]:
    path = Path(settings.BASE_DIR) / "data" / "terminology" / name
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@functools.cache
def _labels() -> dict[tuple[str, str], dict[str, str]]:
    return {
        (row["system"], row["code"]): {"fr": row["fr"], "ar": row["ar"], "en": row["en"]} for row in _rows("labels.csv")
    }


@functools.cache
def _units() -> dict[str, str]:
    return {row["ucum"]: row["shown"] for row in _rows("units.csv")}


@functools.cache
def _ranges() -> dict[tuple[str, str], list[tuple[str, float, float, Range]]]:
    found: dict[tuple[str, str], list[tuple[str, float, float, Range]]] = {}
    for row in _rows("ranges.csv"):
        bounds = (_number(row[name]) for name in ("low", "high", "critical_low", "critical_high"))
        expected = Range(*bounds, int(row["decimals"]), row["source"])
        age_until = _number(row["age_until"])
        line = (row["sex"], float(row["age_from"]), float("inf") if age_until is None else age_until, expected)
        found.setdefault((row["code"], row["unit"]), []).append(line)
    return found


def _number(text: str) -> float | None:
    return float(text) if text else None
