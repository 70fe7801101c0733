"""The outbox, the inbox, and what must never be contacted. A row is written in the transaction of its fact."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maristan.core.messaging.enums import Channel, Held, State
from maristan.core.ui import clock


class Message(models.Model):
    """One message of one fact to one address. Its words are fixed when queued, in its reader's language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="a kind that an area registered")
    fact = models.CharField(max_length=120, help_text="what it tells: never told twice to one address by one channel")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=254, blank=True, help_text="e-mail or +E.164; empty for a notice on screen")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    patient_id = models.UUIDField(null=True, blank=True, help_text="whom it concerns, for the rules of safe contact")
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True, help_text="page of ours that a notice opens")
    segments = models.PositiveSmallIntegerField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    answer_until = models.DateTimeField(null=True, blank=True, help_text="an answer is expected until then")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="useless after that")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    held_because = models.CharField(max_length=10, choices=Held, blank=True)
    queued_at = models.DateTimeField(default=clock.now)
    next_try_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    gateway = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=100, blank=True, help_text="the gateway's own number")
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-queued_at",)
        indexes = [
            models.Index(fields=["next_try_at"], name="message_due", condition=Q(state="waiting")),
            models.Index(fields=["claimed_at"], name="message_claimed", condition=Q(state="sending")),
            models.Index(fields=["recipient", "-queued_at"], name="message_notice", condition=Q(channel="in_app")),
            models.Index(fields=["address", "-sent_at"], name="message_answerable", condition=Q(channel="sms")),
            models.Index(fields=["-queued_at"], name="message_recent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fact", "channel", "address", "recipient"],
                name="message_never_twice",
                nulls_distinct=False,
                violation_error_message=_("This was already told to this address."),
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"], name="message_reference_once", condition=~Q(reference="")
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.IN_APP, recipient__isnull=False)
                | (~Q(channel=Channel.IN_APP) & ~Q(address="")),
                name="message_has_an_address",
                violation_error_message=_("A message needs an address, a notice needs a person."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SENT, State.DELIVERED]) | Q(sent_at__isnull=False),
                name="message_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.HELD, held_because__gt="") | (~Q(state=State.HELD) & Q(held_because="")),
                name="message_held_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.address or self.recipient}"


class InboundMessage(models.Model):
    """An SMS that came in, kept once however often the gateway repeats it, with the message it answers if any."""

    gateway = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, help_text="the gateway's number, or a digest where it gives none")
    sender = models.CharField(max_length=30)
    to = models.CharField(max_length=30, blank=True)
    body = models.TextField(blank=True)
    received_at = models.DateTimeField(default=clock.now)
    answers = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="answer")

    class Meta:
        ordering = ("-received_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "reference"],
                name="inbound_once",
                violation_error_message=_("This message was already received."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.body[:40]}"


class OptOut(models.Model):
    """An address that asked for no more messages; urgent ones about its own care are held too, and shown as such."""

    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=254)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="what the person wrote")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address"],
                name="opt_out_once",
                condition=Q(until__isnull=True),
                violation_error_message=_("This address already receives nothing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"


class ContactRule(models.Model):
    """A contact that is not safe for a person: a violent spouse reads her telephone, a letter would be opened.

    With no address the whole channel is forbidden for that person; with no channel, every one of them.
    """

    patient_id = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    address = models.CharField(max_length=254, blank=True)
    reason = models.CharField(max_length=200)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-since",)
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="contact_rule_ends_after_it_begins",
                violation_error_message=_("A rule ends after it begins."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="contact_rule_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.channel or '*'} {self.address or '*'}"
