"""Proving the journal: walk the chain, compare every line with its seal and every seal with the marks outside."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Sum

from maristan.core.audit import queries
from maristan.core.audit.models import AuditBlock, AuditLine
from maristan.core.audit.services.checkpoints import Checkpoint, read_checkpoints
from maristan.core.audit.services.sealing import digest_lines, hash_block

Progress = Callable[[int], None]
_ENTRY = 48  # bytes of a line in a block: 16 of its id, 32 of its hash


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was sealed, in the order of the chain.

    `kind` is altered, removed, inserted, emptied, block-altered, block-missing, tail-cut, mark-forged or mark-mismatch.
    """

    kind: str
    words: str
    line_id: uuid.UUID | None = None
    at: datetime | None = None


def count_sealed() -> int:
    """Lines that blocks say they hold."""
    return AuditBlock.objects.aggregate(lines=Sum("count"))["lines"] or 0


def find_faults(progress: Progress = lambda lines: None) -> Iterator[Fault]:
    """Every fault of the journal, first of the chain first; nothing when it is whole.

    Needs no more rights than SELECT. Lines of the last seconds, not yet sealed, are not covered.
    """
    if count_sealed() and not AuditLine.objects.exists():
        yield Fault("emptied", f"All {count_sealed()} sealed lines are gone: the table was emptied.")
        return
    marks = _Marks()
    last = None
    for block in AuditBlock.objects.order_by("number").iterator(chunk_size=100):
        yield from _faults_of_block(block, last)
        yield from marks.compare(block)
        progress(block.count)
        last = block
    yield from marks.after(last)
    yield from _lines_of_the_future()


def _faults_of_block(block: AuditBlock, last: AuditBlock | None) -> Iterator[Fault]:
    expected_number = last.number + 1 if last else 1
    if block.number != expected_number:
        yield Fault("block-missing", f"Block {expected_number} is missing.", at=last.at if last else None)
    elif bytes(block.previous) != (bytes(last.hash) if last else b""):
        yield Fault("block-altered", f"Block {block.number} does not follow block {block.number - 1}.", at=block.at)
    if hash_block(block) != bytes(block.hash):
        yield Fault("block-altered", f"Block {block.number} is not what was sealed.", at=block.at)
    rows = queries.lines_in_commit_order(last.horizon if last else 0, block.horizon)
    if digest_lines(rows) != bytes(block.lines):
        yield from _faults_of_lines(block, rows)


def _faults_of_lines(block: AuditBlock, rows: list[tuple[Any, ...]]) -> Iterator[Fault]:
    sealed = _entries(bytes(block.lines))
    found = _entries(digest_lines(rows))
    times = {row[0]: row[3] for row in rows}
    for line_id, digest in sealed.items():
        if line_id not in found:
            at = _time_of(line_id)
            yield Fault("removed", f"Line {line_id}, sealed in block {block.number}, is gone.", line_id, at)
        elif found[line_id] != digest:
            at = times[line_id]
            yield Fault("altered", f"Line {line_id} of block {block.number} is not what was sealed.", line_id, at)
    for line_id in found.keys() - sealed.keys():
        words = f"Line {line_id} was put among those of block {block.number} after it was sealed."
        yield Fault("inserted", words, line_id, times[line_id])


def _entries(lines: bytes) -> dict[uuid.UUID, bytes]:
    parts = (lines[start : start + _ENTRY] for start in range(0, len(lines), _ENTRY))
    return {uuid.UUID(bytes=part[:16]): part[16:] for part in parts if len(part) == _ENTRY}


def _time_of(line_id: uuid.UUID) -> datetime:
    return datetime.fromtimestamp((line_id.int >> 80) / 1000, UTC)


class _Marks:
    """The marks of the file, consumed along the chain."""

    def __init__(self) -> None:
        self.marks = read_checkpoints()
        self.next: Checkpoint | None = next(self.marks, None)

    def compare(self, block: AuditBlock) -> Iterator[Fault]:
        while self.next and self.next.number <= block.number:
            mark = self.next
            if not mark.genuine:
                yield _forged(block.number)
            elif mark.number == block.number and mark.hash != bytes(block.hash).hex():
                words = f"Block {block.number} differs from the mark kept outside the database: it was sealed again."
                yield Fault("mark-mismatch", words, at=mark.at)
            self.next = next(self.marks, None)

    def after(self, last: AuditBlock | None) -> Iterator[Fault]:
        """Marks beyond the end of the chain: its tail was cut."""
        beyond = [mark for mark in (self.next, *self.marks) if mark]
        if any(not mark.genuine for mark in beyond):
            yield _forged(last.number if last else 0)
        newest = max((mark for mark in beyond if mark.genuine), key=lambda mark: mark.number, default=None)
        if newest:
            words = (
                f"The chain ends at block {last.number if last else 0} with {last.total if last else 0} lines; a mark "
                f"outside the database says block {newest.number} with {newest.total}: the tail was cut."
            )
            yield Fault("tail-cut", words, at=last.at if last else None)


def _forged(number: int) -> Fault:
    return Fault("mark-forged", f"A mark near block {number} is not signed by the key of this installation.")


def _lines_of_the_future() -> Iterator[Fault]:
    for line in AuditLine.objects.filter(xid__gt=queries.next_transaction()).order_by("xid", "position"):
        words = f"Line {line.id} pretends to come from a transaction that has not begun."
        yield Fault("inserted", words, line.id, line.at)
