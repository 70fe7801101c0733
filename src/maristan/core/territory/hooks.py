"""What this area shows outside: permissions, menu, tile, search, words of its actions."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maristan.core.audit.services import register_action, register_names, register_places
from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.territory.queries import (
    establishments_of_post,
    filter_establishments,
    search_establishments,
    search_services,
    wilaya_around,
)
from maristan.core.ui import registries
from maristan.core.ui.registries import Hit

STAFF = (
    "nurse midwife physician pharmacist laboratory reception callagent regulator crew archivist director hr "
    "directorate ministry dpo admin"
)


def find_establishments(request: HttpRequest, text: str, limit: int) -> tuple[list[Hit], int]:
    """Establishments by name in either script or code."""
    found = search_establishments(text)
    hits = [
        Hit(place.get_absolute_url(), place.name, _detail(place), place.other_name, "building-hospital")
        for place in found[:limit]
    ]
    return hits, max(found.count() - limit, 0) if len(hits) == limit else 0


def find_services(request: HttpRequest, text: str, limit: int) -> tuple[list[Hit], int]:
    """Services by name in either script, those of my wilaya first."""
    found = search_services(text)
    hits = [
        Hit(service.get_absolute_url(), service.name, service.establishment.short, service.other_name, "bed")
        for service in found[:limit]
    ]
    return hits, max(found.count() - limit, 0) if len(hits) == limit else 0


def _detail(place: Establishment) -> str:
    return " · ".join(filter(None, [str(place.get_kind_display()), place.commune.name if place.commune else ""]))


def tile_figure(request: HttpRequest) -> tuple[Any, Any] | None:
    """How many establishments my wilaya has, and of how many something is to be confirmed."""
    wilaya = wilaya_around(request.user.post.place) if request.user.post else None
    if wilaya is None:
        return None
    found = filter_establishments(wilaya=wilaya)
    doubtful = found.exclude(to_confirm="").count()
    return found.count(), ngettext("%(n)s to be confirmed", "%(n)s to be confirmed", doubtful) % {"n": doubtful}


registries.register_permissions(
    [
        ("territory.view", _("See the places of the territory"), tuple(STAFF.split())),
        ("territory.edit", _("Change the places of the territory"), ("directorate", "admin")),
    ]
)
registries.menu.register(
    registries.MenuEntry("territory", _("Territory"), "territory:establishments", "map-2", "territory.view", order=80)
)

for kind, model, word in (
    ("division", Division, "name"),
    ("establishment", Establishment, "short"),
    ("service", Service, "name"),
):
    register_names(
        kind,
        lambda ids, model=model, word=word: {
            pk: getattr(place, word) for pk, place in model.objects.in_bulk(ids).items()
        },
    )
register_places(lambda post: [(place.pk, place.short) for place in establishments_of_post(post)])
registries.tiles.register(
    registries.Tile(
        "territory", _("Establishments"), "territory:establishments", "map-2", "territory.edit", tile_figure, order=80
    )
)
registries.search_sources.register(
    registries.SearchSource("establishments", _("Establishments"), "territory.view", find_establishments, order=60)
)
registries.search_sources.register(
    registries.SearchSource("services", _("Services"), "territory.view", find_services, order=61)
)
register_action("territory.edit", _("Place of the territory changed"))
register_action("territory.load", _("File of places loaded"))
