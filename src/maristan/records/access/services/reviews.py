"""Verdicts on break-glasses, and what their authors answer."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maristan.core.audit.services import record_event
from maristan.records.access import rules
from maristan.records.access.models import BreakGlass, Explanation, Verdict


@transaction.atomic
def give_verdict(opened: BreakGlass, *, by: Any, judgement: str, words: str) -> Verdict:
    """Judge a break-glass, in words. A later verdict follows and stands; the earlier stays readable.

    Refused on one's own access, and to a physician who was not responsible for the patient.
    """
    opened = BreakGlass.objects.select_for_update(of=("self",)).prefetch_related("told").get(pk=opened.pk)
    if not rules.can_judge.test(by, opened):
        raise PermissionDenied("may not judge this access")
    number = opened.verdicts.count() + 1
    verdict = Verdict(
        break_glass=opened, number=number, opened_by=opened.user, judge=by, judgement=judgement, words=words.strip()
    )
    verdict.full_clean()
    verdict.save()
    _record("access.verdict", opened, by=by, detail={"judgement": judgement, "number": number})
    return verdict


@transaction.atomic
def explain_access(opened: BreakGlass, *, by: Any, words: str) -> Explanation:
    """The one who broke the glass says more, whether asked or not."""
    if opened.user_id != by.pk:
        raise PermissionDenied("another's access")
    explanation = Explanation(break_glass=opened, words=words.strip())
    explanation.full_clean()
    explanation.save()
    _record("access.explain", opened, by=by)
    return explanation


def _record(action: str, opened: BreakGlass, *, by: Any, detail: dict | None = None) -> None:
    record_event(
        action,
        by=by,
        patient=opened.person_id,
        entity="BreakGlass",
        entity_id=str(opened.pk),
        purpose="HOPERAT",
        detail=detail,
    )
