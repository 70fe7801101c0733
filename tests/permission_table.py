"""The permission table: one row a screen, replayed for every role by `tests/test_permissions.py`.

An area gives `ROWS` in `tests/<step>/<area>/permissions.py`, and may give `build(world)`, which adds to the world the
objects its rows name: one here, one elsewhere. Roles are those of `maristan.core.accounts.enums.DEFAULT_ROLES`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from maristan.core.accounts.enums import DEFAULT_ROLES, AccountKind
from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division, Establishment, Service

WILAYA_ROLES = {"callagent", "regulator", "crew", "directorate", "ministry", "dpo", "admin", "citizen"}
ESTABLISHMENT_ROLES = {"pharmacist", "laboratory", "reception", "archivist", "director", "hr"}


@dataclass
class World:
    """Two establishments of one wilaya and one of another, and a person for each role.

    Nurse and physician work in `service` (internal medicine of `establishment`), pharmacist, laboratory, reception,
    archivist, director and HR in `establishment`, the midwife in `other_service` (of `neighbour`), others in `wilaya`.
    """

    wilaya: Division
    elsewhere: Division
    establishment: Establishment
    neighbour: Establishment
    stranger: Establishment
    service: Service
    same_house_service: Service
    other_service: Service
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """What one address answers to each role.

    `roles` gives the answer with the object present, `others` the answer of roles it does not name, `anonymous` that
    of a visitor (302: sent to sign in). With `kwargs`, roles that may (an answer under 400) get `absent` when the
    object does not exist, and `elsewhere` when it is another place's (`elsewhere_kwargs` names it); the rest still get
    their refusal, so that an answer never tells whether an object exists.
    """

    name: str
    roles: dict[str, int] = field(default_factory=dict)
    others: int = 403
    anonymous: int = 302
    kwargs: Callable[[World], dict[str, Any]] | None = None
    absent: int | None = 404
    absent_kwargs: Callable[[World], dict[str, Any]] | None = None
    elsewhere: int | None = None
    elsewhere_kwargs: Callable[[World], dict[str, Any]] | None = None
    method: str = "get"
    data: Callable[[World], dict[str, Any]] | dict[str, Any] | None = None
    query: str = ""
    content_type: str = ""

    def expected(self, role: str) -> int:
        if role == "anonymous":
            return self.anonymous
        return self.roles.get(role, self.others)

    def expected_absent(self, role: str) -> int:
        return self.absent if self.expected(role) < 400 and role != "anonymous" else self.expected(role)

    def expected_elsewhere(self, role: str) -> int:
        return self.elsewhere if self.expected(role) < 400 and role != "anonymous" else self.expected(role)

    def url(self, kwargs: dict[str, Any] | None) -> str:
        return reverse(self.name, kwargs=kwargs or None) + self.query

    def absent_of(self, world: World) -> dict[str, Any]:
        """Arguments that name nothing, of the same kinds as those of the object present."""
        if self.absent_kwargs:
            return self.absent_kwargs(world)
        return {name: _nothing(value) for name, value in self.kwargs(world).items()}

    def send(self, world: World, role: str, kwargs: dict[str, Any] | None) -> int:
        data = self.data(world) if callable(self.data) else self.data
        more = {"content_type": self.content_type} if self.content_type else {}
        return getattr(world.clients[role], self.method)(self.url(kwargs), data, **more).status_code


def _nothing(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    return 2_000_000_000 if isinstance(value, int) else str(uuid.uuid4()) if _is_uuid(value) else "absent"


def _is_uuid(value: str) -> bool:
    try:
        return bool(uuid.UUID(str(value)))
    except ValueError:
        return False


def build_world() -> World:
    """Places, one person for each default role with a running post, and a signed-in client for each."""
    world = _build_places()
    password = "not used: clients are signed in by force"
    for code in DEFAULT_ROLES:
        kind = AccountKind.CITIZEN if code == "citizen" else AccountKind.STAFF
        user = User.objects.create(username=f"{code}.test", password=password, kind=kind, last_name=code.title())
        Post.objects.create(user=user, role=Role.objects.get(code=code), reason="Test", **_place(world, code))
        world.users[code] = user
        world.clients[code] = Client(raise_request_exception=False)
        world.clients[code].force_login(user)
    world.clients["anonymous"] = Client(raise_request_exception=False)
    return world


def _build_places() -> World:
    wilaya = Division.objects.create(level="wilaya", code="25", name_fr="Constantine", name_ar="قسنطينة")
    elsewhere = Division.objects.create(level="wilaya", code="19", name_fr="Sétif", name_ar="سطيف")
    chu = Establishment.objects.create(code="t-chu", kind="chu", name_fr="CHU", name_ar="م.ا.ج", wilaya=wilaya)
    eph = Establishment.objects.create(code="t-eph", kind="eph", name_fr="EPH", name_ar="م.ع.ا", wilaya=wilaya)
    far = Establishment.objects.create(code="t-far", kind="eph", name_fr="Loin", name_ar="بعيد", wilaya=elsewhere)
    names = {"name_fr": "Médecine interne", "name_ar": "الطب الداخلي"}
    return World(
        wilaya=wilaya,
        elsewhere=elsewhere,
        establishment=chu,
        neighbour=eph,
        stranger=far,
        service=Service.objects.create(establishment=chu, code="medint", **names),
        same_house_service=Service.objects.create(
            establishment=chu, code="chira", name_fr="Chirurgie", name_ar="جراحة"
        ),
        other_service=Service.objects.create(establishment=eph, code="medint", **names),
    )


def _place(world: World, role: str) -> dict[str, Any]:
    if role in WILAYA_ROLES:
        return {"division": world.wilaya}
    if role in ESTABLISHMENT_ROLES:
        return {"establishment": world.establishment}
    return {"service": world.other_service if role == "midwife" else world.service}
