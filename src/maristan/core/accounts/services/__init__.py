"""What changes accounts: roles, posts, people, sessions, and proofs of identity."""

from maristan.core.accounts.services.identity import confirm_identity, has_second_factor
from maristan.core.accounts.services.people import create_account, give_new_password
from maristan.core.accounts.services.posts import end_post, give_post, open_post
from maristan.core.accounts.services.roles import change_role, create_role, sync_default_roles
from maristan.core.accounts.services.sign_in import AccountAdapter, SecondFactorAdapter, requires_second_factor

__all__ = (
    "AccountAdapter",
    "SecondFactorAdapter",
    "change_role",
    "confirm_identity",
    "create_account",
    "create_role",
    "end_post",
    "give_new_password",
    "give_post",
    "has_second_factor",
    "open_post",
    "requires_second_factor",
    "sync_default_roles",
)
