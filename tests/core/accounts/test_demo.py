import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from maristan.core.accounts.demo import ACCOUNTS, PASSWORD, load_demo
from maristan.core.accounts.models import User

TODAY = datetime.date(2026, 11, 22)


def test_demo_accounts_are_refused_where_real_people_are(db, settings):
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        load_demo(today=TODAY)
    assert User.objects.count() == 0


def test_loading_twice_adds_nothing(db, settings):
    settings.DEMO = True
    load_demo(today=TODAY)
    load_demo(today=TODAY)
    assert User.objects.count() == len(ACCOUNTS) == 19


def test_sign_in_page_shows_no_demo_account_outside_the_demo(client, db, settings):
    settings.DEMO = True
    load_demo(today=TODAY)
    settings.DEMO = False
    page = client.get(reverse("account_login")).content.decode()
    assert PASSWORD not in page
    assert "data-account" not in page


def test_a_demo_person_signs_in(client, db, settings):
    settings.DEMO = True
    load_demo(today=TODAY)
    answer = client.post(reverse("account_login"), {"login": "nurse", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(username="nurse").pk)
