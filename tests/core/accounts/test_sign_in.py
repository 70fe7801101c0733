import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from maristan.core.accounts.enums import AccountKind
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import PASSWORD, PostFactory, UserFactory

LOGIN = reverse("account_login")


class CountingHasher(PBKDF2PasswordHasher):
    """Counts how often a password is hashed: what takes the time of a sign-in."""

    algorithm = "counting"
    iterations = 1
    count = 0

    def encode(self, *args, **kwargs):
        type(self).count += 1
        return super().encode(*args, **kwargs)


def outcomes(action="accounts.sign_in"):
    return list(AuditLine.objects.filter(action=action).order_by("position").values_list("outcome", flat=True))


def without_secrets(page: str) -> str:
    return re.sub(r'value="[^"]*"|"X-CSRFToken":"[^"]*"', "", page)


@pytest.mark.parametrize("login", ["amina", "AMINA", "amina.k@chu.dz", "Amina.K@CHU.dz"])
def test_a_person_signs_in_by_name_or_e_mail(db, sign_in, login):
    user = UserFactory(username="amina", email="amina.k@chu.dz")
    client = sign_in(login)
    assert client.answer.url == "/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert outcomes() == ["success"]


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer_and_the_same_work(db, sign_in, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user = UserFactory(username="amina")
    user.set_password(PASSWORD)
    user.save()
    answers = []
    for login in ("amina", "nobody"):
        CountingHasher.count = 0
        client = sign_in(login, "wrong password")
        answers.append(
            (client.answer.status_code, without_secrets(client.answer.content.decode()), CountingHasher.count)
        )
    assert answers[0] == answers[1]
    assert answers[0][2] == 1
    assert outcomes() == ["failed", "failed"]


def test_a_failure_names_the_account_but_never_what_was_typed(db, sign_in):
    user = UserFactory(username="amina")
    sign_in("amina", "wrong")
    sign_in("my secret typed in the wrong field", "wrong")
    lines = AuditLine.objects.filter(action="accounts.sign_in").order_by("position")
    assert [line.entity_id for line in lines] == [str(user.pk), ""]
    assert [line.actor_id for line in lines] == [None, None]
    assert "my secret" not in str(list(lines.values()))


def test_guessing_is_stopped_even_when_the_sixth_guess_is_right(db, sign_in):
    UserFactory(username="amina")
    for _ in range(5):
        sign_in("amina", "wrong")
    client = sign_in("amina")
    assert "_auth_user_id" not in client.session
    assert outcomes() == ["failed"] * 5 + ["refused"]


def test_another_host_name_opens_no_new_counter(db, sign_in):
    UserFactory(username="amina")
    for host in ("localhost", "127.0.0.1", "localhost", "127.0.0.1", "localhost"):
        sign_in("amina", "wrong", client=Client(headers={"host": host}))
    assert "_auth_user_id" not in sign_in("amina", client=Client(headers={"host": "127.0.0.1"})).session


def test_counters_stand_in_the_database_where_all_processes_see_them(db, sign_in):
    sign_in("amina", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_rate_counter")
        assert cursor.fetchone()[0] > 0


def test_a_closed_account_does_not_open(db, sign_in):
    UserFactory(username="amina", is_active=False)
    client = sign_in("amina")
    assert client.answer.url == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_the_session_of_the_visitor_is_not_the_session_of_the_person(db, sign_in):
    UserFactory(username="amina")
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    sign_in("amina", client=client)
    assert client.session["_auth_user_id"]
    assert client.session.session_key != planted


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", r"/\evil.example"]
)
def test_signing_in_leads_nowhere_else(db, sign_in, target):
    UserFactory(username="amina")
    assert sign_in("amina", next=target).answer.url == "/"


def test_signing_in_leads_to_the_page_that_was_asked(db, sign_in):
    UserFactory(username="amina")
    asked = Client().get(reverse("accounts:rights")).url
    assert asked == f"{LOGIN}?next=/accounts/rights/"
    assert sign_in("amina", next="/accounts/rights/").answer.url == "/accounts/rights/"


def test_signing_out_takes_a_post(db, as_user):
    client = as_user(UserFactory())
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    assert client.post(reverse("account_logout")).url == LOGIN
    assert "_auth_user_id" not in client.session
    assert outcomes("accounts.sign_out") == ["success"]


def test_the_line_of_a_sign_in_says_how_and_in_which_post(db, sign_in):
    post = PostFactory(user__username="amina")
    sign_in("amina")
    line = AuditLine.objects.get(action="accounts.sign_in")
    assert (line.actor_id, line.role, line.detail) == (post.user.pk, "nurse", {"methods": ["password"]})


def test_changing_the_password_ends_the_other_sessions(db, sign_in):
    UserFactory(username="amina")
    here, there = sign_in("amina"), sign_in("amina")
    new = "une autre phrase de passe"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), data).url == reverse("mfa_index")
    assert here.get("/accounts/rights/").status_code == 200
    assert there.get("/accounts/rights/").status_code == 302
    assert outcomes("accounts.change_password") == ["success"]


def test_a_first_password_is_changed_before_anything_else(db, sign_in):
    user = UserFactory(username="amina", password_is_temporary=True)
    client = sign_in("amina")
    for page in ("/", "/accounts/rights/"):
        assert client.get(page).url == reverse("account_change_password")
    new = "une autre phrase de passe"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    user.refresh_from_db()
    assert (user.password_is_temporary, user.check_password(new)) == (False, True)
    assert client.get("/accounts/rights/").status_code == 200


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_nobody_opens_an_account_by_themselves(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_a_citizen_signs_in_and_comes_home(db, sign_in):
    UserFactory(username="hayet", kind=AccountKind.CITIZEN)
    assert sign_in("hayet").answer.url == "/"


def test_a_browser_without_a_language_takes_the_one_of_the_person(db, sign_in):
    UserFactory(username="amina", language="ar-dz")
    assert sign_in("amina").answer.cookies["language"].value == "ar-dz"


def test_the_chosen_language_follows_the_person(db, as_user):
    user = UserFactory()
    as_user(user).post(reverse("ui:choose_language"), {"language": "ar-dz"})
    user.refresh_from_db()
    assert user.language == "ar-dz"
