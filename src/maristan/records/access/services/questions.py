"""A citizen asks why somebody looked at their record; the data protection officer answers."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from maristan.records.access.models import Question
from maristan.records.patients.models import Person


@transaction.atomic
def ask_question(person: Person, *, by: Any, line: uuid.UUID, words: str) -> Question:
    """Ask about one line of one's own record; another's record, or another's line, answers 404."""
    asked = AuditLine.objects.filter(pk=line, patient_id=person.pk).first()
    if person.account_id != by.pk or asked is None:
        raise Http404
    question = Question(
        person=person, asked_by=by, line=asked.pk, words=words.strip(), establishment_id=asked.establishment_id
    )
    question.full_clean()
    question.save()
    _record("access.question", question, by=by)
    return question


@transaction.atomic
def answer_question(question: Question, *, by: Any, answer: str) -> Question:
    """Answer a citizen, once, within the territory one oversees."""
    question = Question.objects.select_for_update(of=("self",)).select_related("establishment").get(pk=question.pk)
    if not by.may("access.oversee", question.establishment):
        raise PermissionDenied("access.oversee")
    if question.answered_at:
        raise ValidationError(_("A colleague has already answered."))
    question.answer, question.answered_by, question.answered_at = answer.strip(), by, timezone.now()
    question.full_clean()
    question.save()
    _record("access.answer", question, by=by)
    return question


def _record(action: str, question: Question, *, by: Any) -> None:
    record_event(
        action,
        by=by,
        patient=question.person_id,
        entity="Question",
        entity_id=str(question.pk),
        purpose="PATRQT",
        detail={"line": str(question.line)},
    )
