"""What happens here when others speak: migrations, and Django's and allauth's signals of sign-in."""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from maristan.core.accounts.models import User
from maristan.core.accounts.services import sync_default_roles
from maristan.core.accounts.services.sessions import open_session
from maristan.core.audit.services import record_event
from maristan.core.ui.signals import language_chosen


def sync_roles_after_migration(using: str, **kwargs: Any) -> None:
    """Each release brings its new rights to the default roles."""
    sync_default_roles(using=using)


@receiver(user_logged_in)
def stamp_new_session(request: HttpRequest, user: User, **kwargs: Any) -> None:
    open_session(request, user)


@receiver(user_logged_out)
def record_sign_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record_event("accounts.sign_out", by=user, purpose="HOPERAT")


@receiver(authentication_step_completed)
def keep_second_factor(request: HttpRequest, method: str, user: User, **kwargs: Any) -> None:
    if method == "mfa":
        request.session["second_factor"] = str(user.pk)


@receiver(authentication_failed)
def record_wrong_code(user: User, **kwargs: Any) -> None:
    detail = {"reason": "code", "known": True}
    record_event(
        "accounts.sign_in", entity="user", entity_id=str(user.pk), purpose="HOPERAT", outcome="failed", detail=detail
    )


@receiver([authenticator_added, authenticator_reset])
def record_new_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record_event("accounts.add_factor", by=user, purpose="HOPERAT", detail={"type": authenticator.type})


@receiver(authenticator_removed)
def record_removed_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    record_event("accounts.remove_factor", by=user, purpose="HOPERAT", detail={"type": authenticator.type})


@receiver(password_changed)
def keep_own_password(user: User, **kwargs: Any) -> None:
    User.objects.filter(pk=user.pk).update(password_is_temporary=False)
    record_event("accounts.change_password", by=user, purpose="HOPERAT")


@receiver(language_chosen)
def keep_language(request: HttpRequest, language: str, **kwargs: Any) -> None:
    """The language follows the person to other computers."""
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
