"""Who passes the door, why, and the line that says so. `Store` asks here before it touches a fact."""

import uuid
from collections.abc import Iterable
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from maristan.core.audit.services import record_event
from maristan.records.access.enums import Basis
from maristan.records.access.services import Decision, may_know, require_access
from maristan.records.fhir.fhir import SHARED_TYPES
from maristan.records.fhir.services.outcomes import Invalid, Problem
from maristan.records.patients.models import Person

COMMAND = object()
"""`Store(by=COMMAND)`: somebody with a shell on the machine (imports, demo). No relation is asked, all is audited."""


class Passage:
    """One person with one purpose, for the length of a request; each record is decided once."""

    def __init__(self, by: Any, purpose: str) -> None:
        self.is_command = by is COMMAND
        self.by, self.purpose = None if self.is_command else by, purpose
        self._decisions: dict[uuid.UUID, Decision] = {}

    def require(self, person: Person) -> Decision | None:
        """The decision that opens `person`'s record; AccessRefused otherwise, already written down."""
        if self.is_command:
            return None
        if person.pk not in self._decisions:
            self._decisions[person.pk] = require_access(person, by=self.by, purpose=self.purpose)
        return self._decisions[person.pk]

    def require_shared(self, type_: str) -> None:
        """Facts about nobody are open to all who read records; nobody else has business here."""
        if self.is_command or self.by.may("record.read"):
            return
        self.line("access.refused", None, entity=type_, outcome="refused")
        raise PermissionDenied(type_)

    def require_writing(self, person: Person) -> Decision | None:
        """As `require`; reading one's own record does not allow to write in it."""
        decision = self.require(person)
        if decision is not None and decision.basis == Basis.OWN:
            self.line("access.refused", person.pk, entity="Patient", entity_id=str(person.pk), outcome="refused")
            raise PermissionDenied(_("One's own record is read, not written."))
        return decision

    def require_register(self) -> None:
        """A Patient that is not there yet is registered, which is a right of its own."""
        if not self.is_command and not self.by.may("patients.register"):
            self.line("access.refused", None, entity="Patient", outcome="refused")
            raise PermissionDenied("patients.register")

    def may_know(self, labels: Iterable[str], person_id: uuid.UUID | None = None) -> bool:
        """Whether facts with these sensitive labels exist for this reader; one's own facts always do."""
        decision = self._decisions.get(person_id)
        if self.is_command or not labels or (decision is not None and decision.basis == Basis.OWN):
            return True
        return may_know(self.by, labels)

    def line(self, action: str, person_id: uuid.UUID | str | None, **rest: Any) -> uuid.UUID:
        """One audit line, with the purpose under which this person's record stands open."""
        person_id = uuid.UUID(person_id) if isinstance(person_id, str) else person_id
        decision = self._decisions.get(person_id)
        purpose = decision.purpose if decision is not None and decision.basis != Basis.RELATION else self.purpose
        return record_event(action, by=self.by, patient=person_id, purpose=purpose, **rest)

    def refuse(self, action: str, problems: list[Problem], kind: type[Invalid] = Invalid) -> NoReturn:
        """Write a refusal down (where and what, no value) and raise it."""
        detail = {"problems": [[problem.path, problem.code] for problem in problems[:20]], "number": len(problems)}
        self.line(action, None, outcome="refused", detail=detail)
        raise kind(problems)


def is_shared(type_: str) -> bool:
    """Whether facts of this type are about nobody."""
    return type_ in SHARED_TYPES
