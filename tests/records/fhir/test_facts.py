"""Values, times and flags: what a reader relies on before anything else."""

import datetime

import pytest
from django.utils import timezone, translation

from maristan.records.fhir.queries.facts import (
    Flag,
    Subject,
    attached_text,
    author_of,
    plain_text,
    read_results,
    read_when,
    show_range,
)

WOMAN = Subject("female", datetime.date(1959, 3, 12))


@pytest.fixture(autouse=True)
def _in_french():
    with translation.override("fr"):
        yield


def observation(code="2823-3", value=4.0, unit="mmol/L", at="2026-03-01T10:00:00+01:00", **more):
    body = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": at,
    }
    if value is not None:
        body["valueQuantity"] = {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}
    return body | more


def one(body):
    (result,) = read_results(body, WOMAN, {})
    return result


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (2.5, Flag.VERY_LOW),
        (2.51, Flag.LOW),
        (3.49, Flag.LOW),
        (3.5, Flag.NORMAL),
        (5.1, Flag.NORMAL),
        (5.11, Flag.HIGH),
        (6.19, Flag.HIGH),
        (6.2, Flag.VERY_HIGH),
    ],
)
def test_potassium_is_flagged_at_its_bounds(value, flag):
    assert one(observation(value=value)).flag == flag


def test_the_word_of_the_laboratory_comes_before_our_bounds():
    called_high = [{"coding": [{"code": "H"}]}]
    assert one(observation(value=6.9, interpretation=called_high)).flag == Flag.HIGH
    assert one(observation(value=9, interpretation=[{"coding": [{"code": "N"}]}])).flag == Flag.NORMAL


def test_the_range_of_the_laboratory_replaces_ours_and_keeps_our_critical_bounds():
    own = [{"low": {"value": 2}, "high": {"value": 3}}]
    result = one(observation("34714-6", 3.2, "{INR}", referenceRange=own))
    assert (result.flag, result.range_words) == (Flag.HIGH, "2–3")
    assert one(observation("34714-6", 4.6, "{INR}", referenceRange=own)).flag == Flag.VERY_HIGH


def test_a_value_in_a_unit_we_have_no_range_for_is_not_judged():
    assert one(observation("2160-0", 88, "umol/L")).flag == Flag.NONE


def test_a_person_of_unknown_age_is_not_judged():
    (result,) = read_results(observation(value=9), Subject("female", None), {})
    assert result.flag == Flag.NONE


def test_zero_is_a_value_and_missing_is_not():
    assert str(one(observation("3151-8", 0, "L/min")).value) == "0 L/min"
    missing = observation(value=None, dataAbsentReason={"coding": [{"code": "not-performed"}]})
    assert (one(missing).value.text, one(missing).value.absent) == ("non mesuré", True)
    assert read_results(observation(value=None), WOMAN, {}) == []


def test_what_was_entered_in_error_is_not_shown():
    assert read_results(observation(status="entered-in-error"), WOMAN, {}) == []


def test_values_are_rounded_as_laboratories_print_them_with_the_comma_of_the_page():
    assert one(observation("2345-7", 1.4249, "g/L")).value.text == "1,42"
    assert one(observation("29463-7", 71.0, "kg")).value.text == "71,0"
    assert one(observation("29463-7", 3.08, "kg")).value.text == "3,08"
    with translation.override("en"):
        assert one(observation("2345-7", 1.4249, "g/L")).value.text == "1,42"


def test_components_are_results_of_their_own():
    parts = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": v, "code": "mm[Hg]"},
        }
        for code, v in (("8480-6", 128), ("8462-4", 74))
    ]
    results = read_results(observation("85354-9", None, component=parts), WOMAN, {})
    assert [(r.code, r.value.text, r.value.unit) for r in results] == [
        ("8480-6", "128", "mmHg"),
        ("8462-4", "74", "mmHg"),
    ]


@pytest.mark.parametrize(
    ("text", "precision", "shown"),
    [
        ("2021", "year", "2021"),
        ("2021-05", "month", "05/2021"),
        ("2021-05-12", "day", "12/05/2021"),
        ("2021-05-12T08:30:00+01:00", "minute", "12/05/2021 08:30"),
    ],
)
def test_a_date_keeps_the_precision_it_was_given(text, precision, shown):
    when = read_when(text)
    assert (when.precision, when.full, when.iso[:4]) == (precision, shown, "2021")


@pytest.mark.parametrize("text", ["", None, "soon", "2021-99-01"])
def test_an_unreadable_date_is_no_date(text):
    assert read_when(text) is None


def test_today_is_told_by_its_hour_and_other_days_by_their_date():
    now = timezone.localtime()
    assert read_when(now.isoformat()).brief == now.strftime("%H:%M")
    assert read_when("2019-03-02T10:00:00+01:00").stamp == "02/03/2019"


@pytest.mark.parametrize(
    ("low", "high", "words"), [(2, 3, "2–3"), (0.7, 1.1, "0,70–1,10"), (None, 6, "≤ 6"), (60, None, "≥ 60")]
)
def test_ranges_are_printed_as_on_a_laboratory_sheet(low, high, words):
    own = [{side: {"value": v} for side, v in (("low", low), ("high", high)) if v is not None}]
    assert one(observation("2345-7", 1, "g/L", referenceRange=own)).range_words == words


def test_no_range_is_no_words():
    assert show_range(None) == ""


def test_a_narrative_becomes_words_that_cannot_act():
    text = plain_text('<div><p>Stable &amp; calme</p><script>alert(1)</script><p onclick="x()">Sortie</p></div>')
    assert text == "Stable & calme\nalert(1)Sortie"


def test_only_plain_text_attachments_are_read():
    assert attached_text({"contentType": "text/plain", "data": "Qm9uam91cg=="}) == "Bonjour"
    assert attached_text({"contentType": "application/pdf", "data": "Qm9uam91cg=="}) == ""
    assert attached_text({"contentType": "text/plain", "data": "%%%"}) == ""


def test_who_states_it_is_named_from_the_reference_or_its_display():
    body = {"performer": [{"reference": "Practitioner/1", "display": "Dr A"}]}
    assert author_of(body, {"Practitioner/1": "د. أ"}) == "د. أ"
    assert author_of(body, {}) == "Dr A"
    assert author_of({"performer": [{"actor": {"display": "Inf. B"}}]}, {}) == "Inf. B"
