"""What this area shows outside: permissions, menu, labels of its audit lines."""

from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.models import Role, User
from maristan.core.audit.services import register_names
from maristan.core.ui.registries import register_permissions

register_permissions(
    [
        ("accounts.manage", _("Give and end the posts of people, within one's own place"), ("admin", "director", "hr")),
        ("accounts.roles", _("Compose the roles: which rights each of them holds"), ("admin",)),
    ]
)

register_names("user", lambda ids: {pk: user.name for pk, user in User.objects.in_bulk(ids).items()})
register_names("role", lambda codes: {role.code: str(role) for role in Role.objects.filter(code__in=codes)})
