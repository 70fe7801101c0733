"""Who looked at a record, when, from where and why, in words a citizen reads."""

import datetime
import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maristan.core.accounts.models import Role, User
from maristan.core.audit.models import AuditLine
from maristan.core.territory.models import Establishment, Service
from maristan.records.access.models import BreakGlass
from maristan.records.access.queries.reviews import with_verdict
from maristan.records.patients.models import Person

# What is done about an access is no look at the record; the access itself, and a refused attempt, are.
NO_LOOK = [
    "access.break_glass_end",
    "access.verdict",
    "access.explain",
    "access.question",
    "access.answer",
    "access.seen",
    "access.relation_open",
    "access.relation_close",
    "access.relation_ask",
    "access.relation_answer",
]


_DEEDS = {
    "record.read": gettext_lazy("read your record, to care for you"),
    "record.print": gettext_lazy("printed from your record"),
    "record.search": gettext_lazy("searched in your record"),
    "record.create": gettext_lazy("wrote in your record"),
    "record.update": gettext_lazy("changed something in your record"),
    "patients.register": gettext_lazy("registered you"),
    "patients.update": gettext_lazy("corrected your identity"),
    "record.import": gettext_lazy("brought results from another system into your record"),
}


@dataclass(frozen=True)
class Look:
    """One line of who saw a record. `access` is the break-glass it was made under, with its standing verdict."""

    line: AuditLine
    who: str
    role: str
    place: str
    why: str
    access: BreakGlass | None = None
    flags: tuple[str, ...] = ()
    is_refused: bool = False
    times: list[datetime.datetime] = field(default_factory=list)

    @property
    def at(self) -> datetime.datetime:
        return timezone.localtime(self.line.at)

    def says_as(self, other: "Look") -> bool:
        return (self.why, self.access, self.flags, self.is_refused) == (
            other.why,
            other.access,
            other.flags,
            other.is_refused,
        )


@dataclass
class Visit:
    """What one person did on one day, from one place."""

    who: str
    role: str
    place: str
    looks: list[Look] = field(default_factory=list)


def lines_of(person: Person) -> QuerySet[AuditLine]:
    """Audit lines of looks at this record by others than the person, newest first."""
    lines = AuditLine.objects.filter(patient_id=person.pk).exclude(action__in=NO_LOOK).order_by("-id")
    return lines.exclude(actor_id=person.account_id) if person.account_id else lines


def looks_by_day(
    person: Person, lines: Iterable[AuditLine], *, apart: Container[uuid.UUID] = ()
) -> list[tuple[datetime.date, list[Visit]]]:
    """Lines as days of visits, in their order; names and verdicts are read at once for all of them.

    Lines that say the same are told once with their times, unless their id is in `apart` (a question was asked).
    """
    looks = read_looks(person, lines)
    return [(day, _visits(list(found), apart)) for day, found in groupby(looks, key=lambda look: look.at.date())]


def read_looks(person: Person, lines: Iterable[AuditLine]) -> list[Look]:
    """Each line in words, in the language of the page."""
    lines = list(lines)
    known = _Known(lines, person)
    return [known.look(line) for line in lines]


def _visits(looks: list[Look], apart: Container[uuid.UUID]) -> list[Visit]:
    visits: dict[tuple, Visit] = {}
    for look in looks:
        visit = visits.setdefault((look.line.actor_id, look.role, look.place), Visit(look.who, look.role, look.place))
        same = (told for told in visit.looks if told.says_as(look) and told.line.pk not in apart)
        told = None if look.line.pk in apart else next(same, None)
        if told is None:
            visit.looks.append(told := look)
        told.times.insert(0, look.at)
    return list(visits.values())


class _Known:
    """Names behind the ids of the lines: one query a kind, whatever the number of lines."""

    def __init__(self, lines: list[AuditLine], person: Person) -> None:
        self.person = person
        self.users = User.objects.in_bulk({line.actor_id for line in lines} - {None})
        self.roles = {role.code: role for role in Role.objects.filter(code__in={line.role for line in lines})}
        self.services = Service.objects.in_bulk({line.service_id for line in lines} - {None})
        self.establishments = Establishment.objects.in_bulk({line.establishment_id for line in lines} - {None})
        opened = BreakGlass.objects.filter(person=person, user__in=self.users).order_by("starts_at")
        self.accesses = list(with_verdict(opened)) if lines else []

    def look(self, line: AuditLine) -> Look:
        access = self._access(line)
        opens = line.action == "access.break_glass"
        user = self.users.get(line.actor_id)
        role = self.roles.get(line.role)
        return Look(
            line=line,
            who=user.name if user else line.actor_name or _("the system"),
            role=str(role) if role else "",
            place=self._place(line),
            why=_why(line, access),
            access=access if opens else None,
            flags=tuple(self._flags(line, user)),
            is_refused=line.outcome != "success",
        )

    def _place(self, line: AuditLine) -> str:
        service = self.services.get(line.service_id)
        establishment = self.establishments.get(line.establishment_id)
        places = [place for place in (service and service.name, establishment and establishment.short) if place]
        return _(", ").join(places) or line.place

    def _access(self, line: AuditLine) -> BreakGlass | None:
        if line.purpose != "ETREAT":
            return None
        return next(
            (
                access
                for access in self.accesses
                if access.start_line == line.pk
                or (access.user_id == line.actor_id and access.starts_at <= line.at <= access.closes_at)
            ),
            None,
        )

    def _flags(self, line: AuditLine, user: User | None) -> Iterable[str]:
        if line.action == "access.break_glass" or line.outcome == "refused":
            yield _("outside the services that care for you")
        names = {name.casefold() for name in (self.person.family_fr, self.person.family_ar) if name}
        if user and names & {user.last_name.casefold(), user.last_name_ar.casefold()}:
            yield _("same family name as yours")


def _why(line: AuditLine, access: BreakGlass | None) -> str:
    """Why, in plain words: what was done, then for what."""
    if line.outcome == "refused":
        return _("tried to open your record; it stayed closed")
    if line.outcome == "failed":
        return _("tried to open your record in an emergency; it stayed closed")
    if line.action == "access.break_glass":
        reason = access.get_reason_display() if access else _("emergency")
        return _("opened your record in an emergency: %(reason)s") % {"reason": reason}
    if line.purpose == "ETREAT" and line.action == "record.read":
        return _("read your record while it was open in an emergency")
    return str(_DEEDS.get(line.action) or line.action_label)
