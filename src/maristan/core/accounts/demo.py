"""The people of the demo who sign in: one for each role, all with the same published password."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.models import Post, Role, User
from maristan.core.accounts.services import sync_default_roles
from maristan.core.territory.models import Division, Establishment, Service

PASSWORD = "maristan-demo-2026"  # noqa: S105 published: it opens invented records only
WILAYA, CHU, EHS, EPH = "25", "25-chu-01", "25-ehs-03", "25-eph-04"


@dataclass(frozen=True)
class Person:
    """An invented person: user name, role, name in both scripts, where (a code, with a service or none)."""

    username: str
    role: str
    first_name: str
    last_name: str
    first_name_ar: str
    last_name_ar: str
    place: str
    service: str = ""


ACCOUNTS = (
    Person("nurse", "nurse", "Amina", "Kerrouche", "أمينة", "كروش", CHU, "chira"),
    Person("nurse2", "nurse", "Ines", "Bouras", "إيناس", "بوراس", CHU, "medint"),
    Person("midwife", "midwife", "Nadia", "Benmeddour", "نادية", "بن مدور", EHS, "mater"),
    Person("physician", "physician", "Dr Sofiane", "Mansouri", "د. سفيان", "منصوري", CHU, "medint"),
    Person("physician2", "physician", "Dr Lynda", "Haddad", "د. ليندة", "حداد", EPH, "medint"),
    Person("pharmacist", "pharmacist", "Yacine", "Belkacemi", "ياسين", "بلقاسمي", CHU),
    Person("laboratory", "laboratory", "Meriem", "Chettibi", "مريم", "شتيبي", CHU),
    Person("reception", "reception", "Karim", "Zerdazi", "كريم", "زردازي", CHU),
    Person("callagent", "callagent", "Souad", "Guerfi", "سعاد", "قرفي", WILAYA),
    Person("regulator", "regulator", "Dr Walid", "Boukhalfa", "د. وليد", "بوخالفة", WILAYA),
    Person("crew", "crew", "Hamza", "Laouar", "حمزة", "لعور", WILAYA),
    Person("archivist", "archivist", "Fatiha", "Rouabah", "فتيحة", "رواباح", CHU),
    Person("director", "director", "Rachid", "Bencharif", "رشيد", "بن شريف", CHU),
    Person("hr", "hr", "Samia", "Ferhati", "سامية", "فرحاتي", CHU),
    Person("directorate", "directorate", "Dr Leïla", "Merabet", "د. ليلى", "مرابط", WILAYA),
    Person("ministry", "ministry", "Djamel", "Ouali", "جمال", "والي", WILAYA),
    Person("dpo", "dpo", "Nawel", "Saïdi", "نوال", "سعيدي", WILAYA),
    Person("admin", "admin", "Mounir", "Hamdi", "منير", "حمدي", WILAYA),
    Person("citizen", "citizen", "Hayet", "Boudjemaa", "حياة", "بوجمعة", WILAYA),
)


def load_demo(*, today: datetime.date) -> None:
    """One account for each role, with its post since a year; refused outside the demo."""
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo accounts have a published password: they exist with MARISTAN_DEMO=1 only.")
    sync_default_roles()
    password = make_password(PASSWORD)
    accounts = [User(username=person.username, password=password, **_facts(person)) for person in ACCOUNTS]
    User.objects.bulk_create(accounts, ignore_conflicts=True)
    users = User.objects.in_bulk([person.username for person in ACCOUNTS], field_name="username")
    roles = Role.objects.in_bulk(field_name="code")
    begun = timezone.make_aware(datetime.datetime.combine(today - datetime.timedelta(days=365), datetime.time(8)))
    for person in ACCOUNTS:
        user, place = users[person.username], _place(person)
        if place and not user.posts.exists():
            reason = "Compte de démonstration"
            Post.objects.create(user=user, role=roles[person.role], starts_at=begun, reason=reason, **place)


def _facts(person: Person) -> dict[str, Any]:
    names = ("first_name", "last_name", "first_name_ar", "last_name_ar")
    kind = AccountKind.CITIZEN if person.role == "citizen" else AccountKind.STAFF
    return {"kind": kind} | {name: getattr(person, name) for name in names}


def _place(person: Person) -> dict[str, Any]:
    if person.service:
        service = Service.objects.filter(establishment__code=person.place, code=person.service).first()
        return {"service": service} if service else {}
    if person.place == WILAYA:
        wilaya = Division.objects.filter(level="wilaya", country="DZ", code=WILAYA).order_by("-valid_from").first()
        return {"division": wilaya} if wilaya else {}
    establishment = Establishment.objects.filter(code=person.place).first()
    return {"establishment": establishment} if establishment else {}


def accounts_by_role() -> list[tuple[Role, list[User]]]:
    """The demo accounts of this installation, grouped by role in the order of `ACCOUNTS`, each with its `post`."""
    posts = Post.objects.running().with_places().filter(user__username__in=_ORDER)
    groups: dict[Role, list[User]] = {}
    for post in sorted(posts, key=lambda post: _ORDER[post.user.username]):
        post.user.post = post
        groups.setdefault(post.role, []).append(post.user)
    return list(groups.items())


_ORDER = {person.username: rank for rank, person in enumerate(ACCOUNTS)}
