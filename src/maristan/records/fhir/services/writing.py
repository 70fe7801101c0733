"""Writing versions in sets: lock what exists, decide each change, seal, then two COPYs, whatever the number.

Nobody but this module writes `ResourceVersion` and `Resource`. It knows no access rule: `Store` and
the import ask first.
"""

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from maristan.core.territory.models import Establishment, Service
from maristan.records.fhir.enums import Change
from maristan.records.fhir.fhir import SHARED_TYPES, Body, Columns, describe
from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.services.bodies import dump, parse
from maristan.records.fhir.services.outcomes import Conflict, Problem
from maristan.records.fhir.services.validation import Path, write_path

Line = Callable[[str | None, dict[str, Any]], uuid.UUID]  # (person id, detail) -> id of the audit line written


@dataclass(slots=True)
class Draft:
    """One intended write. `body` None deletes; `creating` never overwrites; `expected`: the version it was read at."""

    type: str
    id: str
    body: Body | None
    path: Path = ()
    creating: bool = False
    expected: int | None = None
    change: Change = Change.UNCHANGED
    version: int = 1
    text: str = ""
    sha256: bytes = b""
    columns: Columns | None = None
    row: int | None = None
    version_row: int | None = None


@dataclass(slots=True)
class Held:
    """What stands in the store before the write, locked until the transaction ends."""

    row: int
    version: int
    deleted: bool
    sha256: bytes
    body: str
    person_id: str | None
    labels: list[str]


