import pytest
from django.utils import translation

from maristan.records.fhir.services import COMMAND, Store
from tests.core.audit.conftest import ledger  # noqa: F401 a database of its own
from tests.core.territory.factories import ServiceFactory
from tests.records.access.factories import CareRelationFactory, at_work
from tests.records.fhir.factories import store_patient_of
from tests.records.patients.factories import PersonFactory


@pytest.fixture
def ward(django_db_setup):
    return ServiceFactory()


@pytest.fixture
def person(db):
    person = PersonFactory()
    store_patient_of(person)
    return person


@pytest.fixture
def nurse(ward, person):
    """A nurse whose ward takes care of `person`."""
    nurse = at_work("nurse", ward)
    CareRelationFactory(person=person, service=ward, given_by=nurse)
    return nurse


@pytest.fixture
def physician(ward, person, nurse):
    return at_work("physician", ward)


@pytest.fixture
def stranger(db):
    return at_work("nurse", ServiceFactory())


@pytest.fixture
def store(nurse):
    return Store(by=nurse)


@pytest.fixture
def shell(db):
    return Store(by=COMMAND)


@pytest.fixture
def english():
    """Words are asserted in the language of the code."""
    with translation.override("en"):
        yield
