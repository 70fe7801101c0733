"""One interaction, one line. A line is written in the transaction of what it tells, and survives its rollback."""

import getpass
import hashlib
import json
import secrets
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest

from maristan.core.audit.enums import Outcome
from maristan.core.audit.models import AuditLine, sortable_uuid

_COLUMNS = [column.column for column in AuditLine._meta.concrete_fields if column.name not in ("position", "xid")]
_INSERT = (
    f'INSERT INTO "{AuditLine._meta.db_table}" ({", ".join(_COLUMNS)}) '  # noqa: S608 our own column names
    f"VALUES ({', '.join(['%s'] * len(_COLUMNS))}) ON CONFLICT (id) DO NOTHING"
)


@dataclass
class Interaction:
    """What one request (or one command) has written, and which of its lines are not yet known to be committed."""

    request: HttpRequest | None = None
    id: uuid.UUID = field(default_factory=lambda: new_id())
    pending: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)
    refused: bool = False

    def settle(self) -> None:
        """Write again, on their own, the lines whose transaction was rolled back; raises when that is impossible."""
        for line in self.pending.values():
            if line["outcome"] == Outcome.SUCCESS:
                line = {**line, "outcome": Outcome.FAILED.value}
            _insert_again(line)
        self.pending.clear()


_current: ContextVar[Interaction | None] = ContextVar("audit_interaction", default=None)


@contextmanager
def open_interaction(interaction: Interaction) -> Iterator[Interaction]:
    """Gather the lines recorded inside the block under `interaction`; the caller settles them."""
    token = _current.set(interaction)
    try:
        yield interaction
    finally:
        _current.reset(token)


def record_event(
    action: str,
    *,
    by: Any = None,
    patient: uuid.UUID | None = None,
    entity: str = "",
    entity_id: str = "",
    purpose: str = "TREAT",
    outcome: str = "success",
    detail: dict | None = None,
) -> uuid.UUID:
    """Write one audit line and return its id, which may be shown as the reference of a refusal.

    `action` is `area.verb`; `by` a user with its current post (default: who is signed in, else the operating system's
    user for a command); `patient` the person's UUID; `purpose` a code of v3-ActReason; `detail` holds no clinical
    content. The line commits with the caller's transaction; if that rolls back, the line is written all the same before
    the answer leaves, its success turned into a failure.
    """
    interaction = _current.get()
    line = {
        **_moment(),
        **_actor(by, interaction),
        **_origin(interaction),
        "action": action,
        "outcome": Outcome(outcome).value,
        "patient_id": patient,
        "entity": entity,
        "entity_id": str(entity_id),
        "purpose": purpose,
        "detail": json.dumps(detail or {}, sort_keys=True, ensure_ascii=False, default=str),
    }
    line = {name: _storable(value) for name, value in line.items()}
    if interaction is None:
        _insert(line)
        return line["id"]
    interaction.pending[line["id"]] = line
    interaction.refused |= outcome == Outcome.REFUSED
    _insert(line)
    transaction.on_commit(lambda: interaction.pending.pop(line["id"], None))
    return line["id"]


def new_id() -> uuid.UUID:
    """An id made here, without the database, whose order is the order of time."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    return sortable_uuid(milliseconds, rest * 4096 // 1_000_000, secrets.randbits(62))


def _moment() -> dict[str, Any]:
    return {"id": new_id(), "at": datetime.now(UTC)}


def _actor(by: Any, interaction: Interaction | None) -> dict[str, Any]:
    request = interaction.request if interaction else None
    by = by or getattr(request, "user", None)
    if by is not None and getattr(by, "pk", None):
        return {"actor_id": by.pk, "actor_name": str(by), **_post(getattr(by, "post", None))}
    name = "" if request else f"{_system_user()}@{socket.gethostname()}"
    return {"actor_id": None, "actor_name": name, **_post(None), "role": "" if request else "system"}


def _post(post: Any) -> dict[str, Any]:
    if post is None:
        return {"role": "", "place": "", "establishment_id": None, "service_id": None, "division_id": None}
    service = post.service
    return {
        "role": post.role.code,
        "place": f"{service}, {service.establishment}" if service else str(post.place),
        "establishment_id": service.establishment_id if service else post.establishment_id,
        "service_id": post.service_id,
        "division_id": post.division_id,
    }


def _origin(interaction: Interaction | None) -> dict[str, Any]:
    request = interaction.request if interaction else None
    if request is None:
        return {
            "address": None,
            "agent_hash": "",
            "session_key_hash": "",
            "request_id": interaction.id if interaction else None,
        }
    return {
        "address": _address(request.META.get("REMOTE_ADDR", "")),
        "agent_hash": _digest(request.META.get("HTTP_USER_AGENT", "")),
        "session_key_hash": _digest(getattr(getattr(request, "session", None), "session_key", None)),
        "request_id": interaction.id,
    }


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:  # a socket of the machine has no address
        return None


def _digest(text: str | None) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32] if text else ""


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        return "unknown"


def _storable(value: Any) -> Any:
    """What PostgreSQL cannot hold must not make a line impossible: neither NUL nor half a character."""
    if not isinstance(value, str):
        return value
    return value.replace("\x00", "").replace("\\u0000", "").encode(errors="replace").decode()


def _insert(line: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [line[name] for name in _COLUMNS])


def _insert_again(line: dict[str, Any]) -> None:
    try:
        _insert(line)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()  # the connection died with the transaction: a new one may live
        _insert(line)
