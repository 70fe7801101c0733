"""What this area shows outside: permissions, menu, tiles, search."""

from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_names, register_places
from maristan.core.territory import queries
from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.ui import registries

STAFF = (
    "nurse midwife physician pharmacist laboratory reception callagent regulator crew archivist director hr "
    "directorate ministry dpo admin"
)

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
register_places(lambda post: [(place.pk, place.short) for place in queries.establishments_of_post(post)])
