"""Who may open the pages of the territory: all staff read public facts; the directorate and the administrator edit."""

from typing import Any

from maristan.core.territory.models import Loading, Room, Site, Unit
from tests.permission_table import Row, World

EDITORS = {"directorate": 200, "admin": 200}
NOT_STAFF = {"citizen": 403}
FACTS = {"kind": "eph", "name_fr": "Nouveau", "state": "open", "precision": "none"}


def build(world: World) -> None:
    world.site = Site.objects.create(establishment=world.establishment, code="a", name_fr="Site A")
    world.unit = Unit.objects.create(service=world.service, code="h", name_fr="Hommes")
    world.room = Room.objects.create(service=world.service, code="201")
    content = b"code,kind,name_fr\nt-chu,chu,CHU\n"
    world.loading = Loading.objects.create(
        by_id=world.users["directorate"].pk, by_name="directorate", file_name="places.csv", digest="x", content=content
    )
    world.far_site = Site.objects.create(establishment=world.stranger, code="a", name_fr="Site loin")


def of_establishment(world: World) -> dict[str, Any]:
    return {"pk": world.establishment.pk}


def of_stranger(world: World) -> dict[str, Any]:
    return {"pk": world.stranger.pk}


def of_service(world: World) -> dict[str, Any]:
    return {"pk": world.service.pk}


def read(name: str, **options: Any) -> Row:
    return Row(f"territory:{name}", roles=NOT_STAFF, others=200, **options)


def edit(name: str, **options: Any) -> Row:
    """Elsewhere is another wilaya's: editing it is refused, though all may read it."""
    return Row(f"territory:{name}", roles=EDITORS, **options)


ROWS = [
    read("establishments"),
    read("map"),
    read("divisions"),
    read("division", kwargs=lambda world: {"pk": world.wilaya.pk}),
    read("establishment", kwargs=of_establishment, elsewhere=200, elsewhere_kwargs=of_stranger),
    read("service", kwargs=of_service),
    edit("new_establishment"),
    edit("edit_establishment", kwargs=of_establishment, elsewhere=403, elsewhere_kwargs=of_stranger),
    Row(
        "territory:edit_establishment",
        roles={"directorate": 302, "admin": 302},
        kwargs=of_establishment,
        elsewhere=403,
        elsewhere_kwargs=of_stranger,
        method="post",
        data=FACTS,
    ),
    edit("add_site", kwargs=of_establishment, elsewhere=403, elsewhere_kwargs=of_stranger),
    edit("add_service", kwargs=of_establishment, elsewhere=403, elsewhere_kwargs=of_stranger),
    edit(
        "edit_site",
        kwargs=lambda world: {"pk": world.site.pk},
        elsewhere=403,
        elsewhere_kwargs=lambda world: {"pk": world.far_site.pk},
    ),
    edit("edit_service", kwargs=of_service),
    edit("add_unit", kwargs=of_service),
    edit("add_room", kwargs=of_service),
    edit("edit_unit", kwargs=lambda world: {"pk": world.unit.pk}),
    edit("edit_room", kwargs=lambda world: {"pk": world.room.pk}),
    edit("load"),
    Row(
        "territory:confirm_load",  # a kept file is its sender's, nobody else's
        roles={"directorate": 200, "admin": 404},
        kwargs=lambda world: {"pk": world.loading.pk},
    ),
]
