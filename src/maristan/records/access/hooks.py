"""What this area shows outside: permissions, menu, tiles, search."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maristan.core.audit.services import register_action
from maristan.core.messaging.services import MessageKind, register_kind, register_person_guard
from maristan.core.ui.registries import (
    MenuEntry,
    MinuteJob,
    Panel,
    Tile,
    menu,
    minute_jobs,
    panels,
    register_permissions,
    tiles,
)
from maristan.records.access import queries, services
from maristan.records.access.enums import Judgement
from maristan.records.access.models import BreakGlass
from maristan.records.patients.models import Person

CLINICAL = ("nurse", "midwife", "physician", "pharmacist")
register_permissions(
    [
        ("record.read", _("read the records of the people one cares for"), (*CLINICAL, "laboratory")),
        ("access.break_glass", _("open a record in an emergency, without a care relation"), CLINICAL),
        (
            "access.relate",
            _("say that one's service takes care of a person"),
            ("nurse", "midwife", "physician", "reception"),
        ),
        ("access.review", _("judge accesses made in an emergency to one's own patients"), ("dpo", "physician")),
        ("access.oversee", _("judge every access made in an emergency, and answer citizens"), ("dpo",)),
        ("access.own", _("see one's own record and who looked at it"), ("citizen",)),
        ("access.sensitive", _("know of restricted records (psychiatry, HIV, violence)"), ("physician", "midwife")),
        ("access.very_sensitive", _("know of very restricted records"), ()),
    ]
)


register_kind(
    MessageKind(
        code="access.break_glass",
        label=_("Record opened in an emergency"),
        subject=_("A record was opened in an emergency"),
        notice=_("by {who}, {place}. It waits for your judgement."),
        sms=_("Maristan: a record was opened in an emergency. Sign in to judge it."),
        email=_("{who}, {place}, opened a record in an emergency. Sign in to Maristan to see why, and to judge it."),
        sample={"who": "Amina Kerrouche", "place": "CHU"},
        urgent=True,
    )
)


def _guard_contacts(person_id: uuid.UUID, user: Any) -> None:
    """Who reads records needs a reason for this person's contacts too; a desk needs the person to exist."""
    person = Person.objects.filter(pk=person_id).first()
    if user.may("record.read"):
        if person is None:
            raise PermissionDenied("messaging.contact")
        services.require_access(person, by=user)
    elif person is None:
        raise Http404


register_person_guard(_guard_contacts)


def count_waiting(request: HttpRequest) -> int:
    """Acts that wait for this reviewer: verdicts, answers to citizens, requests of colleagues."""
    user = request.user
    return (
        queries.waiting(queries.accesses_judged_by(user)).count()
        + queries.questions_to(user).filter(answered_at=None).count()
        + queries.requests_to(user).count()
    )


def count_to_explain(request: HttpRequest) -> int:
    """Accesses of mine that a reviewer asks me to explain."""
    mine = queries.with_verdict(BreakGlass.objects.filter(user=request.user))
    return mine.filter(standing=Judgement.TO_EXPLAIN, explained=False).count()


def oldest_waiting(request: HttpRequest) -> dict | None:
    """For the home page: the oldest accesses without a verdict."""
    waiting = queries.waiting(queries.accesses_judged_by(request.user)).order_by("starts_at")
    first = list(waiting[:5])
    return {"accesses": first, "count": waiting.count()} if first else None


def figure_of_own_record(request: HttpRequest) -> tuple[Any, Any] | None:
    """For the citizen's home: how many times the record was looked at in 30 days."""
    person = Person.objects.filter(account=request.user).first()
    if person is None:
        return None
    since = timezone.now() - datetime.timedelta(days=30)
    count = queries.lines_of(person).filter(at__gte=since).count()
    return count, ngettext("time in 30 days", "times in 30 days", count)


menu.register(
    MenuEntry("access.review", _("Accesses to review"), "access:review", "gavel", "access.review", 60, count_waiting)
)
menu.register(
    MenuEntry("access.mine", _("My accesses"), "access:mine", "lock-open", "access.break_glass", 80, count_to_explain)
)
menu.register(MenuEntry("access.seen_by", _("Who saw my record"), "access:seen_by", "eye", "access.own", 30))
tiles.register(
    Tile("access.seen_by", _("Who saw my record"), "access:seen_by", "eye", "access.own", figure_of_own_record, 30)
)
panels.register(Panel("access.review", "access.review", "access/_waiting.html", oldest_waiting, "work", 30))
minute_jobs.register(MinuteJob("access.close_expired", services.close_expired))

for code, label in (
    ("access.break_glass", _("record opened in an emergency")),
    ("access.break_glass_end", _("emergency access closed")),
    ("access.refused", _("record refused")),
    ("access.relation_open", _("care relation declared")),
    ("access.relation_close", _("care relation closed")),
    ("access.relation_ask", _("access asked of the responsible physician")),
    ("access.relation_answer", _("answer to a request for access")),
    ("access.verdict", _("verdict on an emergency access")),
    ("access.explain", _("explanation of an emergency access")),
    ("access.question", _("question of a citizen")),
    ("access.answer", _("answer to a citizen")),
    ("access.seen", _("looked at who saw a record")),
):
    register_action(code, label)
