"""How allauth behaves here: who may sign in, what is said, what is audited, how secrets are kept."""

import base64
import hashlib
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event

_REFUSED = _("This user name and this password do not go together. Check both; capital letters count in the password.")
_LATER = _("Too many attempts. Wait five minutes, or ask the administrator of your establishment.")
_WRONG_CODE = _("This code is not the one. Codes change every 30 seconds and serve once: type the one shown now.")


class AccountAdapter(DefaultAccountAdapter):
    """No account opens itself; one answer for an unknown name and a wrong password; every attempt leaves a line."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _REFUSED,
        "email_password_mismatch": _REFUSED,
        "too_many_login_attempts": _LATER,
        "rate_limited": _LATER,
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Pages say themselves what happened: no sentence of another product reaches them."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """A browser in which nobody chose a language takes the one of the person."""
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, secure=settings.SECURE, httponly=True, samesite="Lax"
            )
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not in the first minutes of a session: the password has just been typed."""
        started = self.request.session.get("started_at", 0)
        return time.time() - started > account_settings.REAUTHENTICATION_TIMEOUT

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One counter for a name, however the site is called: allauth would count each host name apart."""
        return f"sign-in:{_typed(credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            _record_attempt("refused", credentials, reason="throttled")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _record_attempt("failed", credentials, reason="password")


def _record_attempt(outcome: str, credentials: dict[str, Any], *, reason: str) -> None:
    """An audit line that names the account when there is one, and never what was typed: it may be a password."""
    login = _typed(credentials)
    user = User.objects.filter(Q(username=login) | Q(email__iexact=login)).first() if login else None
    record_event(
        "accounts.sign_in",
        entity="user",
        entity_id=str(user.pk) if user else "",
        purpose="HOPERAT",
        outcome=outcome,
        detail={"reason": reason, "known": user is not None},
    )


def _typed(credentials: dict[str, Any]) -> str:
    return (credentials.get("username") or credentials.get("email") or "").strip().lower()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with the key of the installation; staff keep their second factor once it is required."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": _("Your post requires a second factor: it cannot be removed."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.username

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not requires_second_factor(authenticator.user)


def requires_second_factor(user: User) -> bool:
    """Staff sign in with a second factor wherever real people are recorded; citizens may choose one."""
    return settings.SECOND_FACTOR_REQUIRED and user.kind == AccountKind.STAFF


def _cipher() -> Fernet:
    key = hashlib.sha256(b"maristan second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
