"""Roles: the defaults of a release, and what the administrator makes of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.accounts.models import Post, Role, User
from maristan.core.audit.services import record_event
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


@transaction.atomic
def create_role(*, by: User, **facts: Any) -> Role:
    """A role of one's own making; `facts` are its code, its names and its `permissions`."""
    role = Role(**facts)
    role.full_clean()
    role.save()
    _record("accounts.create_role", role, by=by, before=None)
    return role


@transaction.atomic
def change_role(role: Role, *, by: User, **facts: Any) -> Role:
    """Change a role's names or rights; it counts at once for all who hold it. Someone must still compose roles."""
    role = Role.objects.select_for_update().get(pk=role.pk)
    before = _facts(role)
    for name, value in facts.items():
        setattr(role, name, value)
    role.permissions = sorted(role.permissions)
    role.full_clean()
    role.save()
    if not Post.objects.running().filter(role__permissions__contains="accounts.roles").exists():
        raise ValidationError(_("Nobody could compose roles any more: give this right to another role first."))
    _record("accounts.change_role", role, by=by, before=before)
    return role


def _facts(role: Role) -> dict[str, Any]:
    names = {f"name_{language}": getattr(role, f"name_{language}") for language in ("fr", "ar", "en")}
    return {"code": role.code, "permissions": role.permissions, **names}


def _record(action: str, role: Role, *, by: User, before: Any) -> None:
    detail = {"before": before, "after": _facts(role)}
    record_event(action, by=by, entity="role", entity_id=role.code, purpose="HSYSADMIN", detail=detail)


def _default_rights() -> dict[str, set[str]]:
    rights: dict[str, set[str]] = {code: set() for code in DEFAULT_ROLES}
    for permission in registries.permissions.all():
        for role in permission.roles:
            rights[role].add(permission.code)
    return rights
