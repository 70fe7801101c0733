import pytest
from django.test import Client

from maristan.core.ui import registries
from tests.core.ui.factories import person_who_may


@pytest.fixture
def nurse(db):
    return person_who_may("ui.test")


@pytest.fixture
def browser_of():
    """A signed-in client, in French."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        client.cookies["language"] = "fr"
        return client

    return sign_in


@pytest.fixture
def registered(monkeypatch):
    """registered("tiles", one, two): exactly these are registered for the time of a test."""

    def only(registry: str, *entries):
        monkeypatch.setattr(getattr(registries, registry), "entries", {entry.code: entry for entry in entries})

    return only
