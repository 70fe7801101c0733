"""What changes accounts: roles, posts, people, and proofs of identity."""

from maristan.core.accounts.services.roles import sync_default_roles
from maristan.core.accounts.services.sign_in import AccountAdapter, SecondFactorAdapter, requires_second_factor

__all__ = ("AccountAdapter", "SecondFactorAdapter", "requires_second_factor", "sync_default_roles")
