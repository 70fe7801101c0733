"""Whether a record opens. Every door to clinical facts asks here first."""

import datetime
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import record_event
from maristan.records.access import queries
from maristan.records.access.enums import Basis, Reason, RelationSource, Sensitivity
from maristan.records.patients.models import Person


@dataclass(frozen=True)
class Relation:
    """A care relation found by a provider: why, in words for its reader, and until when."""

    words: Any
    until: datetime.datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Whether a record opens to someone, on which basis, until when; `hidden`: its existence is not told either."""

    allowed: bool
    basis: Basis
    until: datetime.datetime | None = None
    words: Any = ""
    hidden: bool = False

    @property
    def purpose(self) -> str:
        """v3-ActReason that the audit lines of this reading carry."""
        return {Basis.OWN: "PATRQT", Basis.BREAK_GLASS: "ETREAT"}.get(self.basis, "TREAT")


class AccessRefused(PermissionDenied):
    """No basis opens this record to this user. Answered 403 with the break-glass page; `/fhir` answers 404."""

    def __init__(self, person: Person, decision: Decision, reference: uuid.UUID | None = None) -> None:
        super().__init__("no care relation")
        self.person, self.decision, self.reference = person, decision, reference


RelationProvider = Callable[[uuid.UUID, Any], Relation | None]
ResponsibleProvider = Callable[[uuid.UUID], Iterable[uuid.UUID]]


@dataclass
class Providers:
    """What higher areas registered from their hooks: who cares, and who is responsible."""

    relations: dict[str, RelationProvider] = field(default_factory=dict)
    responsible: dict[str, ResponsibleProvider] = field(default_factory=dict)


providers = Providers()


def register_relation_provider(code: str, provider: RelationProvider) -> None:
    """`provider(person_id, user)` answers the care relation its area knows, or None. At most one query."""
    if code in providers.relations:
        raise ValueError(f"{code} is registered twice")
    providers.relations[code] = provider


def register_responsible_provider(code: str, provider: ResponsibleProvider) -> None:
    """`provider(person_id)` answers the ids of the users now responsible for this person."""
    if code in providers.responsible:
        raise ValueError(f"{code} is registered twice")
    providers.responsible[code] = provider


def decide_access(person: Person, *, by: Any, at: datetime.datetime | None = None) -> Decision:
    """Whether `person`'s record opens to `by`: own record, care relation, running break-glass, in this order.

    Pure, and at most one query of ours plus one per registered provider. All but the own record stay within the role.
    """
    if person.account_id is not None and person.account_id == by.pk:
        return Decision(True, Basis.OWN, words=_("this is your own record"))
    at = at or timezone.now()
    grounds = {ground.kind: ground for ground in queries.find_grounds(person.pk, by, at=at)}
    if not by.may("record.read"):
        return Decision(False, Basis.NONE, words=_("your role does not read records"), hidden="label" in grounds)
    relation = grounds.get("relation") or _ask_providers(person.pk, by)
    if relation:
        return Decision(True, Basis.RELATION, relation.until, relation.words or RelationSource.REGISTRATION.label)
    if opened := grounds.get("break_glass"):
        return Decision(True, Basis.BREAK_GLASS, opened.until, Reason(opened.words).label)
    label = grounds.get("label")
    hidden = label is not None and not may_know(by, [label.words])
    return Decision(False, Basis.NONE, words=_("no care relation"), hidden=hidden)


def require_access(person: Person, *, by: Any, purpose: str = "TREAT") -> Decision:
    """The decision if it opens the record; else an audit line, then `AccessRefused`, or 404 for what is kept secret."""
    decision = decide_access(person, by=by)
    if decision.allowed:
        return decision
    reference = record_event(
        "access.refused",
        by=by,
        patient=person.pk,
        entity="Patient",
        entity_id=str(person.pk),
        purpose=purpose,
        outcome="refused",
        detail={"hidden": decision.hidden},
    )
    if decision.hidden:
        raise Http404
    raise AccessRefused(person, decision, reference)


def may_know(user: Any, labels: Iterable[str]) -> bool:
    """Whether `user` may know that something so labelled exists; otherwise the answer is 404, as if it did not.

    Labels are codes of HL7 v3-Confidentiality (R, V; N and below hide nothing) and v3-ActCode sensitivities
    (PSY, HIV, SDV and the rest, read as R).
    """
    kept = {label for label in labels if label not in {"U", "L", "M", "N"}}
    if Sensitivity.VERY_RESTRICTED in kept and not user.may("access.very_sensitive"):
        return False
    return not kept or user.may("access.sensitive")


def responsible_for(person: Person, *, at: datetime.datetime | None = None) -> set[uuid.UUID]:
    """Users responsible for this person now: named in a declared relation, or known to a registered provider."""
    named = queries.running_relations(person.pk, at=at or timezone.now()).exclude(responsible=None)
    found = set(named.values_list("responsible", flat=True))
    for provider in providers.responsible.values():
        found.update(provider(person.pk))
    return found


def _ask_providers(person_id: uuid.UUID, user: Any) -> Relation | None:
    found = (provider(person_id, user) for provider in providers.relations.values())
    return next((relation for relation in found if relation), None)
