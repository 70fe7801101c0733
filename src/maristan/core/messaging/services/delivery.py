"""Sending what is due: claimed, handed to its gateway once, and noted; a crash in between leaves it to be checked.

A message is claimed in one transaction and handed over after it: between the two a crash cannot tell whether the
gateway took it. Such a message is never sent again by itself (never twice for one fact): it waits, marked uncertain,
for the gateway's receipt or a person's decision. The HTTP gateway takes an idempotency key: there it is tried again.
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.messaging.enums import Held, State
from maristan.core.messaging.models import Message
from maristan.core.messaging.services.contacts import reason_to_hold
from maristan.core.messaging.services.gateways import Gateway, Refused, Uncertain, Unreachable
from maristan.core.messaging.signals import message_failed
from maristan.core.ui import clock

WAITS = (1, 5, 15, 60, 240, 720)  # minutes between tries
CLAIM_LASTS = datetime.timedelta(minutes=3)


def deliver_due(gateways: dict[str, Gateway], *, most: int = 200) -> int:
    """Send what is due by the gateways at hand ({channel: gateway}); returns how many were handled."""
    for handled in range(most):
        if not (message := _claim(list(gateways))):
            return handled
        if message.state == State.SENDING:
            _deliver(message, gateways[message.channel])
    return most


@transaction.atomic
def _claim(channels: Sequence[str]) -> Message | None:
    """Take the most pressing message; one at a time, so that a crash leaves one in doubt and not fifty."""
    now = clock.now()
    due = Message.objects.select_for_update(skip_locked=True).filter(
        state=State.WAITING, channel__in=channels, next_try_at__lte=now
    )
    message = due.order_by("-urgent", "next_try_at").first()
    if message and not _hold_if_needed(message, now):
        message.state, message.claimed_at, message.tries = State.SENDING, now, message.tries + 1
        message.save(update_fields=["state", "claimed_at", "tries"])
    return message


def _hold_if_needed(message: Message, now: datetime.datetime) -> bool:
    """What changed since it was queued counts: an opt-out, an unsafe contact, a time that has passed."""
    reason = reason_to_hold(message.channel, message.address, message.patient_id)
    if not reason and message.expires_at and message.expires_at <= now:
        reason = Held.TOO_LATE
    if reason:
        message.state, message.held_because = State.HELD, reason
        message.save(update_fields=["state", "held_because"])
    return bool(reason)


def _deliver(message: Message, gateway: Gateway) -> None:
    try:
        reference = gateway.send(message)
    except Unreachable as error:
        _try_later(message, gateway, str(error))
    except Refused as error:
        _give_up(message, gateway, str(error))
    except Uncertain as error:
        _leave_in_doubt(message, gateway, str(error))
    else:
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(
            state=State.SENT, sent_at=clock.now(), gateway=gateway.name, reference=reference, last_error=""
        )


def _try_later(message: Message, gateway: Gateway, error: str) -> None:
    """The gateway did not take it: back to the queue with a longer wait, until the tries are used up."""
    if message.tries > len(WAITS):
        _give_up(message, gateway, error)
        return
    wait = datetime.timedelta(minutes=WAITS[message.tries - 1])
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.WAITING, next_try_at=clock.now() + wait, gateway=gateway.name, last_error=error[:300]
    )


def _leave_in_doubt(message: Message, gateway: Gateway, error: str) -> None:
    if gateway.is_idempotent:
        _try_later(message, gateway, error)
    else:
        doubt = {"state": State.UNCERTAIN, "gateway": gateway.name, "last_error": error[:300]}
        Message.objects.filter(pk=message.pk, state=State.SENDING).update(**doubt)


def _give_up(message: Message, gateway: Gateway, error: str) -> None:
    Message.objects.filter(pk=message.pk).update(state=State.FAILED, gateway=gateway.name, last_error=error[:300])
    message.refresh_from_db()
    message_failed.send(Message, message=message)


def release_stale_claims(gateways: dict[str, Gateway]) -> int:
    """Messages claimed by a process that died: tried again where the gateway knows them, else marked to be checked."""
    stale = Message.objects.filter(state=State.SENDING, claimed_at__lt=clock.now() - CLAIM_LASTS)
    safe = [channel for channel, gateway in gateways.items() if gateway.is_idempotent]
    again = stale.filter(channel__in=safe).update(state=State.WAITING, next_try_at=clock.now())
    return again + stale.update(state=State.UNCERTAIN)


@transaction.atomic
def send_again(message: Message, *, by: User) -> None:
    """A person decides that a failed or uncertain message goes again."""
    found = Message.objects.filter(pk=message.pk).filter(Q(state=State.FAILED) | Q(state=State.UNCERTAIN))
    if found.update(state=State.WAITING, next_try_at=clock.now(), tries=0, last_error="", reference=""):
        record_event(
            "messaging.send_again",
            by=by,
            purpose="HSYSADMIN",
            patient=message.patient_id,
            entity="message",
            entity_id=str(message.pk),
        )
