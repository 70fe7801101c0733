"""What this area shows outside: permissions, menu, global search."""

from django.utils.translation import gettext_lazy as _

from maristan.core.ui.registries import register_permissions

STAFF_AT_DESK = ("nurse", "midwife", "physician", "reception", "callagent", "regulator", "crew")

register_permissions(
    [
        ("patients.search", _("search persons"), (*STAFF_AT_DESK, "pharmacist", "laboratory", "archivist")),
        ("patients.register", _("register and correct persons"), STAFF_AT_DESK),
    ]
)
