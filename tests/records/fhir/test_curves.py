"""Curves and trends: points where they should be, out of band in red, time from left to right."""

import datetime

import pytest
from django.utils import translation

from maristan.records.fhir.queries import vitals
from maristan.records.fhir.queries.curves import draw_spark, draw_vitals
from maristan.records.fhir.queries.facts import Subject, read_results
from maristan.records.fhir.queries.laboratory import find_critical, read_laboratory
from tests.records.fhir.test_facts import observation

NOW = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
START = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
WOMAN = Subject("female", datetime.date(1959, 3, 12))


def at(day, hour=8):
    return f"2026-03-{day:02}T{hour:02}:00:00+00:00"


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


def pulse(*values):
    return [observation("8867-4", value, "/min", at(day)) for day, value in enumerate(values, 1)]


def read(bodies, stay=START):
    return vitals.read_vitals(bodies, WOMAN, {}, stay_start=stay, now=NOW)


def test_time_goes_from_left_to_right_and_a_fall_goes_down():
    drawing = draw_vitals(read(pulse(120, 100, 80)), width=540)
    (panel,) = drawing.panels
    xs, ys = [float(p.x) for p in panel.points], [float(p.y) for p in panel.points]
    assert xs == sorted(xs)
    assert ys == sorted(ys)  # SVG counts downward
    assert drawing.left <= xs[0] and xs[-1] <= drawing.right


def test_points_out_of_the_band_are_red_and_those_on_its_edge_are_not():
    (panel,) = draw_vitals(read(pulse(91, 90, 51, 50)), width=540).panels
    assert [p.kind for p in panel.points] == ["x", "d", "d", "x"]


def test_the_expected_band_lies_within_the_panel():
    (panel,) = draw_vitals(read(pulse(120, 80)), width=540).panels
    assert float(panel.band_y) >= 22
    assert float(panel.band_y) + float(panel.band_height) <= float(panel.base_y)


def test_the_last_value_is_written_with_its_unit():
    (panel,) = draw_vitals(read(pulse(120, 92)), width=540).panels
    assert (panel.last.text, panel.last.kind, panel.unit.text) == ("92", "wr", "/min")


def test_figures_of_the_drawing_never_use_the_comma_of_the_page():
    drawing = draw_vitals(read(pulse(120, 97, 83)), width=540)
    assert "," not in drawing.panels[0].line + "".join(p.x + p.y for p in drawing.panels[0].points)


def test_one_value_is_a_point_without_a_line():
    (panel,) = draw_vitals(read(pulse(80)), width=344).panels
    assert (panel.line, len(panel.points)) == ("", 1)


def test_only_the_running_stay_is_drawn_when_it_has_measures():
    before = observation("8867-4", 60, "/min", "2025-01-01T08:00:00+00:00")
    assert [r.value.number for r in read([before, *pulse(120, 100)]).series[0].points] == [120, 100]
    assert read([before, *pulse(120, 100)], stay=None).series[0].points[0].value.number == 60


def test_no_measure_is_no_drawing():
    assert read([]) is None
    assert read([observation("8867-4", None, at=at(1), dataAbsentReason={"coding": [{"code": "unknown"}]})]) is None


def test_the_sentence_says_what_the_curves_show():
    assert read(pulse(120, 92)).sentence == (
        "Constantes du 01/03/2026 au 02/03/2026 : Fréquence cardiaque de 120 /min à 92 /min, NEWS2 de ≥ 2 à ≥ 1"
    )


def test_the_table_has_one_row_a_round_newest_first_and_empty_cells_for_what_is_missing():
    found = read([*pulse(120, 92), observation("8310-5", 38.2, "Cel", at(2))])
    rows = [[cell and cell.value.text for cell in row["cells"]] for row in found.table]
    assert rows == [["92", "38,2"], ["120", None]]


def test_a_trend_needs_two_figures_in_one_unit():
    same = [
        r for b in (observation(value=4, at=at(1)), observation(value=5, at=at(2))) for r in read_results(b, WOMAN, {})
    ]
    other = read_results(observation(value=180, unit="mg/L", at=at(3)), WOMAN, {})
    assert draw_spark(same).line.startswith("M")
    assert draw_spark(other) is None
    assert draw_spark([*same, *other]) is None


def test_tests_are_listed_by_danger_with_a_column_a_day():
    bodies = [
        observation("2951-2", 140, "mmol/L", at(3)),
        observation("2823-3", 5.4, "mmol/L", at(3)),
        observation("2823-3", 4.9, "mmol/L", at(1)),
        observation("718-7", 6.4, "g/dL", at(2)),
        observation("4548-4", 8.4, "%", "2025-11-01T08:00:00+00:00"),
    ]
    found = read_laboratory(bodies, WOMAN, {})
    assert [(line.last.code, line.flag.value) for line in found.lines] == [
        ("718-7", "ll"),
        ("2823-3", "hi"),
        ("2951-2", "n"),
    ]
    assert [day.day for day in found.days] == [1, 2, 3]
    assert [cell and cell.value.text for cell in found.lines[1].cells] == ["4,9", None, "5,4"]
    assert [line.last.code for line in found.older] == ["4548-4"]


def test_one_test_in_two_units_is_two_lines():
    bodies = [observation("2160-0", 13.8, "mg/L", at(1)), observation("2160-0", 122, "umol/L", at(2))]
    assert len(read_laboratory(bodies, WOMAN, {}).lines) == 2


def test_a_critical_value_followed_by_a_better_one_no_longer_calls():
    bodies = [observation(value=6.4, at=at(1)), observation(value=5.0, at=at(2))]
    assert find_critical(bodies, WOMAN, {}, since=START) == []
    assert [r.value.number for r in find_critical(bodies[:1], WOMAN, {}, since=START)] == [6.4]
