"""The Patient follows its person, in the same transaction."""

import datetime

import pytest
from django.db import transaction

from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.services import COMMAND, Store
from maristan.records.fhir.services.versions import check_versions
from maristan.records.patients.models import Person
from maristan.records.patients.services import correct_person, register_person
from tests.records.access.factories import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FACTS = {"family_fr": "Cherif", "given_fr": "Nadia", "sex": "female", "birth_precision": "day"}


@pytest.fixture
def clerk(ward):
    return at_work("reception", ward)


@pytest.fixture
def registered(clerk):
    return register_person(by=clerk, birth_date=datetime.date(1990, 5, 6), **FACTS)


def patient(person):
    return Store(by=COMMAND).read("Patient", str(person.pk))


def test_registering_a_person_stores_the_patient(registered, clerk):
    assert patient(registered)["name"][0]["family"] == "Cherif"
    version = ResourceVersion.objects.get(type="Patient", fhir_id=str(registered.pk))
    assert version.author_id == clerk.pk
    assert Resource.objects.get(type="Patient").person_id == registered.pk


def test_correcting_a_person_adds_a_version(registered, clerk):
    correct_person(registered, by=clerk, given_fr="Nadjia")
    assert patient(registered)["name"][0]["given"] == ["Nadjia"]
    assert patient(registered)["meta"]["versionId"] == "2"


def test_both_or_neither(clerk):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        register_person(by=clerk, birth_date=datetime.date(1990, 5, 6), **FACTS)
        raise ZeroDivisionError
    assert not Person.objects.exists()
    assert not ResourceVersion.objects.exists()


def test_what_an_import_said_beyond_our_facts_stays(clerk):
    body = {
        "resourceType": "Patient",
        "name": [{"family": "Saidi", "given": ["Omar"]}],
        "photo": [{"title": "portrait"}],
        "extension": [{"url": "https://example.org/eyes", "valueString": "brown"}],
    }
    made = Store(by=COMMAND).create(body)
    person = Person.objects.get(pk=made["id"])
    assert (person.family_fr, person.given_fr) == ("Saidi", "Omar")
    correct_person(person, by=clerk, given_fr="Amar")
    stored = patient(person)
    assert (stored["photo"], stored["name"][0]["given"]) == ([{"title": "portrait"}], ["Amar"])
    assert {"url": "https://example.org/eyes", "valueString": "brown"} in stored["extension"]


def test_a_person_is_never_deleted_through_the_record(registered):
    with pytest.raises(Exception, match="never deleted"):
        Store(by=COMMAND).delete("Patient", str(registered.pk))
    assert check_versions().faults == []
