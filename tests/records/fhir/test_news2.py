"""NEWS2 at every step of its table (Royal College of Physicians, 2017, scale 1)."""

import datetime

import pytest

from maristan.records.fhir.queries import news2
from maristan.records.fhir.queries.facts import Subject
from tests.records.fhir.test_facts import observation

ADULT = Subject("male", datetime.date(1970, 1, 1))
CALM = {"9279-1": 16, "59408-5": 98, "3151-8": 0, "8480-6": 120, "8867-4": 70, "8310-5": 37.0}
UNITS = {"9279-1": "/min", "59408-5": "%", "3151-8": "L/min", "8480-6": "mm[Hg]", "8867-4": "/min", "8310-5": "Cel"}


def bodies(values, at="2026-03-01T10:00:00+01:00", awake="248234008"):
    found = [observation(code, value, UNITS[code], at) for code, value in values.items()]
    if awake:
        coded = {"coding": [{"system": "http://snomed.info/sct", "code": awake}]}
        found.append(observation("80288-4", None, at=at, valueCodeableConcept=coded))
    return found


def score(**changes):
    (found,) = news2.score_bodies(bodies(CALM | changes), ADULT)
    return found.total


def test_a_calm_adult_scores_nothing_and_all_is_there():
    (found,) = news2.score_bodies(bodies(CALM), ADULT)
    assert (found.total, found.complete, found.level, found.text) == (0, True, "", "0")


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("9279-1", [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)]),
        ("59408-5", [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)]),
        ("3151-8", [(0, 0), (0.5, 2), (6, 2)]),
        ("8480-6", [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)]),
        ("8867-4", [(40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)]),
        ("8310-5", [(35.0, 3), (35.1, 1), (36.0, 1), (36.1, 0), (38.0, 0), (38.1, 1), (39.0, 1), (39.1, 2)]),
    ],
)
def test_each_measure_scores_by_its_table(code, steps):
    assert [(value, score(**{code: value})) for value, _points in steps] == steps


def test_any_change_of_consciousness_scores_three():
    (found,) = news2.score_bodies(bodies(CALM, awake="130987000"), ADULT)
    assert (found.total, found.single_three, found.level) == (3, True, "y")


def test_a_missing_measure_makes_the_total_provisional():
    found = news2.score_bodies(bodies({k: v for k, v in (CALM | {"8867-4": 112}).items() if k != "8310-5"}), ADULT)
    assert [(s.text, s.complete) for s in found] == [("≥ 2", False)]


def test_it_is_not_made_for_a_child_nor_for_an_unknown_age():
    assert news2.score_bodies(bodies(CALM), Subject("male", datetime.date(2012, 1, 1))) == []
    assert news2.score_bodies(bodies(CALM), Subject("male", None)) == []


def test_values_of_two_rounds_are_never_added():
    later = bodies({"8867-4": 140}, at="2026-03-01T12:00:00+01:00", awake="")
    found = news2.score_bodies([*bodies(CALM), *later], ADULT)
    assert [s.text for s in found] == ["0", "≥ 3"]


def test_seven_and_more_is_red():
    (found,) = news2.score_bodies(bodies(CALM | {"9279-1": 25, "59408-5": 91, "8867-4": 95}), ADULT)
    assert (found.total, found.level) == (7, "r")
