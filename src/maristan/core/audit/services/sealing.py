"""The sealer: chains committed lines in blocks, one at a time for the whole database, and marks each outside it.

A line's position is given before its commit, so a later position may be visible first. The sealer therefore takes only
lines of transactions below the oldest one still running: nothing can appear there any more.
"""

import hashlib
import json
import logging
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from maristan.core.audit import queries
from maristan.core.audit.models import AuditBlock
from maristan.core.audit.services.checkpoints import last_checkpoint, sign_checkpoint

BLOCK_LINES = 5000
PAUSE_SECONDS = 0.8
_LOCK = 0x6D617269  # one number among the advisory locks of this database

logger = logging.getLogger(__name__)


class SealError(Exception):
    """The journal cannot be sealed further; the message says why and what to do."""


def run_sealer(stop: threading.Event) -> None:
    """Seal and mark until `stop` is set; safe to kill at any point and to run twice (one of them waits)."""
    while not stop.is_set():
        block = seal_block()
        if block is None or block.count < BLOCK_LINES:
            stop.wait(PAUSE_SECONDS)
    connection.close()


def seal_block() -> AuditBlock | None:
    """Seal the lines that no block covers yet, 5,000 at most and whole transactions; None when there are none.

    Also writes the mark of an earlier block that a kill left without. Raises SealError.
    """
    with _only_sealer() as alone:
        if not alone:
            return None
        last = queries.last_block()
        _mark(last)
        block = _next_block(last)
        if block:
            block.save(force_insert=True)
            _mark(block)
    return block


@contextmanager
def _only_sealer() -> Iterator[bool]:
    """Whether no other process seals this database; the lock ends with the connection of a killed sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        alone = cursor.fetchone()[0]
        try:
            yield alone
        finally:
            if alone and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def digest_lines(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """For each line the 16 bytes of its id and the SHA-256 of all its columns, written as one JSON list."""
    return b"".join(row[0].bytes + hashlib.sha256(_canonical(row)).digest() for row in rows)


def hash_block(block: AuditBlock) -> bytes:
    """SHA-256 of the previous block's hash and of everything this block says."""
    head = [block.number, block.at.astimezone(UTC).isoformat(), block.horizon, block.count, block.total]
    return hashlib.sha256(bytes(block.previous) + json.dumps(head).encode() + bytes(block.lines)).digest()


def _next_block(last: AuditBlock | None) -> AuditBlock | None:
    low = last.horizon if last else 0
    horizon = queries.oldest_running_transaction()
    if horizon < low:
        raise SealError(
            f"Transactions are numbered {horizon}, below the last sealed one ({low}): this database is a "
            "logical dump in a new cluster. Restore a physical backup, or raise the number with pg_resetwal -x."
        )
    rows = queries.lines_in_commit_order(low, horizon, limit=BLOCK_LINES)
    if len(rows) == BLOCK_LINES:
        horizon = int(rows[-1][2]) + 1
        rows = queries.lines_in_commit_order(low, horizon)
    if not rows:
        return None
    block = AuditBlock(
        number=last.number + 1 if last else 1,
        at=datetime.now(UTC),
        horizon=horizon,
        count=len(rows),
        total=(last.total if last else 0) + len(rows),
        lines=digest_lines(rows),
        previous=bytes(last.hash) if last else b"",
    )
    block.hash = hash_block(block)
    return block


def _mark(block: AuditBlock | None) -> None:
    if block is None:
        return
    mark = last_checkpoint()
    if mark is None or mark.number < block.number:
        sign_checkpoint(block)
    elif mark.number > block.number:
        logger.error("The chain ends at block %s, its marks at %s: run `audit verify`", block.number, mark.number)


def _canonical(row: tuple[Any, ...]) -> bytes:
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value
