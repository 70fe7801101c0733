"""The demo's accesses: who cares for whom, two records opened in an emergency, and what a citizen finds afterwards.

Audit lines are never dated back: those of the demo carry the day it was loaded.
"""

import datetime
from contextlib import suppress

from django.utils import timezone

from maristan.core.accounts.demo import PASSWORD
from maristan.core.accounts.models import Post, User
from maristan.core.audit.services import record_event
from maristan.records.access.enums import Judgement, Reason
from maristan.records.access.models import BreakGlass
from maristan.records.access.services import (
    AccessRefused,
    break_glass,
    close_expired,
    end_break_glass,
    give_verdict,
    open_relation,
    require_access,
)
from maristan.records.patients.demo import person_id
from maristan.records.patients.models import Person

WAITING_SINCE = datetime.timedelta(days=9, hours=3)


def load_demo(*, today: datetime.date) -> None:
    """Adds nothing the second time."""
    people = Person.objects.in_bulk([person_id("boudjemaa"), person_id("laraba")])
    names = ("physician", "physician2", "nurse", "nurse2", "pharmacist")
    staff = {name: user for name in names if (user := _at_work(name)) is not None}
    if len(people) < 2 or len(staff) < len(names) or BreakGlass.objects.exists():
        return
    hayet, salah = people[person_id("boudjemaa")], people[person_id("laraba")]
    physician = staff["physician"]
    for person in (hayet, salah):
        open_relation(
            person, by=physician, service=physician.post.service, responsible=physician, reason="Suivi au service"
        )
    for name in ("physician", "nurse2"):
        record_event("record.read", by=staff[name], patient=hayet.pk, entity="Patient", entity_id=str(hayet.pk))
    with suppress(AccessRefused):
        require_access(hayet, by=staff["nurse"])
    _open_and_judge(hayet, staff)
    _leave_waiting(salah, staff["physician2"])


def _open_and_judge(person: Person, staff: dict[str, User]) -> None:
    """Opened by a physician of another hospital, closed by hand, found justified."""
    stranger = staff["physician2"]
    words = "Appel du SAMU : elle arrive dans dix minutes, connaître traitements et allergies."
    opened = break_glass(person, by=stranger, reason=Reason.ARRIVAL, words=words, password=PASSWORD)
    record_event(
        "record.read", by=stranger, patient=person.pk, entity="Patient", entity_id=str(person.pk), purpose="ETREAT"
    )
    end_break_glass(opened, by=stranger)
    give_verdict(
        opened,
        by=staff["physician"],
        judgement=Judgement.JUSTIFIED,
        words="Transfert annoncé au service, lecture limitée à la synthèse.",
    )


def _leave_waiting(person: Person, by: User) -> None:
    """Opened nine days ago, closed by time, and nobody has judged it yet."""
    words = "Son fils téléphone : malaise au domicile, quel traitement prend-il ?"
    break_glass(person, by=by, reason=Reason.OTHER, words=words, password=PASSWORD, at=timezone.now() - WAITING_SINCE)
    close_expired()


def _at_work(username: str) -> User | None:
    """A demo account with its post, as during a request."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        user.post = Post.objects.running().with_places().filter(user=user).first()
    return user if user is not None and user.post is not None else None
