"""What somebody typed in the search field: names, parts of a birth date, numbers."""

import datetime
import re
from dataclasses import dataclass

from maristan.records.patients.models.identifier import fold_digits, national_part, normalise_identifier
from maristan.records.patients.models.names import fold

LONGEST = 120
MOST_WORDS = 8
NUMBER_ONLY = re.compile(r"[\d\s+./()\-]+")
DAY = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})")
DAY_UNBROKEN = re.compile(r"(\d\d)(\d\d)(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
MONTH = re.compile(r"(\d{1,2})/(\d{4})")
SHORTEST_NUMBER = 4


@dataclass(frozen=True)
class Typed:
    """`words` folded names · `births` beginnings of a birth word, YYYY[MM[DD]] · `numbers` as identifiers are kept."""

    words: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.births or self.numbers)

    @property
    def is_number_only(self) -> bool:
        """True for digits alone, which may be a date, a telephone or an identifier: any of them is an answer."""
        return not self.words


def read_typed(text: str) -> Typed:
    """Take a search apart; signs that mean nothing are left out, never an error."""
    text = fold_digits(text.replace("\x00", "")[:LONGEST]).strip()
    if NUMBER_ONLY.fullmatch(text):
        return Typed(births=tuple(_births(text)), numbers=tuple(_numbers(text)))
    words, births, numbers = [], [], []
    for token in text.split():
        found = _births(token)
        if found:
            births += found[:1]
        elif any(sign.isdigit() for sign in token):
            numbers += _numbers(token)
        else:
            words += fold(token).split()
    return Typed(tuple(words[:MOST_WORDS]), tuple(births[:1]), tuple(numbers[:2]))


def _births(text: str) -> list[str]:
    if match := DAY.fullmatch(text) or DAY_UNBROKEN.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := ISO_DAY.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := MONTH.fullmatch(text):
        month, year = map(int, match.groups())
        return [f"{year}{month:02}"] if 1 <= month <= 12 and _is_birth_year(year) else []
    else:
        return [text] if re.fullmatch(r"\d{4}", text) and _is_birth_year(int(text)) else []
    try:
        return [datetime.date(year, month, day).strftime("%Y%m%d")] if _is_birth_year(year) else []
    except ValueError:
        return []


def _is_birth_year(year: int) -> bool:
    return 1850 <= year <= datetime.datetime.now(tz=datetime.UTC).year + 1


def _numbers(text: str) -> list[str]:
    number = normalise_identifier(text)
    return [number] if len(number) >= SHORTEST_NUMBER else []


def national_beginning(text: str) -> str:
    """The beginning of a telephone number as it is compared: without +, country code or first 0."""
    digits = re.sub(r"\D", "", text)
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if len(digits) > 9:
        digits = national_part("+" + digits)
    return digits.removeprefix("0")
