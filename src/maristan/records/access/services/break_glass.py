"""Breaking the glass, and closing it again. Every start has one end, each with its audit line."""

import datetime
import uuid
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.accounts import services as accounts
from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.messaging.services import notify_user
from maristan.records.access import queries, rules
from maristan.records.access.enums import Basis, Ending
from maristan.records.access.models import BreakGlass
from maristan.records.access.services.decisions import decide_access, responsible_for
from maristan.records.patients.models import Person

DOUBLE_CLICK = datetime.timedelta(seconds=10)


def duration() -> datetime.timedelta:
    """How long a record stays open: `BREAK_GLASS_MINUTES`."""
    return datetime.timedelta(minutes=settings.BREAK_GLASS_MINUTES)


def needs_code(user: Any) -> bool:
    """Whether this user proves who they are with a code besides the password."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def break_glass(
    person: Person,
    *,
    by: Any,
    reason: str,
    words: str,
    password: str,
    code: str = "",
    at: datetime.datetime | None = None,
) -> BreakGlass:
    """Open `person`'s record to `by` for `duration()`, against a reason and a second proof of identity.

    Raises ValidationError on `password` when identity is not confirmed (audited as failed), PermissionDenied without
    the right, 404 when the record may not be known. While one runs, a new one is an extension and ends it.
    """
    if not rules.can_break_glass.test(by):
        raise PermissionDenied("access.break_glass")
    decision = decide_access(person, by=by)
    if decision.hidden:
        raise Http404
    if decision.allowed and decision.basis != Basis.BREAK_GLASS:
        raise ValidationError(_("This record is already open to you: %(why)s.") % {"why": decision.words})
    if not accounts.confirm_identity(by, password=password, code=code):
        _record("access.break_glass", person, by=by, outcome="failed", detail={"reason": reason})
        raise ValidationError({"password": _("Password or code not recognised. Nothing was opened.")})
    return _open(person, by=by, reason=reason, words=words.strip(), at=at or timezone.now())


@transaction.atomic
def _open(person: Person, *, by: Any, reason: str, words: str, at: datetime.datetime) -> BreakGlass:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two clicks at once: the second waits and sees the first
    running = BreakGlass.objects.filter(user=by.pk, person=person, ended_at=None).first()
    if running and at - running.starts_at < DOUBLE_CLICK:
        return running
    if running:
        _end(running, by=by, how=Ending.EXTENSION if running.expires_at > at else Ending.TIME, at=at)
    opened = BreakGlass(person=person, user=by, reason=reason, words=words, starts_at=at, expires_at=at + duration())
    opened.role = by.post.role.code
    opened.service = by.post.service
    opened.establishment = by.post.establishment or (opened.service and opened.service.establishment)
    opened.clean_fields(exclude=["start_line"])
    opened.start_line = _record(
        "access.break_glass",
        person,
        by=by,
        entity_id=str(opened.pk),
        detail={"reason": reason, "until": opened.expires_at.isoformat()},
    )
    opened.save()
    opened.told.set(responsible_for(person, at=at) - {by.pk})
    _tell(opened)
    return opened


def _tell(opened: BreakGlass) -> None:
    """Tell the reviewers at once, on screen and by their addresses; a message never names the patient."""
    values = {"who": str(opened.user), "place": str(opened.service or opened.establishment or "")}
    link = reverse("access:access", args=[opened.pk])
    for reviewer in queries.reviewers_of(opened):
        fact = f"access.break_glass:{opened.pk}"
        notify_user(reviewer, "access.break_glass", fact=fact, values=values, link=link)


@transaction.atomic
def end_break_glass(opened: BreakGlass, *, by: Any, at: datetime.datetime | None = None) -> BreakGlass:
    """Close before time what one opened oneself; closing twice changes nothing."""
    opened = BreakGlass.objects.select_for_update(of=("self",)).get(pk=opened.pk)
    if opened.user_id != by.pk:
        raise PermissionDenied("another's access")
    at = at or timezone.now()
    if opened.ended_at is None:
        _end(opened, by=by, how=Ending.HAND if opened.expires_at > at else Ending.TIME, at=at)
    return opened


def close_expired(*, at: datetime.datetime | None = None) -> int:
    """Write the end, with its audit line, of every break-glass whose time is over; answers how many.

    Access itself stops on the second, by `expires_at`: this only writes it down, once, however many run it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        over = BreakGlass.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user", "person")
        expired = list(over.filter(ended_at=None, expires_at__lte=at))
        for opened in expired:
            _end(opened, by=opened.user, how=Ending.TIME, at=at)
    return len(expired)


def _end(opened: BreakGlass, *, by: Any, how: Ending, at: datetime.datetime) -> None:
    opened.ending = how
    opened.ended_at = max(min(at, opened.expires_at), opened.starts_at)
    opened.end_line = _record(
        "access.break_glass_end",
        opened.person,
        by=by,
        entity_id=str(opened.pk),
        detail={"how": how, "at": opened.ended_at.isoformat(), "start": str(opened.start_line)},
    )
    opened.save(update_fields=["ending", "ended_at", "end_line"])


def _record(action: str, person: Person, *, by: Any, entity_id: str = "", **rest: Any) -> uuid.UUID:
    return record_event(
        action, by=by, patient=person.pk, entity="BreakGlass", entity_id=entity_id, purpose="ETREAT", **rest
    )
