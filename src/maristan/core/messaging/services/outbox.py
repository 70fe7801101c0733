"""Queueing: a message is written in the transaction of the fact it tells, so neither exists without the other."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from maristan.core.accounts.models import User
from maristan.core.messaging.enums import Channel, Held, State
from maristan.core.messaging.models import Message
from maristan.core.messaging.services.contacts import reason_to_hold
from maristan.core.messaging.services.kinds import MessageKind, kinds
from maristan.core.messaging.services.segments import count_segments
from maristan.core.ui import clock
from maristan.core.ui.services import publish_event


def notify_user(
    user: User, kind: str, *, fact: str, values: dict[str, Any], link: str = "", patient_id: uuid.UUID | None = None
) -> list[Message]:
    """Tell a member of staff on screen, and by e-mail and SMS where the kind has words and the person an address."""
    words = kinds.entries[kind]
    own = [(Channel.IN_APP, ""), (Channel.EMAIL, user.email), (Channel.SMS, user.telephone)]
    more = {"language": user.language, "recipient": user, "link": link, "patient_id": patient_id}
    return [
        _queue(words, channel, address, fact=fact, values=values, **more)
        for channel, address in own
        if words.has(channel) and (address or channel == Channel.IN_APP)
    ]


def queue_message(
    kind: str,
    channel: str,
    address: str,
    *,
    fact: str,
    values: dict[str, Any],
    language: str,
    patient_id: uuid.UUID | None = None,
    send_at: datetime.datetime | None = None,
    expires_at: datetime.datetime | None = None,
    answer_until: datetime.datetime | None = None,
) -> Message:
    """Queue one message to an address that is not an account's.

    Telling the same fact again returns the first message. A message that may not go (opt-out, unsafe contact) is
    written as held, so that who looks sees why nothing left.
    """
    return _queue(
        kinds.entries[kind],
        channel,
        address,
        fact=fact,
        values=values,
        language=language,
        patient_id=patient_id,
        send_at=send_at,
        expires_at=expires_at,
        answer_until=answer_until,
    )


@transaction.atomic
def _queue(
    kind: MessageKind,
    channel: str,
    address: str,
    *,
    fact: str,
    values: dict[str, Any],
    language: str,
    recipient: User | None = None,
    send_at: datetime.datetime | None = None,
    **more: Any,
) -> Message:
    subject, body = kind.words(channel, language, values)
    held = reason_to_hold(channel, address, more.get("patient_id"))
    now = clock.now()
    facts = {
        "language": language,
        "subject": subject[:200],
        "body": body,
        "urgent": kind.urgent,
        "queued_at": now,
        "segments": count_segments(body) if channel == Channel.SMS else None,
        "state": State.HELD if held else State.WAITING,
        "held_because": held,
        "next_try_at": _after_quiet_hours(max(send_at or now, now), channel, urgent=kind.urgent),
        **more,
    }
    if channel == Channel.IN_APP:
        facts |= {"state": State.DELIVERED, "sent_at": now, "delivered_at": now, "gateway": "screen"}
    message, created = Message.objects.get_or_create(
        kind=kind.code, fact=fact, channel=channel, address=address, recipient=recipient, defaults=facts
    )
    if created and channel == Channel.IN_APP:
        _show_at_once(message)
    return message


def _show_at_once(notice: Message) -> None:
    """The open pages of its reader show a notice as soon as the fact is stored."""
    with translation.override(notice.language):
        fragment = render_to_string("messaging/_live_notice.html", {"notice": notice})
    publish_event("notices", fragment, viewer=notice.recipient)


def cancel_messages(kind: str, fact: str) -> int:
    """The fact no longer holds: what still waits about it is never sent. Returns how many."""
    waiting = Message.objects.filter(kind=kind, fact=fact, state=State.WAITING)
    return waiting.update(state=State.HELD, held_because=Held.CANCELLED)


def mark_read(notices: Iterable[Message], *, by: User) -> int:
    """The person has seen these notices; only their own count."""
    ids = [notice.pk for notice in notices]
    return Message.objects.filter(pk__in=ids, recipient=by, read_at__isnull=True).update(read_at=clock.now())


def _after_quiet_hours(moment: datetime.datetime, channel: str, *, urgent: bool) -> datetime.datetime:
    """Move an SMS that is not urgent to the end of the quiet hours of the place (`MARISTAN_QUIET_HOURS`)."""
    if urgent or channel != Channel.SMS or not settings.QUIET_HOURS:
        return moment
    begins, ends = (datetime.time.fromisoformat(hour) for hour in settings.QUIET_HOURS.split("-"))
    local = timezone.localtime(moment)
    if begins <= ends:
        quiet, day = begins <= local.time() < ends, local.date()
    else:
        quiet = local.time() >= begins or local.time() < ends
        day = local.date() + datetime.timedelta(days=1 if local.time() >= begins else 0)
    return timezone.make_aware(datetime.datetime.combine(day, ends)) if quiet else moment
