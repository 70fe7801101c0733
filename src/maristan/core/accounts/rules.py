"""Who may manage people and roles."""

from typing import Any

import rules

from maristan.core.ui.rules import permits

can_manage_people = permits("accounts.manage")
can_compose_roles = permits("accounts.roles")

# Rights over people, roles and audit: only who composes roles gives a role that holds one of them, so that an
# establishment never raises itself above its own place.
RESERVED = ("accounts.", "audit.")


def is_reserved(permissions: list[str]) -> bool:
    """Whether a role with these rights may be given by those who compose roles only."""
    return any(code.startswith(RESERVED) for code in permissions)


@rules.predicate
def can_give_role(user: Any, role: Any) -> bool:
    """Ordinary roles by all who manage people; reserved ones by those who compose roles."""
    return user.may("accounts.roles") or (user.may("accounts.manage") and not is_reserved(role.permissions))
