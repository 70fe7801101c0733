"""The one door of the record. It asks whether it opens, hides what may not be known, and writes every passage down."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.audit.services import record_event
from maristan.records.access.services import AccessRefused, Decision, may_know, require_access
from maristan.records.access.enums import Basis
from maristan.records.fhir.fhir import SHARED_TYPES, Body, describe
from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.queries.selection import Selection, hidden_labels, newest_first, select
from maristan.records.fhir.services.bodies import parse
from maristan.records.fhir.services.chart import Chart
from maristan.records.fhir.services.outcomes import Conflict, Gone, Invalid, NotFound, Problem
from maristan.records.fhir.services.people import save_people
from maristan.records.fhir.services.references import check_references
from maristan.records.fhir.services.transactions import Plan, plan_transaction, prepare, strip_server_meta
from maristan.records.fhir.services.writing import Draft, lock, write_drafts
from maristan.records.patients.models import Person

COMMAND = object()
"""`Store(by=COMMAND)`: somebody with a shell on the machine (imports, demo). No relation is asked, all is audited."""


class Store:
    """The record as `by` may see and change it, for a purpose of v3-ActReason. One per request.

    Bodies come with meta.versionId and meta.lastUpdated. Raises NotFound (also for what may not be known), Gone,
    AccessRefused (no basis opens this person's record), Invalid and Conflict (with every problem).
    """

    def __init__(self, by: Any, purpose: str = "TREAT") -> None:
        self.by, self.purpose = by, purpose
        self._decisions: dict[uuid.UUID, Decision] = {}

    def open_chart(self, person: Person) -> Chart:
        """Decide once, write one line, then read as much as the page needs."""
        decision = self._require(person)
        self._line("record.read", person.pk, entity="Patient", entity_id=str(person.pk), decision=decision)
        return Chart(person, decision, hidden_labels(self._may_know, person.pk))

    def read(self, type_: str, id_: str) -> Body:
        """The current version."""
        row = self._find(type_, id_, "record.read")
        if row.deleted:
            raise Gone(type_, id_)
        return complete(parse(row.current.body.encode()), row.version, row.last_updated)

    def vread(self, type_: str, id_: str, version: int) -> Body:
        """One past version."""
        row = self._find(type_, id_, "record.read", version=version)
        found = ResourceVersion.objects.filter(type=type_, fhir_id=row.fhir_id, version=version).first()
        if found is None:
            raise NotFound(type_, f"{id_}/_history/{version}")
        if found.deleted:
            raise Gone(type_, id_)
        return complete(parse(found.body.encode()), found.version, found.at)

    def history(self, type_: str, id_: str) -> list[ResourceVersion]:
        """All versions, newest first; a deletion is a version without body."""
        self._find(type_, id_, "record.history")
        return list(ResourceVersion.objects.filter(type=type_, fhir_id=id_).order_by("-version"))

    def search(self, type_: str, *, limit: int = 100, **criteria: Any) -> list[Body]:
        """Current resources, newest first: person, codes, category, status, since, until, encounter, identifier.

        Without a person, only facts about nobody (organizations, professionals) can be searched.
        """
        rows = newest_first(self._select(type_, criteria)).select_related("current")[:limit]
        return [complete(parse(row.current.body.encode()), row.version, row.last_updated) for row in rows]

    def count(self, type_: str, **criteria: Any) -> int:
        """How many `search` would find without a limit."""
        return self._select(type_, criteria).count()

    def create(self, body: Body) -> Body:
        """Store a new resource; the identifier is given here."""
        type_ = body.get("resourceType") if isinstance(body, dict) else None
        return self._write_one(Draft(str(type_), str(uuid.uuid4()), body, creating=True), "record.create")

    def update(self, body: Body, *, expected_version: int | None = None) -> Body:
        """Store a new version of `body["id"]`; Conflict when it is no longer at `expected_version`."""
        type_, id_ = (body.get("resourceType"), body.get("id")) if isinstance(body, dict) else (None, None)
        return self._write_one(Draft(str(type_), str(id_), body, expected=expected_version), "record.update")

    def delete(self, type_: str, id_: str, *, expected_version: int | None = None) -> None:
        """Store a deletion; the history remains. Deleting what is deleted changes nothing."""
        self._write([Draft(type_, id_, None, expected=expected_version)], "record.delete")

    def transaction(self, bundle: Any) -> Body:
        """Carry out a transaction bundle, all or nothing, and answer a transaction-response."""
        plan = plan_transaction(bundle)
        if plan.problems:
            self._refuse("record.transaction", plan.problems)
        self._write(plan.drafts, "record.transaction")
        return answer_transaction(plan)

    def export(self, person: Person) -> Body:
        """The whole current record of a person as a collection bundle, hidden facts left out."""
        decision = self._require(person)
        hidden = hidden_labels(self._may_know, person.pk)
        rows = select(Selection(person_id=person.pk), hidden).select_related("current").order_by("type", "fhir_id")
        entries = [
            {
                "fullUrl": f"urn:uuid:{row.fhir_id}" if len(row.fhir_id) == 36 else f"{row.type}/{row.fhir_id}",
                "resource": complete(parse(row.current.body.encode()), row.version, row.last_updated),
            }
            for row in rows
        ]
        detail = {"resources": len(entries)}
        self._line("record.export", person.pk, entity="Patient", entity_id=str(person.pk), decision=decision, detail=detail)
        return {"resourceType": "Bundle", "type": "collection", "timestamp": _now(), "entry": entries}

    def _find(self, type_: str, id_: str, action: str, *, version: int | None = None) -> Resource:
        """The row, once it is sure that `by` may read it; one audit line either way."""
        row = Resource.objects.select_related("current", "person").filter(type=type_, fhir_id=id_).first()
        if row is None or not self._may_know(row.labels):
            detail = {"hidden": row is not None}
            self._line(action, row and row.person_id, entity=type_, entity_id=id_, outcome="refused", detail=detail)
            raise NotFound(type_, id_)
        decision = self._require(row.person) if row.person else self._require_shared(type_)
        detail = {"version": version or row.version}
        self._line(action, row.person_id, entity=type_, entity_id=id_, decision=decision, detail=detail)
        return row

    def _select(self, type_: str, criteria: dict[str, Any]) -> Any:
        person = criteria.pop("person", None)
        decision = self._require(person) if person else self._require_shared(type_)
        if person is None and type_ not in SHARED_TYPES and self.by is not COMMAND:
            raise ValueError("A search of clinical facts names its person")
        person_id = person.pk if person else None
        detail = {name: str(value)[:200] for name, value in criteria.items() if value is not None}
        self._line("record.search", person_id, entity=type_, decision=decision, detail=detail)
        return select(
            Selection(type=type_, person_id=person_id, **criteria), hidden_labels(self._may_know, person_id)
        )

    def _write_one(self, draft: Draft, action: str) -> Body:
        findings = prepare(draft.body)
        problems = findings.problems or check_references(findings.references)
        if not problems and draft.body["resourceType"] in known_without_create(draft):
            problems = []
        if problems:
            self._refuse(action, problems)
        draft.body["id"] = draft.id
        strip_server_meta(draft.body)
        at = self._write([draft], action)
        return complete(parse(draft.text.encode()), draft.version, at)

    def _write(self, drafts: Sequence[Draft], action: str) -> datetime.datetime:
        """Ask for every person concerned, then write all or nothing. Answers the time of writing."""
        decisions = self._require_all(drafts)
        author_id = None if self.by is COMMAND else self.by.pk
        actor = None if self.by is COMMAND else self.by

        def line(person_id: str | None, detail: dict[str, Any]) -> uuid.UUID:
            return self._line(action, person_id, entity="Patient" if person_id else "", entity_id=person_id or "", decision=decisions.get(person_id), detail=detail)

        try:
            with transaction.atomic():
                at = timezone.now()
                write_drafts(drafts, author_id=author_id, at=at, line=line)
                save_people(drafts, by=actor)
        except Invalid as error:
            self._refuse(action, error.problems, type(error))
        except IntegrityError as error:
            raise Conflict([Problem(drafts[0].type, "conflict", _("Somebody else wrote it at the same moment. Read it again."))]) from error
        return at
