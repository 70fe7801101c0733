"""Bundles from files: each file one transaction, known by its content: never half in, never in twice."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.records.fhir.enums import Change, FileState
from maristan.records.fhir.models import ImportedFile
from maristan.records.fhir.services.bodies import BadJson, parse
from maristan.records.fhir.services.outcomes import Invalid, Problem
from maristan.records.fhir.services.passage import COMMAND, Passage
from maristan.records.fhir.services.people import save_people
from maristan.records.fhir.services.transactions import Plan, plan_transaction
from maristan.records.fhir.services.writing import write_drafts

PURPOSE = "HOPERAT"  # v3-ActReason: healthcare operations
MOST_BYTES = 256 * 1024 * 1024
KEPT_PROBLEMS = 50


@dataclass(slots=True)
class Imported:
    """What became of one file. `written` names every version acknowledged: (type, id, version, sha256 in hex)."""

    path: Path
    state: str  # done, unchanged (known already), refused
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    written: list[tuple[str, str, int, str]] = field(default_factory=list)

    @property
    def may_come_later(self) -> bool:
        """Refused only because what it points to is not here yet: worth another try after the other files."""
        return self.state == "refused" and all(problem.code == "not-found" for problem in self.problems)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files to import: those named, and every *.json below the folders named.

    Bundles that bring no patient (hospitals, professionals) come first, since the others point to them.
    """
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return sorted(dict.fromkeys(found), key=lambda path: (brings_patient(path), path))


def brings_patient(path: Path) -> bool:
    """A look at the first 64 kB: a bundle about a person begins with its Patient."""
    try:
        with path.open("rb") as file:
            head = file.read(65536)
    except OSError:
        return True
    return b'"Patient"' in head


def import_files(paths: Iterable[Path]) -> Iterator[Imported]:
    """Import files one after the other; one that waits for what another brings is tried again until nothing moves."""
    waiting = list(paths)
    while waiting:
        late, moved = [], False
        for path in waiting:
            imported = import_file(path)
            if imported.may_come_later:
                late.append((path, imported))
            else:
                moved = moved or imported.state == "done"
                yield imported
        if not moved or not late:
            yield from (imported for _path, imported in late)
            return
        waiting = [path for path, _imported in late]


def import_file(path: Path) -> Imported:
    """Import one bundle file, all or nothing; a file whose content was imported before is left alone.

    Never raises for what is in the file: its problems are in the answer, in the ledger and in the audit.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            return _refused(path, Problem("", "too-costly", _("Larger than 256 MB. Split it by patient.")))
        content = path.read_bytes()
    except OSError as error:
        return _refused(path, Problem("", "exception", _("Cannot be read: %(why)s.") % {"why": error.strerror}))
    digest = hashlib.sha256(content).hexdigest()
    if ImportedFile.objects.filter(digest=digest, state=FileState.DONE).exists():
        return Imported(path, "unchanged")
    try:
        with transaction.atomic():
            imported = _import_content(path, content, digest)
    except BadJson as error:
        imported = _refused(path, Problem("", "invalid", _("No JSON: %(why)s.") % {"why": str(error)[:200]}))
    except Invalid as error:
        imported = Imported(path, "refused", problems=error.problems)
    except IntegrityError as error:
        imported = _refused(
            path, Problem("", "conflict", _("Refused by the database: %(why)s") % {"why": _first_line(error)})
        )
    if imported.state == "refused":
        _keep_refusal(imported, digest)
    return imported


def _import_content(path: Path, content: bytes, digest: str) -> Imported:
    with connection.cursor() as cursor:  # two importers of one file: the second waits, then finds it done
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])
    if ImportedFile.objects.filter(digest=digest, state=FileState.DONE).exists():
        return Imported(path, "unchanged")
    plan = plan_transaction(parse(content))
    if plan.problems:
        raise Invalid(plan.problems)
    _write(plan, path, digest)
    changed = [draft for draft in plan.drafts if draft.change != Change.UNCHANGED]
    written = [(draft.type, draft.id, draft.version, draft.sha256.hex()) for draft in changed]
    return Imported(path, "done", _count(plan), written=written)


def _write(plan: Plan, path: Path, digest: str) -> None:
    passage = Passage(COMMAND, PURPOSE)
    lines: list[uuid.UUID] = []
    at = timezone.now()

    def line(person_id: str | None, detail: dict[str, Any]) -> uuid.UUID:
        detail = {**detail, "file": path.name, "file_sha256": digest}
        lines.append(passage.line("record.import", person_id, entity="Bundle", entity_id=digest[:32], detail=detail))
        return lines[-1]

    write_drafts(plan.drafts, author_id=None, at=at, line=line)
    save_people(plan.drafts, by=None)
    _enter(digest, path, FileState.DONE, resources=len(plan.answers), audit_id=lines[0] if lines else None)


def _enter(digest: str, path: Path, state: FileState, **rest: Any) -> None:
    values = {"name": path.name[:255], "state": state, "at": timezone.now(), "problems": [], **rest}
    ImportedFile.objects.update_or_create(digest=digest, defaults=values)


def _keep_refusal(imported: Imported, digest: str) -> None:
    problems = [[problem.path, problem.code, problem.words] for problem in imported.problems[:KEPT_PROBLEMS]]
    detail = {"file": imported.path.name, "file_sha256": digest, "problems": len(imported.problems)}
    with transaction.atomic():
        passage = Passage(COMMAND, PURPOSE)
        audit_id = passage.line(
            "record.import", None, entity="Bundle", entity_id=digest[:32], outcome="refused", detail=detail
        )
        _enter(digest, imported.path, FileState.REFUSED, problems=problems, audit_id=audit_id)


def _refused(path: Path, problem: Problem) -> Imported:
    return Imported(path, "refused", problems=[problem])


def _count(plan: Plan) -> dict[str, int]:
    counts = {change.value: 0 for change in Change}
    for draft in plan.drafts:
        counts[draft.change.value] += 1
    counts[Change.UNCHANGED.value] += len(plan.found)
    return counts


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def causes(imported: Iterable[Imported]) -> Iterator[tuple[str, int, str]]:
    """Refusals by cause: (words, how many, an example `file: path: what`), most frequent first."""
    found: dict[str, list[str]] = {}
    for one in imported:
        for problem in one.problems:
            example = ": ".join(filter(None, [one.path.name, problem.path, problem.words]))
            found.setdefault(problem.code, []).append(example)
    for code, examples in sorted(found.items(), key=lambda item: -len(item[1])):
        yield CAUSES.get(code, code), len(examples), examples[0]


CAUSES = {
    "required": "a required element is missing: complete it at its source",
    "value": "a value is not of its type: correct it at its source",
    "structure": "an element is unknown, or one where a list stands: the sender does not write FHIR R4",
    "code-invalid": "a code is not one of those required: map it at its source",
    "not-found": "a reference points to nothing: import what it names first",
    "duplicate": "an identifier already holds something else: send a change as PUT",
    "conflict": "changed by somebody else meanwhile: read again, then send",
    "not-supported": "a request that a transaction cannot make here",
    "multiple-matches": "a condition answered by several resources: make it exact",
    "business-rule": "against a rule of the record: see the words",
    "too-costly": "too large or nested too deeply: split it",
    "invalid": "no readable JSON: export it again",
    "exception": "the file cannot be read: check its name and its rights",
}
