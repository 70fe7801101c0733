import datetime
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from maristan.core.territory.models import Division, Establishment
from maristan.records.patients.fhir import from_fhir, to_fhir
from maristan.records.patients.models import Person
from maristan.records.patients.queries import search_people
from maristan.records.patients.services import add_identifier, add_telephone, import_person
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db

KASSULKE = {
    "resourceType": "Patient",
    "id": "3d3d63e8-17e8-4f0c-b1a3-b24be51df9af",
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Shalanda Lebsack"}
    ],
    "identifier": [
        {"system": "http://hospital.smarthealthit.org", "value": "f538809c"},
        {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-21-2980"},
    ],
    "name": [
        {"use": "official", "family": "Kassulke", "given": ["Fermin", "José"], "prefix": ["Mr."]},
        {"use": "maiden", "family": "Lind", "given": ["Fermin"]},
    ],
    "telecom": [{"system": "phone", "value": "555-573-6899", "use": "home"}],
    "gender": "male",
    "birthDate": "1941-02-26",
    "deceasedDateTime": "2010-05-01T10:00:00+01:00",
    "address": [{"line": ["675 Casper Bay Unit 69"], "city": "Southborough"}],
    "multipleBirthBoolean": False,
}


def test_a_foreign_patient_comes_in_with_its_numbers_and_is_found():
    person = import_person(uuid.UUID(KASSULKE["id"]), from_fhir(KASSULKE), by=None)
    assert (person.family_fr, person.given_fr, person.spouse_family_fr) == ("Lind", "Fermin", "Kassulke")
    assert person.is_deceased
    assert {(item.domain, item.system, item.value) for item in person.identifiers.all()} == {
        ("other", "http://hospital.smarthealthit.org", "f538809c"),
        ("other", "http://hl7.org/fhir/sid/us-ssn", "999-21-2980"),
    }
    assert [hit.person for hit in search_people("kassulke")[0]] == [person]


def test_importing_twice_changes_nothing_but_the_revision():
    first = import_person(uuid.UUID(KASSULKE["id"]), from_fhir(KASSULKE), by=None)
    second = import_person(uuid.UUID(KASSULKE["id"]), from_fhir(KASSULKE), by=None)
    assert Person.objects.count() == 1
    assert second.identifiers.count() == 2
    assert (first.revision, second.revision) == (1, 2)


def test_both_scripts_are_two_names_with_their_language():
    body = to_fhir(PersonFactory())
    assert [(name["family"], name["given"], name["extension"][1]["valueCode"]) for name in body["name"]] == [
        ("Boudjemaa", ["Hayet"], "fr"),
        ("بوجمعة", ["حياة"], "ar"),
    ]


@pytest.mark.parametrize(
    ("precision", "written"),
    [("day", "1959-03-12"), ("month", "1959-03"), ("year", "1959"), ("presumed", "1959"), ("estimated", "1959")],
)
def test_a_birth_date_is_as_exact_as_it_is_known_and_comes_back_so(precision, written):
    day = {"day": (3, 12), "month": (3, 1)}.get(precision, (1, 1))
    person = PersonFactory(birth_date=datetime.date(1959, *day), birth_precision=precision)
    body = to_fhir(person)
    assert body["birthDate"] == written
    facts = from_fhir(body)
    assert (facts["birth_date"], facts["birth_precision"]) == (person.birth_date, precision)


def test_an_unknown_birth_says_so():
    body = to_fhir(PersonFactory(birth_date=None, birth_precision="unknown"))
    assert "birthDate" not in body
    assert body["_birthDate"]["extension"][0]["valueCode"] == "unknown"


def test_our_own_patient_comes_back_whole():
    wilaya = Division.objects.create(level="wilaya", code="25", name_fr="Constantine")
    house = Establishment.objects.create(code="25-chu-01", kind="chu", name_fr="CHU", wilaya=wilaya)
    person = PersonFactory(father_given_fr="Ahmed", mother_family_fr="Benlatreche", address="Cité Daksi")
    add_identifier(person, by=None, domain="nin", value="925590312000148337")
    add_identifier(person, by=None, domain="number", value="25-0148337", establishment=house)
    add_telephone(person, by=None, number="0500 12 03 59")
    before = to_fhir(person)
    import_person(person.pk, from_fhir(json.loads(json.dumps(before))), by=None)
    assert to_fhir(Person.objects.get(pk=person.pk)) == before


def test_an_impossible_birth_date_is_refused_in_words():
    with pytest.raises(ValidationError, match="1959-13-40"):
        from_fhir({**KASSULKE, "birthDate": "1959-13-40"})


def test_a_patient_without_a_name_is_an_unknown_person():
    person = import_person(uuid.UUID(KASSULKE["id"]), from_fhir({**KASSULKE, "name": []}), by=None)
    assert (person.naming, person.call_number) == ("unknown", "FHIR 3d3d63e8-17e8-4f0c-b")


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["male", "x", ""]), st.text(max_size=12))
def test_whatever_a_patient_holds_is_facts_or_a_refusal(family, given_name, gender, birth):
    body = {"name": [{"family": family, "given": [given_name]}], "gender": gender, "birthDate": birth}
    try:
        facts = from_fhir(body)
    except ValidationError:
        return
    assert facts["sex"] in ("male", "unknown")
