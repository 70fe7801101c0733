"""Roles: the defaults of a release, and what the administrator makes of them."""

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.accounts.models import Role
from maristan.core.ui import registries


def sync_default_roles(*, using: str = "default") -> None:
    """Create missing roles, and give each the default rights it was never offered.

    A right that the administrator took away is not given back: it was offered once. A right that a later release
    declares reaches the roles it names, also those that were changed by hand.
    """
    defaults = _default_rights()
    roles = {role.code: role for role in Role.objects.using(using).all()}
    for code, (name_fr, name_ar, name_en) in DEFAULT_ROLES.items():
        role = roles.get(code) or Role(code=code, name_fr=name_fr, name_ar=name_ar, name_en=name_en)
        new = sorted(defaults[code] - set(role.offered))
        if role.pk is None or new:
            role.permissions = sorted({*role.permissions, *new})
            role.offered = sorted({*role.offered, *new})
            role.save(using=using)


def _default_rights() -> dict[str, set[str]]:
    rights: dict[str, set[str]] = {code: set() for code in DEFAULT_ROLES}
    for permission in registries.permissions.all():
        for role in permission.roles:
            rights[role].add(permission.code)
    return rights
