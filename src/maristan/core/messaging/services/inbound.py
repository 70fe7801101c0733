"""Incoming SMS: stored once, matched to the message it answers, announced once."""

import hashlib

from django.db import IntegrityError, transaction

from maristan.core.messaging.enums import Channel, State
from maristan.core.messaging.models import InboundMessage, Message
from maristan.core.messaging.services.contacts import opt_in, opt_out
from maristan.core.messaging.signals import message_answered
from maristan.core.ui import clock

STOP = {"stop", "arret", "arrêt", "توقف", "قف"}
START = {"start", "reprendre", "ابدأ", "استئناف"}


def receive_message(gateway: str, reference: str, *, sender: str, body: str, to: str = "") -> InboundMessage | None:
    """Store an incoming SMS, once for each (gateway, reference); returns None for a repetition.

    It answers the newest message to that number which still expects one. STOP and START change the opt-out.
    """
    try:
        with transaction.atomic():
            return _store(gateway, reference, sender=normalise_number(sender), body=body.replace("\0", ""), to=to)
    except IntegrityError:
        if InboundMessage.objects.filter(gateway=gateway, reference=reference).exists():
            return None
        raise


def _store(gateway: str, reference: str, *, sender: str, body: str, to: str) -> InboundMessage:
    inbound = InboundMessage.objects.create(gateway=gateway, reference=reference, sender=sender, to=to, body=body)
    word = body.strip().strip(".!").casefold()
    if word in STOP:
        opt_out(Channel.SMS, sender, words=body)
    elif word in START:
        opt_in(Channel.SMS, sender)
    elif message := _awaiting_answer(sender):
        inbound.answers = message
        inbound.save(update_fields=["answers"])
        message_answered.send(Message, message=message, body=body)
    return inbound


def _awaiting_answer(sender: str) -> Message | None:
    return (
        Message.objects.select_for_update(of=("self",))
        .filter(channel=Channel.SMS, address=sender, answer_until__gt=clock.now(), answer__isnull=True)
        .filter(state__in=[State.SENT, State.DELIVERED, State.UNCERTAIN])
        .order_by("-sent_at")
        .first()
    )


def normalise_number(number: str) -> str:
    """A number as `+213…`: gateways write 00213, 213 or +213."""
    digits = "".join(character for character in number if character.isdigit())
    return "+" + digits.removeprefix("00")


def digest_reference(*parts: object) -> str:
    """A reference for a gateway that gives none: the same parts are the same message."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:40]
