"""The one door of the record. It asks whether it opens, hides what may not be known, and writes every passage down."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.records.fhir.fhir import SHARED_TYPES, Body
from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.queries.selection import LabelSets, Selection, hidden_labels, newest_first, select
from maristan.records.fhir.services.bodies import parse
from maristan.records.fhir.services.chart import Chart
from maristan.records.fhir.services.outcomes import Conflict, Gone, Invalid, NotFound, Problem
from maristan.records.fhir.services.passage import Passage
from maristan.records.fhir.services.people import save_people
from maristan.records.fhir.services.references import check_references
from maristan.records.fhir.services.transactions import Plan, plan_transaction, prepare, strip_server_meta
from maristan.records.fhir.services.writing import Draft, person_id_of, write_drafts
from maristan.records.patients.models import Person


class Store:
    """The record as `by` may see and change it, for a purpose of v3-ActReason. One per request.

    Bodies come with meta.versionId and meta.lastUpdated. Raises NotFound (also for what may not be known), Gone,
    AccessRefused (no basis opens this person's record), Invalid and Conflict (with every problem).
    """

    def __init__(self, by: Any, purpose: str = "TREAT") -> None:
        self.passage = Passage(by, purpose)

    def open_chart(self, person: Person) -> Chart:
        """Decide once, write one line, then read as much as the page needs."""
        decision = self.passage.require(person)
        self.passage.line("record.read", person.pk, entity="Patient", entity_id=str(person.pk))
        return Chart(person, decision, self._hidden(person.pk))

    def read(self, type_: str, id_: str) -> Body:
        """The current version."""
        row = self._find(type_, id_, "record.read")
        if row.deleted:
            raise Gone(type_, id_)
        return _complete_row(row)

    def vread(self, type_: str, id_: str, version: int) -> Body:
        """One past version."""
        self._find(type_, id_, "record.read", version=version)
        found = ResourceVersion.objects.filter(type=type_, fhir_id=id_, version=version).first()
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
        return [_complete_row(row) for row in rows]

    def count(self, type_: str, **criteria: Any) -> int:
        """How many `search` would find without a limit."""
        return self._select(type_, criteria).count()

    def create(self, body: Body) -> Body:
        """Store a new resource; its identifier is given here."""
        draft = Draft(_text(body, "resourceType"), str(uuid.uuid4()), body, creating=True)
        return self._write_one(draft, "record.create")

    def update(self, body: Body, *, expected_version: int | None = None) -> Body:
        """Store a new version of `body["id"]`; Conflict when it is no longer at `expected_version`."""
        draft = Draft(_text(body, "resourceType"), _text(body, "id"), body, expected=expected_version)
        return self._write_one(draft, "record.update")

    def delete(self, type_: str, id_: str, *, expected_version: int | None = None) -> None:
        """Store a deletion; the history remains. Deleting what is deleted changes nothing."""
        self._write([Draft(type_, id_, None, expected=expected_version)], "record.delete")

    def transaction(self, bundle: Any) -> Body:
        """Carry out a transaction bundle, all or nothing, and answer a transaction-response."""
        plan = plan_transaction(bundle)
        if plan.problems:
            self.passage.refuse("record.transaction", plan.problems)
        self._write(plan.drafts, "record.transaction")
        return _answer(plan)

    def export(self, person: Person) -> Body:
        """The whole current record of a person as a collection bundle, hidden facts left out."""
        self.passage.require(person)
        rows = select(Selection(person_id=person.pk), self._hidden(person.pk))
        rows = rows.select_related("current").order_by("type", "fhir_id")
        entries = [{"fullUrl": _full_url(row), "resource": _complete_row(row)} for row in rows]
        detail = {"resources": len(entries)}
        self.passage.line("record.export", person.pk, entity="Patient", entity_id=str(person.pk), detail=detail)
        stamp = timezone.now().isoformat(timespec="milliseconds")
        return {"resourceType": "Bundle", "type": "collection", "timestamp": stamp, "entry": entries}

    def _find(self, type_: str, id_: str, action: str, *, version: int | None = None) -> Resource:
        """The row, once it is sure that the reader may know it; one line either way."""
        row = Resource.objects.select_related("current", "person").filter(type=type_, fhir_id=id_).first()
        if row is not None and row.person:
            self.passage.require(row.person)
        elif row is not None:
            self.passage.require_shared(type_)
        person_id = row.person_id if row else None
        if row is None or not self.passage.may_know(row.labels, person_id):
            detail = {"hidden": row is not None}
            self.passage.line(action, person_id, entity=type_, entity_id=id_, outcome="refused", detail=detail)
            raise NotFound(type_, id_)
        detail = {"version": version or row.version}
        self.passage.line(action, person_id, entity=type_, entity_id=id_, detail=detail)
        return row

    def _select(self, type_: str, criteria: dict[str, Any]) -> Any:
        person = criteria.pop("person", None)
        if person is None:
            self.passage.require_shared(type_)
            if type_ not in SHARED_TYPES and not self.passage.is_command:
                raise ValueError(f"a search of {type_} names its person")
        else:
            self.passage.require(person)
        person_id = person.pk if person else None
        detail = {name: str(value)[:200] for name, value in criteria.items() if value is not None}
        self.passage.line("record.search", person_id, entity=type_, detail=detail)
        return select(Selection(type=type_, person_id=person_id, **criteria), self._hidden(person_id))

    def _hidden(self, person_id: uuid.UUID | None) -> LabelSets:
        return hidden_labels(lambda labels: self.passage.may_know(labels, person_id), person_id)

    def _write_one(self, draft: Draft, action: str) -> Body:
        findings = prepare(draft.body)
        problems = findings.problems or check_references(findings.references)
        if problems:
            self.passage.refuse(action, problems)
        draft.body["id"] = draft.id
        strip_server_meta(draft.body)
        at = self._write([draft], action)
        return complete(parse(draft.text.encode()), draft.version, at)

    def _write(self, drafts: Sequence[Draft], action: str) -> datetime.datetime:
        """Ask for every person concerned, then write all or nothing. Answers the time of writing."""
        self._require_all(drafts)

        def line(person_id: str | None, detail: dict[str, Any]) -> uuid.UUID:
            entity, entity_id = (drafts[0].type, drafts[0].id) if len(drafts) == 1 else ("Bundle", "")
            return self.passage.line(action, person_id, entity=entity, entity_id=entity_id, detail=detail)

        try:
            with transaction.atomic():
                at = timezone.now()
                write_drafts(drafts, author_id=self.passage.by and self.passage.by.pk, at=at, line=line)
                save_people(drafts, by=self.passage.by)
        except Invalid as error:
            self.passage.refuse(action, error.problems, type(error))
        except IntegrityError as error:
            words = _("Somebody else wrote it at the same moment. Read it again.")
            raise Conflict([Problem(drafts[0].type, "conflict", words)]) from error
        return at

    def _require_all(self, drafts: Sequence[Draft]) -> None:
        """Every record written to must be open, and what is overwritten must not be hidden."""
        standing = {
            (row.type, row.fhir_id): row
            for row in Resource.objects.filter(fhir_id__in=[draft.id for draft in drafts]).select_related("person")
        }
        persons = {person_id_of(draft) for draft in drafts} - {None}
        known = {str(person.pk): person for person in Person.objects.filter(pk__in=persons)}
        for draft in drafts:
            row, person = standing.get((draft.type, draft.id)), known.get(person_id_of(draft))
            for one in {row and row.person, person} - {None}:
                self.passage.require_writing(one)
            if draft.type == "Patient" and person is None and row is None:
                self.passage.require_register()
            elif not person and not (row and row.person):
                self.passage.require_shared(draft.type)
            if row and not self.passage.may_know(row.labels, row.person_id):
                raise NotFound(draft.type, draft.id)


def complete(body: Body, version: int, at: datetime.datetime) -> Body:
    """A body as it leaves: with the version and the time that the store keeps in columns."""
    stamp = at.astimezone(datetime.UTC).isoformat(timespec="milliseconds")
    body["meta"] = {**body.get("meta", {}), "versionId": str(version), "lastUpdated": stamp}
    return body


def _complete_row(row: Resource) -> Body:
    return complete(parse(row.current.body.encode()), row.version, row.last_updated)


def _full_url(row: Resource) -> str:
    return f"urn:uuid:{row.fhir_id}" if len(row.fhir_id) == 36 else f"{row.type}/{row.fhir_id}"


def _text(body: Any, name: str) -> str:
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _answer(plan: Plan) -> Body:
    """The transaction-response: one entry per entry asked, in their order."""
    entries = []
    for answer in plan.answers:
        if isinstance(answer, Draft):
            status = {"created": "201 Created", "deleted": "204 No Content"}.get(answer.change, "200 OK")
            location = f"{answer.type}/{answer.id}/_history/{answer.version}"
            response = {"status": status, "location": location, "etag": f'W/"{answer.version}"'}
        else:
            response = {"status": "200 OK", "location": "/".join(answer)}
        entries.append({"response": response})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
