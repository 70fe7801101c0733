"""What this area shows outside: permissions, menu, labels of its actions."""

from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_action
from maristan.core.ui import registries

registries.register_permissions(
    [
        ("audit.view", _("Read the access register"), ("dpo",)),
        ("audit.export", _("Export the access register"), ("dpo",)),
    ]
)
registries.menu.register(
    registries.MenuEntry("audit", _("Access register"), "audit:journal", "list-search", "audit.view", order=30)
)
for code, label in [
    ("page.refused", _("Page refused")),
    ("audit.read", _("Access register read")),
    ("audit.export", _("Access register exported")),
]:
    register_action(code, label)
