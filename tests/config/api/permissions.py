"""Who may call the JSON API: a visitor gets 401, not the way to a page."""

from maristan.core.accounts.enums import DEFAULT_ROLES
from tests.permission_table import Row

STAFF = {role: 200 for role in DEFAULT_ROLES if role != "citizen"}
DESK = ("nurse", "midwife", "physician", "reception", "callagent", "regulator", "crew")
SEARCHERS = (*DESK, "pharmacist", "laboratory", "archivist")

ROWS = [
    Row("api:api-root", roles=dict.fromkeys(DEFAULT_ROLES, 404), anonymous=404),
    Row("api:list_establishments", roles=STAFF, anonymous=401),
    Row(
        "api:show_establishment",
        roles=STAFF,
        anonymous=401,
        kwargs=lambda world: {"code": world.establishment.code},
    ),
    Row("api:show_division", roles=STAFF, anonymous=401, kwargs=lambda world: {"code": "25"}),
    Row("api:search", roles=dict.fromkeys(SEARCHERS, 200), anonymous=401, query="?text=zzz"),
    Row(
        "api:register",
        roles=dict.fromkeys(DESK, 422),
        anonymous=401,
        method="post",
        data={},
        content_type="application/json",
    ),
]
