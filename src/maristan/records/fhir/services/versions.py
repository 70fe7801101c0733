"""The proof of the versions: each sealed over the one before it, each set named by its audit line."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from maristan.core.audit.models import AuditLine
from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.services.writing import digest_of, seal_version


@dataclass
class Proof:
    """What was compared, and what does not fit, in words that name the version."""

    versions: int = 0
    resources: int = 0
    lines: int = 0
    faults: list[str] = field(default_factory=list)


def check_versions() -> Proof:
    """Compare every version with its seal, every current row with its last version, every audit line with its set.

    A changed field breaks the seal of its version; a removed version breaks the digest that its audit line holds, and
    the audit's own chain holds the line. Reads one snapshot, in constant memory but for one hash a version.
    """
    proof = Proof()
    written: dict[uuid.UUID, list[bytes]] = {}
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:  # one snapshot, while others write
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        last = _check_chains(proof, written)
        _check_current(proof, last)
        _check_lines(proof, written)
    return proof


def _check_chains(proof: Proof, written: dict[uuid.UUID, list[bytes]]) -> dict[tuple[str, str], tuple[int, int, bool]]:
    last = {}
    rows = ResourceVersion.objects.order_by("type", "fhir_id", "version").iterator(chunk_size=2000)
    for key, group in itertools.groupby(rows, key=lambda row: (row.type, row.fhir_id)):
        proof.resources += 1
        previous = b""
        for number, row in enumerate(group, start=1):
            proof.versions += 1
            fields = (row.type, row.fhir_id, row.version, row.deleted, row.author_id, row.at, row.body)
            if row.version != number or seal_version(previous, *fields) != bytes(row.sha256):
                proof.faults.append(f"{row}: altered, or the one before it is missing")
            previous = bytes(row.sha256)
            written.setdefault(row.audit_id, []).append(previous)
            last[key] = (row.pk, row.version, row.deleted)
    return last


def _check_current(proof: Proof, last: dict[tuple[str, str], tuple[int, int, bool]]) -> None:
    rows = Resource.objects.order_by().values_list("type", "fhir_id", "current_id", "version", "deleted")
    for type_, id_, current_id, version, deleted in rows.iterator(chunk_size=5000):
        found = last.pop((type_, id_), None)
        if found != (current_id, version, deleted):
            proof.faults.append(f"{type_}/{id_}: shows version {version}, the last recorded is {found and found[1]}")
    proof.faults += [f"{type_}/{id_}: has versions but stands nowhere" for type_, id_ in last]


def _check_lines(proof: Proof, written: dict[uuid.UUID, list[bytes]]) -> None:
    for line_id, digest in _digests():
        proof.lines += 1
        if digest_of(written.pop(line_id, [])) != digest:
            proof.faults.append(f"audit line {line_id}: the versions it wrote are not those it names")
    proof.faults += [
        f"audit line {line_id} is missing: {len(hashes)} versions name it" for line_id, hashes in written.items()
    ]


def _digests() -> Iterator[tuple[uuid.UUID, str]]:
    lines = AuditLine.objects.filter(action__startswith="record.", outcome="success", detail__has_key="digest")
    yield from lines.order_by().values_list("id", "detail__digest").iterator(chunk_size=5000)
