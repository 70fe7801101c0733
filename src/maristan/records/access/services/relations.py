"""Declared care relations: opened, closed, asked for."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.audit.services import record_event
from maristan.core.territory.models import Service
from maristan.records.access import queries, rules
from maristan.records.access.enums import RelationSource
from maristan.records.access.models import CareRelation, RelationRequest
from maristan.records.access.services.decisions import responsible_for
from maristan.records.patients.models import Person


@transaction.atomic
def open_relation(
    person: Person,
    *,
    by: Any,
    service: Service | None = None,
    user: Any = None,
    responsible: Any = None,
    reason: str = "",
    until: datetime.datetime | None = None,
    source: str = RelationSource.DECLARED,
) -> CareRelation:
    """Say that `service`, or `user`, takes care of `person`; answers the running relation if there is one already.

    Whoever declares it answers for it: the line of the audit names them. Times are aware, `until` is outside. Only a
    registration needs no `reason`.
    """
    now = timezone.now()
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    same = queries.running_relations(person.pk, at=now).filter(service=service, user=user)
    running = same.filter(ends_at=until).first() or same.filter(ends_at=None).first()
    if running:
        return running
    relation = CareRelation(
        person=person,
        service=service,
        user=user,
        responsible=responsible,
        reason=reason,
        starts_at=now,
        ends_at=until,
        source=source,
        given_by=by,
    )
    relation.full_clean()
    relation.save()
    _record("access.relation_open", relation, by=by)
    return relation


@transaction.atomic
def close_relation(relation: CareRelation, *, by: Any) -> CareRelation:
    """End a declared relation now; closing it twice changes nothing."""
    relation = CareRelation.objects.select_for_update().get(pk=relation.pk)
    if relation.is_running:
        relation.ends_at, relation.closed_by = timezone.now(), by
        relation.save(update_fields=["ends_at", "closed_by"])
        _record("access.relation_close", relation, by=by)
    return relation


@transaction.atomic
def ask_relation(person: Person, *, by: Any, words: str) -> RelationRequest:
    """Ask the responsible physician to open the record; a request that waits is answered before another is sent."""
    responsible = responsible_for(person) - {by.pk}
    if not responsible:
        raise ValidationError(_("No responsible physician is known for this person."))
    request = RelationRequest(person=person, user=by, words=words)
    request.full_clean()
    request.save()
    request.told.set(responsible)
    record_event("access.relation_ask", by=by, patient=person.pk, entity="RelationRequest", entity_id=str(request.pk))
    return request


@transaction.atomic
def answer_request(request: RelationRequest, *, by: Any, accepted: bool) -> RelationRequest:
    """The responsible physician opens the record to the one who asked, for 30 days, or declines."""
    request = RelationRequest.objects.select_for_update().get(pk=request.pk)
    if not rules.was_told.test(by, request) or rules.opened_it.test(by, request):
        raise PermissionDenied("not responsible for this person")
    if request.accepted is not None:
        raise ValidationError(_("This request has already been answered."))
    request.accepted, request.answered_by, request.answered_at = accepted, by, timezone.now()
    request.save()
    record_event(
        "access.relation_answer",
        by=by,
        patient=request.person_id,
        entity="RelationRequest",
        entity_id=str(request.pk),
        detail={"accepted": accepted},
    )
    if accepted:
        open_relation(
            request.person,
            by=by,
            user=request.user,
            reason=request.words[:200],
            until=timezone.now() + GIVEN_FOR,
            source=RelationSource.REQUEST,
        )
    return request


GIVEN_FOR = datetime.timedelta(days=30)


def may_close(relation: CareRelation, *, by: Any) -> bool:
    """Those of the service that holds it, the professional who holds it, and whoever gave it."""
    if relation.service_id:
        return rules.can_relate.test(by) and by.may("access.relate", relation.service)
    return by.pk in (relation.user_id, relation.given_by_id)


def _record(action: str, relation: CareRelation, *, by: Any) -> None:
    record_event(
        action,
        by=by,
        patient=relation.person_id,
        entity="CareRelation",
        entity_id=str(relation.pk),
        detail={"reason": relation.reason, "until": relation.ends_at and relation.ends_at.isoformat()},
    )
