"""Emergency accesses to judge, requests and questions to answer: what waits for whom."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from maristan.core.accounts.models import Post, User
from maristan.core.audit.models import AuditLine
from maristan.records.access.enums import Judgement
from maristan.records.access.models import BreakGlass, Explanation, Question, RelationRequest, Verdict


def in_scope_of(post: Any) -> Q:
    """Break-glasses and questions that happened in the place this post covers."""
    if post.division_id:
        inside = Q(establishment__wilaya=post.division_id) | Q(establishment__commune=post.division_id)
        return inside | Q(establishment=None)
    if post.establishment_id:
        return Q(establishment=post.establishment_id) | Q(establishment__parent=post.establishment_id)
    return Q(establishment__services=post.service_id)


def accesses_judged_by(user: Any) -> QuerySet[BreakGlass]:
    """Break-glasses that `user` may judge: of the places overseen, of one's own patients; never one's own.

    Each carries `standing` (judgement of the verdict that stands, or None) and `explained` (answered since).
    """
    told = BreakGlass.told.through.objects.filter(user=user.pk).values("breakglass")
    scope = Q(pk__in=told)
    if user.may("access.oversee"):
        scope |= in_scope_of(user.post)
    return with_verdict(BreakGlass.objects.filter(scope).exclude(user=user.pk))


def reviewers_of(access: BreakGlass) -> list[User]:
    """Who is told of an access at once: physicians responsible at that moment, and who oversees its place."""
    posts = Post.objects.running().filter(role__permissions__contains=["access.oversee"])
    if access.establishment:
        place = access.establishment
        posts = posts.filter(Q(division__in=[place.wilaya_id, place.commune_id]) | Q(establishment=place.pk))
    chosen = Q(pk__in=access.told.values("pk")) | Q(pk__in=posts.values("user"))
    return list(User.objects.filter(chosen, is_active=True).exclude(pk=access.user_id))


def with_verdict(accesses: QuerySet[BreakGlass]) -> QuerySet[BreakGlass]:
    """Add `standing` and `explained` to break-glasses, and load what every list of them shows."""
    last = Verdict.objects.filter(break_glass=OuterRef("pk")).order_by("-number")
    answers = Explanation.objects.filter(break_glass=OuterRef("pk"), at__gt=OuterRef("judged_at"))
    return accesses.annotate(
        standing=Subquery(last.values("judgement")[:1]),
        judged_at=Subquery(last.values("at")[:1]),
        explained=Exists(answers),
    ).select_related("person", "user", "service", "establishment")


def waiting(accesses: QuerySet[BreakGlass]) -> QuerySet[BreakGlass]:
    """Those on which somebody must act: no verdict yet, or an explanation has come since it was asked for."""
    return accesses.filter(Q(standing=None) | Q(standing=Judgement.TO_EXPLAIN, explained=True))


def opened_under(access: BreakGlass) -> QuerySet[AuditLine]:
    """What was done in the record while it was open, oldest first; its own start and end are left out."""
    lines = AuditLine.objects.filter(
        patient_id=access.person_id, actor_id=access.user_id, at__gte=access.starts_at, at__lte=access.closes_at
    )
    return lines.exclude(action__startswith="access.").order_by("id")


def figures(user: Any, *, months: int = 6) -> list[dict]:
    """Break-glasses per month and service: how many, how many without verdict, unjustified; newest month first."""
    since = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(months - 1):
        since = (since - datetime.timedelta(days=1)).replace(day=1)
    rows = accesses_judged_by(user).filter(starts_at__gte=since).annotate(month=TruncMonth("starts_at"))
    return list(
        rows.values("month", "service", "establishment")
        .annotate(
            count=Count("pk"),
            open=Count("pk", filter=Q(standing=None)),
            unjustified=Count("pk", filter=Q(standing=Judgement.UNJUSTIFIED)),
        )
        .order_by("-month", "-count")
    )


def requests_to(user: Any) -> QuerySet[RelationRequest]:
    """Requests that wait for this physician, oldest first."""
    return RelationRequest.objects.filter(told=user.pk, accepted=None)


def questions_to(user: Any) -> QuerySet[Question]:
    """Citizens' questions within the places this user oversees, oldest first."""
    return Question.objects.filter(in_scope_of(user.post)) if user.may("access.oversee") else Question.objects.none()


def lines_asked(questions: Iterable[Question]) -> dict[uuid.UUID, AuditLine]:
    """The audit lines that these questions are about, by id."""
    return AuditLine.objects.in_bulk({question.line for question in questions})
