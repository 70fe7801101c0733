"""Who must not be contacted, and where: opt-outs of an address, safe-contact rules of a person."""

import uuid
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.messaging.enums import Channel, Held
from maristan.core.messaging.models import ContactRule, Message, OptOut
from maristan.core.ui import clock

_guards: list[Callable[[uuid.UUID, User], None]] = []


def register_person_guard(guard: Callable[[uuid.UUID, User], None]) -> None:
    """The area that knows care relations says who may see a person's contacts: `guard(patient_id, user)` raises."""
    _guards.append(guard)


def check_person(patient_id: uuid.UUID, user: User) -> None:
    """Raise what the guards raise (PermissionDenied, Http404) when `user` may not see this person's contacts."""
    for guard in _guards:
        guard(patient_id, user)


def reason_to_hold(channel: str, address: str, patient_id: uuid.UUID | None) -> str:
    """Why nothing may go to `address` about this person now (a `Held` value), or "" when it may."""
    if channel == Channel.IN_APP:
        return ""
    if OptOut.objects.filter(channel=channel, address=address, until__isnull=True).exists():
        return Held.OPTED_OUT
    if (
        patient_id
        and _rules_of(patient_id)
        .filter(Q(channel="") | Q(channel=channel))
        .filter(Q(address="") | Q(address=address))
        .exists()
    ):
        return Held.UNSAFE
    return ""


def _rules_of(patient_id: uuid.UUID) -> QuerySet[ContactRule]:
    return ContactRule.objects.filter(Q(until__isnull=True) | Q(until__gt=clock.now()), patient_id=patient_id)


@transaction.atomic
def forbid_contact(
    patient_id: uuid.UUID, *, by: User, reason: str, channel: str = "", address: str = ""
) -> ContactRule:
    """From now on nothing goes to this contact about this person; what waits is held at once."""
    rule = ContactRule(patient_id=patient_id, channel=channel, address=address, reason=reason, made_by=by)
    rule.full_clean()
    rule.save()
    waiting = Message.objects.filter(patient_id=patient_id, state="waiting").exclude(channel=Channel.IN_APP)
    if channel:
        waiting = waiting.filter(channel=channel)
    if address:
        waiting = waiting.filter(address=address)
    waiting.update(state="held", held_because=Held.UNSAFE)
    record_event("messaging.forbid", by=by, patient=patient_id, entity="contact_rule", entity_id=str(rule.pk))
    return rule


@transaction.atomic
def allow_contact(rule: ContactRule, *, by: User) -> None:
    """End a rule; what it held stays held, since its time has passed."""
    rule.until = clock.now()
    rule.save(update_fields=["until"])
    record_event("messaging.allow", by=by, patient=rule.patient_id, entity="contact_rule", entity_id=str(rule.pk))


def opt_out(channel: str, address: str, *, words: str = "") -> OptOut:
    """This address asked for no more messages; asking twice changes nothing."""
    found, _created = OptOut.objects.get_or_create(
        channel=channel, address=address, until=None, defaults={"words": words[:200]}
    )
    Message.objects.filter(channel=channel, address=address, state="waiting").update(
        state="held", held_because=Held.OPTED_OUT
    )
    return found


def opt_in(channel: str, address: str) -> None:
    """This address wants messages again."""
    OptOut.objects.filter(channel=channel, address=address, until__isnull=True).update(until=clock.now())
