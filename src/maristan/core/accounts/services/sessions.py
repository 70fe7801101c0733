"""A session on a shared ward computer: it locks when nobody works, and ends after a day's work."""

import datetime

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.models import Post, User
from maristan.core.accounts.services.identity import confirm_quickly
from maristan.core.audit.services import record_event

STAMP_EVERY = 30  # seconds: a page that reloads often must not write often
TRIES = 5
WRONG_SECRET = _("This is neither your password nor a code of this moment. After five wrong ones, sign in again.")


def open_session(request: HttpRequest, user: User) -> None:
    """First stamps of a session just opened, with the proofs that opened it."""
    now = timezone.now().timestamp()
    request.session["started_at"] = request.session["seen_at"] = now
    if user.post is None:
        user.post = Post.objects.running().with_places().filter(user=user).first()
    methods = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    record_event(
        "accounts.sign_in",
        by=user,
        entity="user",
        entity_id=str(user.pk),
        purpose="HOPERAT",
        detail={"methods": methods},
    )


def has_expired(session: SessionBase, now: datetime.datetime) -> bool:
    """Whether the session is older than any session may be, however busy it is."""
    return now.timestamp() - session.get("started_at", now.timestamp()) > settings.SESSION_COOKIE_AGE


def is_locked(session: SessionBase) -> bool:
    return "locked_at" in session


def is_idle(session: SessionBase, user: User, now: datetime.datetime) -> bool:
    """Whether nobody has worked in this session for as long as its kind allows."""
    return now.timestamp() - session.get("seen_at", now.timestamp()) > lock_delay(user)


def lock_delay(user: User) -> int:
    """Seconds without work after which the screen locks."""
    return settings.LOCK_AFTER_CITIZEN if user.kind == AccountKind.CITIZEN else settings.LOCK_AFTER


def stamp_session(session: SessionBase, now: datetime.datetime) -> None:
    """Say that somebody works here; written at most every 30 seconds."""
    if now.timestamp() - session.get("seen_at", 0) >= STAMP_EVERY:
        session["seen_at"] = now.timestamp()


def lock_session(request: HttpRequest, *, reason: str) -> None:
    """Close the screen without losing where the person was. `reason` is "asked" or "idle"."""
    if is_locked(request.session):
        return
    request.session["locked_at"] = timezone.now().timestamp()
    request.session["unlock_tries"] = 0
    record_event("accounts.lock", by=request.user, purpose="HOPERAT", detail={"reason": reason})


def unlock_session(request: HttpRequest, *, secret: str) -> bool:
    """Open the screen again with the password or a code; after five wrong ones the session ends."""
    user = request.user
    if confirm_quickly(user, secret=secret):
        del request.session["locked_at"], request.session["unlock_tries"]
        request.session["seen_at"] = timezone.now().timestamp()
        request.session.cycle_key()
        record_event("accounts.unlock", by=user, purpose="HOPERAT")
        return True
    request.session["unlock_tries"] += 1
    record_event("accounts.unlock", by=user, purpose="HOPERAT", outcome="failed")
    if request.session["unlock_tries"] >= TRIES:
        logout(request)
    return False


def choose_post(request: HttpRequest, post_id: str) -> None:
    """Work in another of one's running posts, in this session only; anything else changes nothing."""
    chosen = next((post for post in request.user.running_posts if str(post.pk) == post_id), None)
    if chosen is None or chosen == request.user.post:
        return
    detail = {"before": str(request.user.post), "after": str(chosen)}
    request.session["post"] = chosen.pk
    request.user.post = chosen
    record_event("accounts.choose_post", by=request.user, entity="post", entity_id=str(chosen.pk), detail=detail)
