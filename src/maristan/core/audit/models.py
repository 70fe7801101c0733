"""Audit lines and the blocks that seal them. Nothing here is ever changed: the service may only SELECT and INSERT."""

import json
import uuid
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q, Value
from django.urls import reverse
from django.utils.functional import Promise

from maristan.core.audit.enums import ACTION_LABELS, Outcome, Purpose


class TransactionNumber(models.Field):
    """A PostgreSQL `xid8`: the number of a transaction, which never wraps round."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: str | int | None, *_: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or hasattr(value, "resolve_expression") else str(value)


class AuditLine(models.Model):
    """One interaction: who did what, about whom, from where, why, and how it ended.

    Names are copied and nothing is a foreign key: the line must say the same in twenty years, whatever was renamed or
    removed since. `id` begins with the time in milliseconds, so its order is the order of time. `xid` is the
    transaction that wrote the line; the sealer orders by it, because a position is given before its commit.
    """

    append_only = True

    id = models.UUIDField(primary_key=True)
    position = models.BigIntegerField(db_default=Func(Value("audit_line_position"), function="nextval"))
    xid = TransactionNumber(db_default=Func(function="pg_current_xact_id"))
    at = models.DateTimeField()
    action = models.TextField()
    outcome = models.TextField(choices=Outcome, default=Outcome.SUCCESS)
    actor_id = models.UUIDField(null=True)
    actor_name = models.TextField(blank=True, default="")
    role = models.TextField(blank=True, default="")
    place = models.TextField(blank=True, default="")
    establishment_id = models.BigIntegerField(null=True)
    service_id = models.BigIntegerField(null=True)
    division_id = models.BigIntegerField(null=True)
    patient_id = models.UUIDField(null=True)
    entity = models.TextField(blank=True, default="")
    entity_id = models.TextField(blank=True, default="")
    purpose = models.TextField(choices=Purpose, default=Purpose.TREAT)
    address = models.GenericIPAddressField(null=True)
    agent_hash = models.TextField(blank=True, default="")
    session_key_hash = models.TextField(blank=True, default="")
    request_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["xid", "position"], name="audit_line_commit_order"),
            models.Index(
                fields=["patient_id", "-id"], name="audit_line_patient", condition=Q(patient_id__isnull=False)
            ),
            models.Index(fields=["actor_id", "-id"], name="audit_line_actor", condition=Q(actor_id__isnull=False)),
            models.Index(fields=["action", "-id"], name="audit_line_action"),
            BrinIndex(fields=["at"], name="audit_line_at", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M:%S} {self.actor_name or '-'} {self.action} {self.outcome}"

    def get_absolute_url(self) -> str:
        return reverse("audit:line", args=[self.pk])

    @property
    def detail_facts(self) -> list[tuple[str, str]]:
        """What the line says besides, one (name, value) for each."""
        facts = self.detail.items() if isinstance(self.detail, dict) else ()
        return [
            (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for name, value in facts
        ]

    @property
    def outcome_tone(self) -> str:
        """The colour word of the outcome."""
        return {Outcome.REFUSED: "warn", Outcome.FAILED: "crit"}.get(self.outcome, "")

    @property
    def action_label(self) -> str | Promise:
        """The action in human words; its code when no area registered any."""
        return ACTION_LABELS.get(self.action, self.action)


class AuditBlock(models.Model):
    """A sealed run of lines: every line whose transaction lies between the previous horizon and this one.

    `lines` holds, for each line in order of (xid, position), the 16 bytes of its id and the 32 of its SHA-256; `hash`
    covers everything else in the block. So a line altered, removed or put back is named exactly.
    """

    append_only = True

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    horizon = TransactionNumber(help_text="every transaction below it was finished when the block was sealed")
    count = models.IntegerField(help_text="lines of this block")
    total = models.BigIntegerField(help_text="lines of all blocks up to this one")
    lines = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        ordering = ("number",)
        indexes = [models.Index(fields=["horizon"], name="audit_block_horizon")]

    def __str__(self) -> str:
        return f"block {self.number} of {self.count} lines"


def sortable_uuid(milliseconds: int, fraction: int, noise: int) -> uuid.UUID:
    """A UUID of version 7: 48 bits of Unix milliseconds, 12 of their fraction, 62 of `noise`."""
    value = (milliseconds & (1 << 48) - 1) << 80 | 7 << 76 | (fraction & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1
    return uuid.UUID(int=value)
