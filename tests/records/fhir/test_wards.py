"""A ward at a glance: who is in it, danger first, and never somebody else's patient."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from maristan.core.audit.models import AuditLine
from maristan.records.fhir.services.wards import list_ward
from tests.core.territory.factories import ServiceFactory
from tests.records.access.factories import at_work
from tests.records.fhir.bodies import encounter, restricted
from tests.records.fhir.factories import store_patient_of
from tests.records.fhir.test_record_page import lab, vital
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admit(shell):
    """admit(service, bed, *observations) -> a person in that bed since yesterday."""

    def into(service, bed, *observations, hide=False):
        person = PersonFactory()
        store_patient_of(person)
        stay = encounter(person, service, start=timezone.now() - datetime.timedelta(days=1))
        stay["location"] = [{"location": {"display": bed}, "status": "active"}]
        shell.create(restricted(stay) if hide else stay)
        for body in observations:
            body.pop("id", None)
            shell.create(body | {"subject": {"reference": f"Patient/{person.pk}"}})
        return person

    return into


@pytest.fixture
def staff(ward):
    return at_work("pharmacist", ward.establishment), at_work("nurse", ward)


def test_the_ward_is_ordered_by_danger_then_by_bed(admit, ward, staff):
    calm2, calm1 = admit(ward, "12"), admit(ward, "11", vital("8867-4", 80, "/min", 1))
    amber = admit(ward, "14", vital("8867-4", 135, "/min", 1))
    red = admit(ward, "15", lab("2823-3", 6.6, "mmol/L", 2))
    found = list_ward(ward, by=staff[1])
    assert [(p.person, p.level) for p in found] == [(red, "r"), (amber, "y"), (calm1, ""), (calm2, "")]


def test_another_ward_and_a_finished_stay_are_not_in_it(admit, ward, staff, shell):
    admit(ServiceFactory(), "1")
    person = PersonFactory()
    store_patient_of(person)
    start = timezone.now() - datetime.timedelta(days=3)
    shell.create(encounter(person, ward, status="finished", start=start, end=timezone.now()))
    assert list_ward(ward, by=staff[1]) == []


def test_a_critical_result_older_than_a_day_no_longer_calls(admit, ward, staff):
    admit(ward, "1", lab("2823-3", 6.6, "mmol/L", 25))
    (patient,) = list_ward(ward, by=staff[1])
    assert (patient.critical, patient.level) == ([], "")


def test_a_stay_that_may_not_be_known_is_not_listed(admit, ward, staff):
    admit(ward, "1", hide=True)
    pharmacist, _nurse = staff
    assert list_ward(ward, by=pharmacist) == []


def test_reading_the_list_is_one_audit_line_that_names_the_patients(admit, ward, staff):
    person = admit(ward, "1")
    list_ward(ward, by=staff[1])
    line = AuditLine.objects.get(action="record.ward")
    assert line.detail["patients"] == [str(person.pk)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_ward(number, admit, ward, staff, django_assert_num_queries):
    for n in range(number):
        admit(ward, str(n), vital("8867-4", 80, "/min", 1), lab("2823-3", 4.1, "mmol/L", 2))
    with django_assert_num_queries(4):
        list_ward(ward, by=staff[1])


def test_home_shows_my_patients_and_what_to_look_at_now(client, admit, ward, staff):
    person = admit(ward, "15", lab("2823-3", 6.6, "mmol/L", 2))
    client.force_login(staff[1])
    html = client.get("/").content.decode()
    assert "À voir maintenant" in html and "6,6" in html
    assert person.get_absolute_url() in html


def test_home_of_who_is_in_no_ward_stays_quiet(client, staff):
    client.force_login(staff[0])
    assert "Mes patients</h2>" not in client.get("/").content.decode()
    assert "Votre poste n’est pas dans un service" in client.get(reverse("fhir:ward")).content.decode()
