"""People of two wilayas for the pages of the territory."""

import pytest

from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division
from tests.core.territory.factories import WilayaFactory


@pytest.fixture
def wilaya(db) -> Division:
    return WilayaFactory(code="25", name_fr="Constantine", name_ar="قسنطينة")


@pytest.fixture
def person_of():
    """person_of("directorate", wilaya): somebody with that post, as in a request."""

    def make(role: str, place: Division) -> User:
        user = User.objects.create(username=f"{role}-{place.code}", last_name="Merabet", first_name="Leïla")
        post = Post.objects.create(user=user, role=Role.objects.get(code=role), division=place, reason="Test")
        user.post = post
        return user

    return make


@pytest.fixture
def as_directorate(client, person_of, wilaya):
    """A client signed in as the health directorate of Constantine."""
    client.force_login(person_of("directorate", wilaya))
    return client


@pytest.fixture
def as_nurse(client, person_of, wilaya):
    client.force_login(person_of("nurse", wilaya))
    return client
