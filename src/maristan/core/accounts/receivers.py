"""What happens here when others speak: migrations, and Django's and allauth's signals of sign-in."""

from typing import Any

from maristan.core.accounts.services import sync_default_roles


def sync_roles_after_migration(using: str, **kwargs: Any) -> None:
    """Each release brings its new rights to the default roles."""
    sync_default_roles(using=using)
