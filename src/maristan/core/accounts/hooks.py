"""What this area shows outside: permissions, menu, labels of its audit lines."""

from django.utils.translation import gettext_lazy as _

from maristan.core.ui.registries import register_permissions

register_permissions(
    [
        ("accounts.manage", _("Give and end the posts of people, within one's own place"), ("admin", "director", "hr")),
        ("accounts.roles", _("Compose the roles: which rights each of them holds"), ("admin",)),
    ]
)
