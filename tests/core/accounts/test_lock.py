import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.urls import reverse

from maristan.core.accounts.enums import AccountKind
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import PASSWORD, UserFactory, code_of

LOCK, PAGE = reverse("accounts:lock"), reverse("accounts:rights")


def age(client, seconds: float, *stamps: str) -> None:
    """Let the session be as old as if nobody had worked for `seconds`."""
    session = client.session
    for stamp in stamps or ("seen_at",):
        session[stamp] -= seconds
    session.save()


@pytest.fixture
def client_at_work(db, as_user):
    client = as_user(UserFactory(username="amina"))
    assert client.get(PAGE).status_code == 200
    return client


def actions() -> list[tuple[str, str]]:
    lines = AuditLine.objects.filter(action__in=("accounts.lock", "accounts.unlock")).order_by("position")
    return [(line.action, line.outcome) for line in lines]


def test_a_screen_at_which_nobody_works_locks(client_at_work):
    age(client_at_work, 601)
    answer = client_at_work.get(f"{PAGE}?page=2")
    assert answer.url == f"{LOCK}?next=%2Faccounts%2Frights%2F%3Fpage%3D2"
    assert AuditLine.objects.get(action="accounts.lock").detail == {"reason": "idle"}


def test_nine_minutes_are_not_ten(client_at_work):
    age(client_at_work, 540)
    assert client_at_work.get(PAGE).status_code == 200


def test_a_citizen_has_half_an_hour(db, as_user):
    client = as_user(UserFactory(kind=AccountKind.CITIZEN))
    age(client, 1500)
    assert client.get(PAGE).status_code == 200
    age(client, 1801)
    assert client.get(PAGE).url.startswith(LOCK)


def test_a_locked_screen_shows_and_does_nothing(client_at_work):
    client_at_work.post(reverse("accounts:lock_now"))
    for page in ("/", PAGE, reverse("accounts:people")):
        assert client_at_work.get(page).url.startswith(LOCK)
        assert client_at_work.post(page).url.startswith(LOCK)
    assert "m-nav" not in client_at_work.get(LOCK).content.decode()


def test_a_partial_update_of_a_locked_screen_loads_the_lock(client_at_work):
    client_at_work.post(reverse("accounts:lock_now"))
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    answer = client_at_work.get("/accounts/people/", headers=headers)
    assert answer.headers["HX-Redirect"] == f"{LOCK}?next=%2Faccounts%2Frights%2F"


def test_the_same_person_comes_back_to_the_page_they_left(client_at_work):
    before = client_at_work.session.session_key
    page = client_at_work.post(reverse("accounts:lock_now"), {"next": PAGE}).url
    assert page == f"{LOCK}?next=%2Faccounts%2Frights%2F"
    assert client_at_work.post(LOCK, {"secret": PASSWORD, "next": PAGE}).url == PAGE
    assert client_at_work.get(PAGE).status_code == 200
    assert client_at_work.session.session_key != before
    assert actions() == [("accounts.lock", "success"), ("accounts.unlock", "success")]


def test_a_code_is_enough_to_come_back(client_at_work):
    user = client_at_work.get(PAGE).wsgi_request.user
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client_at_work.post(reverse("accounts:lock_now"))
    assert client_at_work.post(LOCK, {"secret": code_of(secret), "next": PAGE}).url == PAGE


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_coming_back_leads_nowhere_else(client_at_work, target):
    client_at_work.post(reverse("accounts:lock_now"))
    assert client_at_work.post(LOCK, {"secret": PASSWORD, "next": target}).url == "/"


def test_five_wrong_answers_end_the_session(client_at_work):
    client_at_work.post(reverse("accounts:lock_now"))
    answers = [client_at_work.post(LOCK, {"secret": "wrong"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [302]
    assert "_auth_user_id" not in client_at_work.session
    assert actions() == [("accounts.lock", "success")] + [("accounts.unlock", "failed")] * 5


def test_another_person_signs_in_instead(client_at_work, sign_in):
    other = UserFactory(username="ines")
    client_at_work.post(reverse("accounts:lock_now"))
    client_at_work.post(reverse("account_logout"))
    assert sign_in("ines", client=client_at_work).answer.url == "/"
    assert client_at_work.session["_auth_user_id"] == str(other.pk)
    assert client_at_work.get(PAGE).status_code == 200


def test_an_open_screen_has_no_lock_page(client_at_work):
    assert client_at_work.get(LOCK, {"next": PAGE}).url == PAGE


def test_typing_on_a_page_keeps_it_open(client_at_work):
    age(client_at_work, 590)
    assert client_at_work.post(reverse("accounts:stay")).status_code == 204
    age(client_at_work, 590)
    assert client_at_work.get(PAGE).status_code == 200


def test_a_page_read_twice_stamps_the_session_once(client_at_work):
    age(client_at_work, 31)
    client_at_work.get(PAGE)
    stamped = Session.objects.get().session_data
    client_at_work.get(PAGE)
    assert Session.objects.get().session_data == stamped


def test_a_session_ends_after_a_day_of_work_however_busy(client_at_work):
    age(client_at_work, 12 * 3600 + 1, "started_at")
    assert client_at_work.get(PAGE).url == f"{reverse('account_login')}?next={PAGE}"
    assert "_auth_user_id" not in client_at_work.session


def test_a_locked_screen_does_not_offer_the_search_of_the_person(client_at_work):
    client_at_work.post(reverse("accounts:lock_now"))
    page = client_at_work.get(LOCK).content.decode()
    assert "Kerrouche" in page
    assert "m-search" not in page
