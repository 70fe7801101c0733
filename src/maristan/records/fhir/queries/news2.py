"""NEWS2, National Early Warning Score 2 (Royal College of Physicians, London, 2017), SpO₂ scale 1.

A total is given only when all seven inputs were measured together; otherwise it is provisional: at least so much.
It is not made for people under 16, nor in pregnancy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from maristan.records.fhir.queries.facts import Body, Result, Subject, When, read_results

PULSE, RESPIRATION, SYSTOLIC, OXYGEN, CONSCIOUSNESS = "8867-4", "9279-1", "8480-6", "3151-8", "80288-4"
TEMPERATURE = ("8310-5", "8331-1")
SATURATION = ("59408-5", "2708-6")
ALERT = "248234008"
ADULT = 16
TOGETHER = 20 * 60  # seconds between the first and the last value of one round


def _bands(*steps: tuple[float, int], above: int) -> Callable[[float], int]:
    return lambda value: next((score for limit, score in steps if value <= limit), above)


RESPIRATION_SCORE = _bands((8, 3), (11, 1), (20, 0), (24, 2), above=3)
SATURATION_SCORE = _bands((91, 3), (93, 2), (95, 1), above=0)
SYSTOLIC_SCORE = _bands((90, 3), (100, 2), (110, 1), (219, 0), above=3)
PULSE_SCORE = _bands((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), above=3)
TEMPERATURE_SCORE = _bands((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), above=2)


@dataclass(frozen=True)
class Score:
    """A total at one time. `complete` is False when an input is missing: the total is then "at least"."""

    when: When
    total: int
    complete: bool
    single_three: bool

    @property
    def level(self) -> str:
        """ "r" from 7, "y" from 5 or for a single 3, else "": the response the score asks for."""
        return "r" if self.total >= 7 else "y" if self.total >= 5 or self.single_three else ""

    @property
    def text(self) -> str:
        return str(self.total) if self.complete else f"≥ {self.total}"


def score_round(values: dict[str, Result]) -> Score | None:
    """Score of the values of one round by LOINC code; None when no input of the score is among them."""
    points = [p for p in _points(values) if p is not None]
    if not points:
        return None
    return Score(max(r.when for r in values.values()), sum(points), len(points) == 7, 3 in points)


def score_rounds(results: Iterable[Result], subject: Subject) -> list[Score]:
    """Scores of all rounds, oldest first; none for people under 16 or of unknown age."""
    scores = []
    for values in group_rounds(results):
        age = subject.age_at(next(iter(values.values())).when.at)
        if age is not None and age >= ADULT and (score := score_round(values)):
            scores.append(score)
    return scores


def score_bodies(bodies: Iterable[Body], subject: Subject) -> list[Score]:
    """Scores of the rounds in Observation bodies, oldest first."""
    return score_rounds((r for body in bodies for r in read_results(body, subject, {})), subject)


def group_rounds(results: Iterable[Result]) -> list[dict[str, Result]]:
    """Values taken within twenty minutes of the first, by code; oldest round first."""
    rounds: list[dict[str, Result]] = []
    started = None
    for result in sorted(results, key=lambda r: r.when):
        if started is None or (result.when.at - started).total_seconds() > TOGETHER:
            started = result.when.at
            rounds.append({})
        rounds[-1][result.code] = result
    return rounds


def _points(values: dict[str, Result]) -> list[int | None]:
    return [
        _score(values, (RESPIRATION,), RESPIRATION_SCORE),
        _score(values, SATURATION, SATURATION_SCORE),
        _score(values, (OXYGEN,), lambda litres: 2 if litres > 0 else 0),
        _score(values, (SYSTOLIC,), SYSTOLIC_SCORE),
        _score(values, (PULSE,), PULSE_SCORE),
        _consciousness(values.get(CONSCIOUSNESS)),
        _score(values, TEMPERATURE, TEMPERATURE_SCORE),
    ]


def _score(values: dict[str, Result], codes: tuple[str, ...], scale: Callable[[float], int]) -> int | None:
    found = next((values[code] for code in codes if code in values), None)
    return None if found is None or found.value.number is None else scale(found.value.number)


def _consciousness(result: Result | None) -> int | None:
    if result is None or result.value.absent:
        return None
    return 0 if result.value_code == ALERT else 3
