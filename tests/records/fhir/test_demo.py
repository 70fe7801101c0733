"""The stories of the demo hold together and reach who should read them."""

import datetime

import pytest
from django.utils import timezone

from maristan.records.fhir.demo import STORIES, story_now, tell
from maristan.records.fhir.demo.story import Staff
from maristan.records.fhir.queries import background, news2
from maristan.records.fhir.queries.facts import Subject, read_results, read_when
from maristan.records.patients.demo import PEOPLE, person_id

NOW = datetime.datetime(2026, 11, 24, 10, 45, tzinfo=datetime.UTC)
BORN = {person.key: person for person in PEOPLE}


def bodies(key):
    return tell(key, NOW, Staff({})).bodies


def of(key, *types):
    return [body for body in bodies(key) if body["resourceType"] in types]


def test_every_story_is_of_a_known_person():
    assert set(STORIES) <= {person.key for person in PEOPLE}


@pytest.mark.parametrize("key", STORIES)
def test_a_story_speaks_of_one_person_only_and_never_of_the_future(key):
    for body in bodies(key):
        assert (body.get("subject") or body["patient"])["reference"] == f"Patient/{person_id(key)}"
        for name in ("effectiveDateTime", "authoredOn", "date", "sent"):
            when = read_when(body.get(name))
            assert when is None or when.at <= NOW, body


@pytest.mark.parametrize("key", STORIES)
def test_every_observation_belongs_to_a_stay_and_has_a_value(key):
    for body in of(key, "Observation"):
        kind = body["category"][0]["coding"][0]["code"]
        assert kind == "social-history" or body["encounter"]["reference"].startswith("Encounter/")
        assert read_results(body, Subject("female", datetime.date(1970, 1, 1)), {})


def test_the_lady_of_the_pictures_is_as_on_the_pictures():
    allergies = background.read_allergies(of("boudjemaa", "AllergyIntolerance"), {})
    running, _past = background.read_medications(of("boudjemaa", "MedicationRequest"), {})
    assert [(str(a.label), a.high) for a in allergies.known] == [("Pénicilline", True)]
    assert [str(m.label) for m in running if m.state == "on-hold"] == ["Acénocoumarol", "Metformine"]
    scores = news2.score_bodies(of("boudjemaa", "Observation"), Subject("female", datetime.date(1959, 3, 12)))
    assert (scores[0].total, scores[-1].total) == (11, 2)


def test_a_sensitive_story_is_labelled_and_the_rest_of_the_record_is_not():
    labelled = [b for b in bodies("psychiatric") if b.get("meta")]
    assert {b["meta"]["security"][0]["code"] for b in labelled} == {"R"}
    assert 0 < len(labelled) < len(bodies("psychiatric"))


def test_a_told_story_is_the_same_each_time():
    assert bodies("boudjemaa") == bodies("boudjemaa")


def test_stories_of_today_count_back_from_this_hour():
    assert abs(story_now(timezone.localdate()) - timezone.localtime()) < datetime.timedelta(minutes=2)
    assert story_now(datetime.date(2026, 1, 2)).hour == 10
