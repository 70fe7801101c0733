"""People of two wilayas for the pages of the territory."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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


@pytest.fixture
def asks_the_territory():
    """asks_the_territory(5): the block asks the tables of the territory exactly five times; the bar is others' work."""

    @contextmanager
    def count(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        asked = [query["sql"] for query in captured if '"territory_' in query["sql"].split(" WHERE ")[0]]
        asked = [sql for sql in asked if 'FROM "accounts_' not in sql]
        assert len(asked) == expected, "\n".join(asked)

    return count
