"""Proving again who one is: before a break-glass, and to open a locked screen. Guessing is throttled."""

from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event

_RATES = {"confirm": "5/5m/key"}


def confirm_identity(user: User, *, password: str, code: str = "") -> bool:
    """Whether this is `user`: their password and, if they have a second factor, a code of it too.

    Five wrong answers in five minutes refuse the right one as well. A failure leaves an audit line.
    """
    return _throttled(
        user, lambda: user.check_password(password) and (not has_second_factor(user) or _code(user, code))
    )


def confirm_quickly(user: User, *, secret: str) -> bool:
    """The quick re-entry of a screen that this person locked: the password or a code, one of them."""
    return _throttled(user, lambda: (secret.isdigit() and _code(user, secret)) or user.check_password(secret))


def has_second_factor(user: User) -> bool:
    """Whether this account signs in with a code."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def _throttled(user: User, proves) -> bool:
    usage = ratelimit.consume(
        None, app="allauth.account", action="confirm", config=_RATES, key=str(user.pk), limit_get=True
    )
    if usage and user.is_active and proves():
        usage.rollback()
        return True
    reason = "proof" if usage else "throttled"
    outcome = "failed" if usage else "refused"
    record_event("accounts.confirm", by=user, purpose="HOPERAT", outcome=outcome, detail={"reason": reason})
    return False


def _code(user: User, code: str) -> bool:
    """A code of the application or, once, a recovery code."""
    return any(proof.wrap().validate_code(code) for proof in Authenticator.objects.filter(user=user).order_by("-type"))
