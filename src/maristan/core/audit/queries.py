"""Reading the register: lines about a person, lines in order of commit, how far the seal is."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from maristan.core.audit.models import AuditBlock, AuditLine, sortable_uuid

# What a seal covers, in this order for ever. A column added later is hashed only in lines that have a value for it.
SEALED_COLUMNS = (
    "id", "position", "xid", "at", "action", "outcome", "actor_id", "actor_name", "role", "place", "establishment_id",
    "service_id", "division_id", "patient_id", "entity", "entity_id", "purpose", "address", "agent_hash",
    "session_key_hash", "request_id", "detail",
)  # fmt: skip
_AS_TEXT = {"xid": "xid::text", "address": "host(address)", "detail": "detail::text"}
_SELECT = (
    f"SELECT {', '.join(_AS_TEXT.get(name, name) for name in SEALED_COLUMNS)} "  # noqa: S608 our own column names
    f"FROM {AuditLine._meta.db_table} WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 ORDER BY xid, position"
)


def lines_about(patient_id: uuid.UUID) -> QuerySet[AuditLine]:
    """Every line about a person, newest first."""
    return AuditLine.objects.filter(patient_id=patient_id).order_by("-id")


def lines_in_commit_order(low: int, high: int, *, limit: int | None = None) -> list[tuple[Any, ...]]:
    """Values of SEALED_COLUMNS of the lines written by transactions from `low` to `high`, excluded."""
    with connection.cursor() as cursor:
        cursor.execute(_SELECT + ("" if limit is None else f" LIMIT {int(limit)}"), [low, high])
        return cursor.fetchall()


def oldest_running_transaction() -> int:
    """Every transaction below this number is finished, and all it committed can be seen from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0])


def next_transaction() -> int:
    """No transaction had this number yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0])


def last_block() -> AuditBlock | None:
    """The newest sealed block, without its list of lines."""
    return AuditBlock.objects.defer("lines").order_by("-number").first()


def oldest_unsealed() -> datetime | None:
    """When the oldest line that no block covers yet was written; None when all are sealed."""
    block = last_block()
    low = block.horizon if block else 0
    return AuditLine.objects.filter(xid__gte=low).order_by("xid", "position").values_list("at", flat=True).first()


def lines_of_period(start: date, end: date) -> QuerySet[AuditLine]:
    """Lines from the first day to the last, included, by the local clock, oldest first."""
    return between(AuditLine.objects.all(), start, end).order_by("id")


def between(lines: QuerySet[AuditLine], start: date | None, end: date | None) -> QuerySet[AuditLine]:
    """Keep the lines from day to day, included; ids are in order of time, so their index serves."""
    if start:
        lines = lines.filter(id__gte=_first_id(start))
    return lines.filter(id__lt=_first_id(end + timedelta(days=1))) if end else lines


def _first_id(day: date) -> uuid.UUID:
    return sortable_uuid(int(timezone.make_aware(datetime.combine(day, time.min)).timestamp() * 1000), 0, 0)


def block_of(line: AuditLine) -> AuditBlock | None:
    """The block that seals a line; None while it is not sealed."""
    return AuditBlock.objects.defer("lines").filter(horizon__gt=line.xid).order_by("horizon").first()
