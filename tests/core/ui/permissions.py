"""Who may open the pages of the frame."""

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.ui.models import SavedFilter
from tests.permission_table import Row, World

EVERYONE = dict.fromkeys(DEFAULT_ROLES, 200)
SENT_BACK = dict.fromkeys(DEFAULT_ROLES, 302)
FILTER = {"page": "/territory/", "query": "kind=chu", "name": "CHU", "next": "/"}


def build(world: World) -> None:
    world.filter = SavedFilter.objects.create(
        owner=world.users["nurse"].pk, page="/territory/", name="CHU", query="kind=chu"
    )


ROWS = [
    Row("ui:home", roles=EVERYONE),
    Row("ui:arrange_tiles", roles=EVERYONE),
    Row("ui:search", roles=EVERYONE),
    Row("ui:gallery", roles={"admin": 200}),
    Row("ui:choose_language", roles=SENT_BACK, method="post", data={"language": "fr"}),
    Row("ui:choose_preference", roles=SENT_BACK, method="post", data={"name": "theme", "value": "dark"}),
    Row("ui:save_filter", roles=SENT_BACK, method="post", data=FILTER),
    Row("ui:remove_filter", roles={"nurse": 302}, others=404, method="post", kwargs=lambda w: {"kept": w.filter.pk}),
]
