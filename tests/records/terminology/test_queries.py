"""Words of codes and expected ranges, as shipped."""

import csv
import itertools

import pytest
from django.conf import settings
from django.utils import translation

from maristan.records.terminology import queries
from maristan.records.terminology.queries import LOINC, RXNORM, SNOMED, find_label, find_range, label_of, show_unit

DATA = settings.BASE_DIR / "data" / "terminology"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(("language", "words"), [("fr", "Glycémie"), ("ar", "سكر الدم"), ("en", "Glucose")])
def test_a_code_has_our_words_in_each_language(language, words):
    assert str(find_label(LOINC, "2345-7", language)) == words


def test_a_drug_keeps_its_latin_name_on_arabic_pages_and_says_so():
    found = find_label(RXNORM, "855332", "ar")
    assert (found.text, found.lang) == ("Warfarine 5 mg, comprimé", "fr")


def test_a_code_without_our_words_shows_those_of_the_resource_marked_english():
    concept = {"coding": [{"system": SNOMED, "code": "10383002", "display": "Counseling"}], "text": "Counseling"}
    with translation.override("fr"):
        found = label_of(concept)
    assert (found.text, found.lang) == ("Counseling", "en")


def test_english_words_are_not_marked_on_an_english_page():
    with translation.override("en"):
        assert label_of({"coding": [{"system": SNOMED, "code": "x", "display": "Odd thing"}]}).lang == ""


def test_words_typed_by_people_carry_the_language_of_the_resource_or_none():
    with translation.override("ar-dz"):
        assert label_of({"text": "Lévofloxacine"}, written_in="fr").lang == "fr"
        assert label_of({"text": "دواء"}).lang == ""


def test_nothing_to_name_gives_nothing():
    assert label_of(None) is None
    assert label_of({}) is None


@pytest.mark.parametrize(
    ("sex", "age", "low"), [("female", 40, 12), ("male", 40, 13), ("male", 10, 11), ("female", 0.1, 10)]
)
def test_a_range_depends_on_sex_and_age(sex, age, low):
    assert find_range("718-7", "g/dL", sex=sex, age=age).low == low


def test_a_range_holds_for_one_unit_only():
    assert find_range("2160-0", "mg/L", sex="female", age=67).high == 11
    assert find_range("2160-0", "umol/L", sex="female", age=67) is None


def test_an_unknown_age_or_sex_gives_no_range_where_they_count():
    assert find_range("718-7", "g/dL", sex="female", age=None) is None
    assert find_range("718-7", "g/dL", sex="unknown", age=40) is None
    assert find_range("2823-3", "mmol/L", sex="unknown", age=40).high == 5.1


def test_units_are_written_as_laboratories_do():
    assert [show_unit(unit) for unit in ("mm[Hg]", "Cel", "10*3/uL", "{INR}", "g/L")] == [
        "mmHg",
        "°C",
        "G/L",
        "",
        "g/L",
    ]


def test_every_code_is_named_once_in_french():
    labels = rows("labels.csv")
    assert len({(row["system"], row["code"]) for row in labels}) == len(labels)
    assert [row["code"] for row in labels if not row["fr"]] == []


def test_all_but_drugs_are_named_in_arabic():
    bare = [row["code"] for row in rows("labels.csv") if not row["ar"] and row["system"] != RXNORM]
    assert bare == []


def test_bounds_stand_in_order_and_never_overlap_in_age():
    for row in rows("ranges.csv"):
        bounds = [float(row[n]) for n in ("critical_low", "low", "high", "critical_high") if row[n]]
        assert bounds == sorted(bounds), row
    seen = {}
    for row in rows("ranges.csv"):
        seen.setdefault((row["code"], row["unit"], row["sex"]), []).append(row)
    for group in seen.values():
        spans = sorted((float(r["age_from"]), float(r["age_until"] or 999)) for r in group)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), group


def test_every_range_names_a_code_that_has_words():
    named = {row["code"] for row in rows("labels.csv") if row["system"] == LOINC}
    assert {row["code"] for row in rows("ranges.csv")} - named == set()


def test_words_to_search_hold_every_language():
    assert queries.words_of(SNOMED, "49436004") == ("Fibrillation auriculaire", "رجفان أذيني", "Atrial fibrillation")
