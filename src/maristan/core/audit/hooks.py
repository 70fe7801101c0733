"""What this area shows outside: permissions, menu, labels of its actions."""

from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_action
from maristan.core.ui.registries import register_permissions

register_permissions(
    [
        ("audit.view", _("Read the access register"), ("dpo",)),
        ("audit.export", _("Export the access register"), ("dpo",)),
    ]
)
for code, label in [
    ("page.refused", _("Page refused")),
    ("audit.read", _("Access register read")),
    ("audit.export", _("Access register exported")),
]:
    register_action(code, label)
