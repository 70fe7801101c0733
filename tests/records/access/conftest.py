import pytest

from tests.core.territory.factories import EstablishmentFactory, ServiceFactory, WilayaFactory
from tests.records.access.factories import at_work
from tests.records.patients.factories import PersonFactory


@pytest.fixture
def wilaya(db):
    return WilayaFactory()


@pytest.fixture
def ward(wilaya):
    """Internal medicine, where the patient is cared for."""
    return ServiceFactory(establishment__wilaya=wilaya, name_fr="Médecine interne")


@pytest.fixture
def emergency(wilaya):
    """The emergency department of another hospital of the wilaya."""
    return ServiceFactory(establishment=EstablishmentFactory(wilaya=wilaya), name_fr="Urgences")


@pytest.fixture
def person(db):
    return PersonFactory()


@pytest.fixture
def nurse(emergency):
    return at_work("nurse", emergency)


@pytest.fixture
def physician(ward):
    """Responsible for `person` once `responsible` is asked for."""
    return at_work("physician", ward)


@pytest.fixture
def officer(wilaya):
    return at_work("dpo", wilaya)


@pytest.fixture
def signed_in(client):
    """`signed_in(user)`: the client, with an open session of this user."""

    def open_session(user):
        client.force_login(user)
        return client

    return open_session
