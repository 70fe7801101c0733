"""Clients that sign in as people do."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.core.accounts.factories import PASSWORD


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Sign in through the page, with name and password; the answer is in `client.answer`."""

    def sign_in(login: str, password: str = PASSWORD, client: Client | None = None, **data: str) -> Client:
        client = client or Client()
        client.answer = client.post(reverse("account_login"), {"login": login, "password": password, **data})
        return client

    return sign_in


@pytest.fixture
def as_user() -> Callable[..., Client]:
    """A client whose session belongs to the holder of a post, opened without the sign-in page."""

    def as_user(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return as_user
