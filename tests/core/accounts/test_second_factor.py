import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from maristan.config import settings as real_settings
from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.services import confirm_identity
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import PASSWORD, UserFactory, code_of

ENROL, CODE = reverse("mfa_activate_totp"), reverse("mfa_authenticate")


@pytest.fixture(autouse=True)
def real_people(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def enrolled(db):
    """A nurse with a second factor; `user.secret` is what her telephone knows."""
    user = UserFactory(username="amina")
    user.secret = generate_totp_secret()
    TOTP.activate(user, user.secret)
    return user


def test_it_is_required_unless_this_is_the_demo():
    assert real_settings.SECOND_FACTOR_REQUIRED is True
    code = "from maristan.config import settings; print(settings.SECOND_FACTOR_REQUIRED)"
    environment = {"MARISTAN_DEMO": "1", "PYTHONPATH": "src", "MARISTAN_DATA": str(real_settings.DATA_DIR)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("page", ["/", "/accounts/rights/", "/accounts/people/", "/accounts/security/"])
def test_staff_without_it_can_do_nothing_but_enrol(db, sign_in, page):
    UserFactory(username="amina")
    client = sign_in("amina")
    assert client.get(page).url == ENROL
    assert client.post(page).url == ENROL
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == ENROL


def test_citizens_may_do_without(db, sign_in):
    UserFactory(username="hayet", kind=AccountKind.CITIZEN)
    assert sign_in("hayet").get("/accounts/rights/").status_code == 200


def test_enrolling_shows_recovery_codes_until_they_are_kept(db, sign_in, django_capture_on_commit_callbacks):
    user = UserFactory(username="amina")
    client = sign_in("amina")
    page = client.get(ENROL).content.decode()
    assert "data:image/svg+xml;base64," in page
    secret = client.session["mfa.totp.secret"]
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(ENROL, {"code": code_of(secret)})
    types = [line.detail["type"] for line in AuditLine.objects.filter(action="accounts.add_factor")]
    assert sorted(types) == ["recovery_codes", "totp"]
    assert answer.url == reverse("mfa_view_recovery_codes")
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10
    for _ in range(2):
        page = client.get(answer.url).content.decode()
        assert all(code in page for code in codes)
    client.post(answer.url)
    assert client.get(answer.url).url == reverse("mfa_index")
    assert client.get("/accounts/rights/").status_code == 200


def test_a_wrong_code_enrols_nothing(db, sign_in):
    UserFactory(username="amina")
    client = sign_in("amina")
    client.get(ENROL)
    assert client.post(ENROL, {"code": "000000"}).status_code == 200
    assert Authenticator.objects.count() == 0


def test_the_password_alone_opens_nothing(enrolled, sign_in):
    client = sign_in("amina")
    assert client.answer.url == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/rights/").url.startswith(reverse("account_login"))


def test_the_code_opens_once(enrolled, sign_in):
    code = code_of(enrolled.secret)
    first, second = sign_in("amina"), sign_in("amina")
    assert first.post(CODE, {"code": code}).url == "/"
    assert first.get("/accounts/rights/").status_code == 200
    second.post(CODE, {"code": code})
    assert "_auth_user_id" not in second.session
    lines = AuditLine.objects.filter(action="accounts.sign_in").order_by("position")
    assert [(line.outcome, line.detail.get("methods")) for line in lines] == [
        ("success", ["password", "totp"]),
        ("failed", None),
    ]


def test_a_recovery_code_opens_once(enrolled, sign_in):
    code = RecoveryCodes.activate(enrolled).get_unused_codes()[0]
    assert sign_in("amina").post(CODE, {"code": code}).url == "/"
    again = sign_in("amina")
    again.post(CODE, {"code": code})
    assert "_auth_user_id" not in again.session


def test_codes_are_not_guessed(enrolled, sign_in):
    client = sign_in("amina")
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": code_of(enrolled.secret)})
    assert "_auth_user_id" not in client.session


def test_the_secret_is_not_readable_in_the_database(enrolled):
    assert enrolled.secret not in str(list(Authenticator.objects.values()))


def test_staff_do_not_remove_theirs(enrolled, sign_in):
    client = sign_in("amina")
    client.post(CODE, {"code": code_of(enrolled.secret)})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=enrolled, type="totp").exists()


def test_a_session_that_gave_a_password_only_ends_once_a_factor_exists(db, sign_in):
    user = UserFactory(username="amina")
    client = sign_in("amina")
    TOTP.activate(user, generate_totp_secret())
    assert client.get("/accounts/rights/").url == f"{reverse('account_login')}?next=/accounts/rights/"
    assert "_auth_user_id" not in client.session


class TestConfirmIdentity:
    """What the break-glass asks."""

    def test_password_alone_when_there_is_no_second_factor(self, db):
        user = UserFactory()
        assert confirm_identity(user, password=PASSWORD) is True
        assert confirm_identity(user, password="wrong") is False

    def test_both_when_there_is_one(self, enrolled):
        assert confirm_identity(enrolled, password=PASSWORD) is False
        assert confirm_identity(enrolled, password="wrong", code=code_of(enrolled.secret)) is False
        assert confirm_identity(enrolled, password=PASSWORD, code=code_of(enrolled.secret)) is True

    def test_guessing_is_stopped_and_audited(self, db):
        user = UserFactory()
        for _ in range(5):
            assert confirm_identity(user, password="wrong") is False
        assert confirm_identity(user, password=PASSWORD) is False
        lines = AuditLine.objects.filter(action="accounts.confirm").order_by("position")
        assert [line.outcome for line in lines] == ["failed"] * 5 + ["refused"]

    def test_a_closed_account_confirms_nothing(self, db):
        assert confirm_identity(UserFactory(is_active=False), password=PASSWORD) is False
