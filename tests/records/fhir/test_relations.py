"""Who takes part in an encounter reads the record: during it, and for 30 days after."""

import datetime

import pytest

from maristan.records.access.services import decide_access
from maristan.records.fhir.fhir import organization_reference
from tests.core.territory.factories import ServiceFactory
from tests.records.access.factories import at_work
from tests.records.fhir.bodies import TODAY, encounter

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "start", "end", "opens"),
    [
        ("in-progress", 200, None, True),
        ("finished", 40, 29, True),
        ("finished", 40, 31, False),
        ("finished", 29, None, True),
        ("planned", -2, None, False),
        ("cancelled", 2, None, False),
        ("entered-in-error", 2, None, False),
    ],
)
def test_an_encounter_opens_the_record_to_its_service(status, start, end, opens, shell, person, ward):
    nurse = at_work("nurse", ward)
    end = end and TODAY - end * DAY
    shell.create(encounter(person, ward, status=status, start=TODAY - start * DAY, end=end))
    assert decide_access(person, by=nurse).allowed is opens


def test_not_to_another_service_of_the_same_house(shell, person, ward):
    elsewhere = at_work("nurse", ServiceFactory(establishment=ward.establishment))
    shell.create(encounter(person, ward, start=TODAY - DAY))
    assert not decide_access(person, by=elsewhere).allowed


def test_to_the_laboratory_of_the_house(shell, person, ward):
    laboratory = at_work("laboratory", ward.establishment)
    shell.create(encounter(person, ward, start=TODAY - DAY))
    assert decide_access(person, by=laboratory).allowed


def test_until_thirty_days_after_the_end(shell, person, ward):
    nurse = at_work("nurse", ward)
    shell.create(encounter(person, ward, status="finished", start=TODAY - 5 * DAY, end=TODAY - 4 * DAY))
    assert decide_access(person, by=nurse).until == TODAY + 26 * DAY


def test_no_longer_once_the_encounter_is_deleted(shell, person, ward):
    nurse = at_work("nurse", ward)
    made = shell.create(encounter(person, ward, start=TODAY - DAY))
    shell.delete("Encounter", made["id"])
    assert not decide_access(person, by=nurse).allowed


def test_a_service_is_named_below_its_establishment(ward):
    assert organization_reference(ward)["reference"] == f"Organization/{ward.establishment.code}.{ward.code}"