def write_drafts(drafts: Sequence[Draft], *, author_id: uuid.UUID | None, at: datetime.datetime, line: Line) -> None:
    """Write all of `drafts` or raise: Conflict when a version or an identifier does not fit. Needs a transaction.

    A body equal to the stored one changes nothing: no version, no line. `line` is called once per person concerned.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("write_drafts needs a transaction: all or nothing")
    held = lock([(draft.type, draft.id) for draft in drafts])
    decided = [_decide(draft, held.get((draft.type, draft.id)), author_id, at) for draft in drafts]
    if problems := [problem for problem in decided if problem]:
        raise Conflict(problems)
    changed = [draft for draft in drafts if draft.change != Change.UNCHANGED]
    if changed:
        _store(changed, _record_lines(changed, line), author_id, at)


def lock(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Held]:
    """What the store holds under these (type, id), locked in one order so that two writers never wait in a ring."""
    keys = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [[type_ for type_, _id in keys], [id_ for _type, id_ in keys]])
        return {(row[0], row[1]): Held(*row[2:]) for row in cursor.fetchall()}


def seal(previous: bytes, draft: Draft, author_id: uuid.UUID | None, at: datetime.datetime) -> bytes:
    """The hash of a version: over the one before it and all that is recorded, the body last."""
    return seal_version(
        previous, draft.type, draft.id, draft.version, draft.change == Change.DELETED, author_id, at, draft.text
    )


def seal_version(
    previous: bytes,
    type_: str,
    id_: str,
    version: int,
    deleted: bool,
    author_id: uuid.UUID | None,
    at: datetime.datetime,
    body: str,
) -> bytes:
    """See `seal`; from the fields of a stored row."""
    moment = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    head = f"{previous.hex()}\n{type_}\n{id_}\n{version}\n{int(deleted)}\n{author_id or ''}\n{moment}\n{body}"
    return hashlib.sha256(head.encode()).digest()


def digest_of(hashes: Iterable[bytes]) -> str:
    """The digest of a set of versions, for their audit line: independent of the order they were written in."""
    return hashlib.sha256(b"".join(sorted(hashes))).hexdigest()


_LOCK = """
SELECT r.type, r.fhir_id, r.id, r.version, r.deleted, v.sha256, v.body, r.person_id::text, r.labels
FROM unnest(%s::text[], %s::text[]) AS wanted(type, fhir_id)
JOIN fhir_resource r ON r.type = wanted.type AND r.fhir_id = wanted.fhir_id
JOIN fhir_resourceversion v ON v.id = r.current_id
ORDER BY r.type, r.fhir_id FOR UPDATE OF r
"""


def _decide(draft: Draft, held: Held | None, author_id: uuid.UUID | None, at: datetime.datetime) -> Problem | None:
    """Fill in what becomes of this draft, or say why it cannot be."""
    draft.text = dump(draft.body).decode() if draft.body is not None else ""
    problem = _decide_new(draft) if held is None else _decide_change(draft, held)
    if problem or draft.change == Change.UNCHANGED:
        return problem
    if draft.body is not None:
        draft.columns = draft.columns or describe(draft.body)
        if draft.type == "Patient" and (problem := _refuse_foreign_id(draft)):
            return problem
    if held and not held.deleted and held.person_id != draft.columns.person_id:
        words = _("A fact stays with the person it was recorded for. Delete it here and record it there.")
        return _problem(draft, "business-rule", words)
    draft.sha256 = seal(held.sha256 if held else b"", draft, author_id, at)
    return None


def _decide_new(draft: Draft) -> Problem | None:
    if draft.body is None or draft.expected:
        return _problem(draft, "not-found", _("It does not exist."))
    draft.change, draft.version = Change.CREATED, 1
    return None


def _refuse_foreign_id(draft: Draft) -> Problem | None:
    """A Patient and its person are one identity under one id."""
    try:
        if str(uuid.UUID(draft.id)) == draft.id:
            return None
    except ValueError:
        pass
    return _problem(draft, "value", _("The id of a Patient is a UUID here. Send it by POST to be given one."))


def _decide_change(draft: Draft, held: Held) -> Problem | None:
    if draft.expected is not None and draft.expected != held.version:
        words = _("It is now at version %(now)d, you read version %(then)d. Read it again, then change it.")
        return _problem(draft, "conflict", words % {"now": held.version, "then": draft.expected})
    if held.body == draft.text:  # a deleted one has an empty body, and so has the wish to delete
        draft.change, draft.version = Change.UNCHANGED, held.version
        return None
    if draft.body is None and draft.type == "Patient":
        return _problem(draft, "business-rule", _("An identity is never deleted, only linked to another."))
    if draft.creating and not held.deleted and (known := _compare_shared(draft, held)) is not None:
        if known:
            draft.change, draft.version = Change.UNCHANGED, held.version
            return None
    elif draft.creating and not held.deleted:
        words = _("Another content is stored under this identifier. Use PUT to change it, or give it another one.")
        return _problem(draft, "duplicate", words)
    draft.change = Change.DELETED if draft.body is None else Change.UPDATED
    draft.row, draft.version = held.row, held.version + 1
    if draft.body is None:  # whose it was, and who may know of it, outlive it
        draft.columns = _EMPTY._replace(person_id=held.person_id, labels=held.labels)
    return None


def person_id_of(draft: Draft) -> str | None:
    """The person a draft speaks of; None for facts about nobody, and for deletions."""
    if draft.body is None:
        return None
    draft.columns = draft.columns or describe(draft.body)
    return draft.columns.person_id


def _compare_shared(draft: Draft, held: Held) -> bool | None:
    """Senders repeat their hospitals and professionals in every bundle, shorter or longer.

    True when nothing new is said of one we hold, False when all we hold is said and more; None when they differ.
    """
    if draft.type not in SHARED_TYPES:
        return None
    stored, said = parse(held.body.encode()), draft.body
    if all(name in stored and stored[name] == value for name, value in said.items()):
        return True
    return False if all(name in said and said[name] == value for name, value in stored.items()) else None


def _problem(draft: Draft, code: str, words: str) -> Problem:
    return Problem(write_path(draft.path) or draft.type, code, f"{draft.type}/{draft.id}: {words}")


def _record_lines(changed: list[Draft], line: Line) -> dict[str | None, uuid.UUID]:
    """One audit line per person concerned, each with the count and the digest of what was written for that person."""
    groups: dict[str | None, list[Draft]] = {}
    for draft in changed:
        groups.setdefault(draft.columns.person_id, []).append(draft)
    return {
        person: line(person, {"resources": len(group), "digest": digest_of(draft.sha256 for draft in group)})
        for person, group in groups.items()
    }


def _store(changed: list[Draft], lines: dict, author_id: uuid.UUID | None, at: datetime.datetime) -> None:
    places = _places(changed)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(_NUMBERS, [len(changed)])
        for draft, (number,) in zip(changed, cursor.fetchall(), strict=True):
            draft.version_row = number
        with cursor.copy(_COPY_VERSIONS) as copy:
            for draft in changed:
                head = (draft.version_row, draft.type, draft.id, draft.version, draft.body is None, draft.text)
                copy.write_row((*head, draft.sha256, author_id, at, lines[draft.columns.person_id]))
        created = [draft for draft in changed if draft.row is None]
        if created:
            with cursor.copy(_COPY_RESOURCES) as copy:
                for draft in created:
                    copy.write_row((draft.type, draft.id, *_row(draft, places, at)))
        updated = [[*_row(draft, places, at), draft.row] for draft in changed if draft.row is not None]
        if updated:
            cursor.executemany(_UPDATE, updated)


def _row(draft: Draft, places: dict[str, tuple], at: datetime.datetime) -> tuple:
    establishment_id, service_id = places.get(_organization(draft, places), (None, None))
    end = (establishment_id, service_id, draft.version_row, draft.version, at, draft.body is None)
    return draft.columns + end


def _organization(draft: Draft, places: dict[str, tuple]) -> str:
    """The organization a fact names, else that of its encounter."""
    columns = draft.columns
    return (
        columns.organization if columns.organization in places else places.get(columns.encounter, columns.organization)
    )


def _places(changed: list[Draft]) -> dict[str, Any]:
    """Our establishments and services behind the organizations named, and the organization of each encounter named."""
    encounters = {d.id: d.columns.organization for d in changed if d.type == "Encounter" and d.columns.organization}
    elsewhere = {d.columns.encounter for d in changed} - encounters.keys() - {""}
    if elsewhere:
        known = Resource.objects.filter(type="Encounter", fhir_id__in=elsewhere)
        encounters.update(known.exclude(organization="").values_list("fhir_id", "organization"))
    named = {draft.columns.organization for draft in changed} | set(encounters.values())
    return encounters | find_places(named - {""})


def find_places(codes: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    """(establishment id, service id) for each organization id that is one of ours; see `organization_reference`."""
    codes = set(codes)
    establishments = dict(
        Establishment.objects.filter(code__in={code.partition(".")[0] for code in codes}).values_list("code", "pk")
    )
    found: dict[str, tuple[int, int | None]] = {
        code: (establishments[code], None) for code in codes & establishments.keys()
    }
    inside = Service.objects.filter(establishment__code__in=establishments)
    for establishment, code, service_id in inside.values_list("establishment__code", "code", "pk"):
        if f"{establishment}.{code}" in codes:
            found[f"{establishment}.{code}"] = (establishments[establishment], service_id)
    return found


_VERSION_COLUMNS = ["id", "type", "fhir_id", "version", "deleted", "body", "sha256", "author_id", "at", "audit_id"]
_COLUMNS = [
    "person_id",
    "encounter",
    "code_system",
    "code",
    "category",
    "status",
    "starts_at",
    "ends_at",
    "organization",
    "author",
    "source",
    "labels",
    "identifiers",
    "establishment_id",
    "service_id",
    "current_id",
    "version",
    "last_updated",
    "deleted",
]
_COPY_VERSIONS = f"COPY {ResourceVersion._meta.db_table} ({', '.join(_VERSION_COLUMNS)}) FROM STDIN"
_COPY_RESOURCES = f"COPY {Resource._meta.db_table} (type, fhir_id, {', '.join(_COLUMNS)}) FROM STDIN"
_UPDATE = f"UPDATE {Resource._meta.db_table} SET {', '.join(f'{c} = %s' for c in _COLUMNS)} WHERE id = %s"  # noqa: S608
_NUMBERS = "SELECT nextval(pg_get_serial_sequence('fhir_resourceversion', 'id')) FROM generate_series(1, %s)"
_EMPTY = Columns(None, "", "", "", "", "", None, None, "", "", "", [], [])
