"""Accounts opened by others: nobody opens their own."""

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from maristan.core.accounts import rules
from maristan.core.accounts.models import Post, Role, User
from maristan.core.accounts.services.posts import Place, open_post
from maristan.core.audit.services import record_event


@transaction.atomic
def create_account(
    *,
    by: User | None,
    role: Role,
    place: Place,
    reason: str,
    password: str | None = None,
    ends_at: Any = None,
    **facts: Any,
) -> tuple[User, str]:
    """Open an account with its first post; returns it with its first password, to be changed at the first sign-in.

    `facts` are fields of `User` (user name, names in both scripts, e-mail, telephone, kind). `by` is None on the
    command line only, where the first administrator is made.
    """
    if by and (not by.may("accounts.manage", place) or not rules.can_give_role.test(by, role)):
        raise PermissionDenied(_("This post is not yours to give."))
    facts["username"] = facts["username"].strip().lower()
    password = password or make_first_password()
    user = User(created_by=by, password_is_temporary=True, **facts)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    detail = {"before": None, "after": {"username": user.username, "kind": user.kind}, "reason": reason}
    record_event("accounts.create", by=by, entity="user", entity_id=str(user.pk), purpose="HSYSADMIN", detail=detail)
    open_post(user, by=by, role=role, place=place, reason=reason, ends_at=ends_at)
    return user, password


@transaction.atomic
def give_new_password(user: User, *, by: User | None) -> str:
    """A new first password for someone who forgot theirs; their open sessions end.

    Only for whom all posts could be given by `by`: a small place never opens the account of a greater one.
    """
    posts = Post.objects.running().with_places().filter(user=user)
    if by and not all(
        by.may("accounts.manage", post.place) and rules.can_give_role.test(by, post.role) for post in posts
    ):
        raise PermissionDenied(_("This person holds posts that are not yours to give."))
    password = make_first_password()
    user.set_password(password)
    user.password_is_temporary = True
    user.save(update_fields=["password", "password_is_temporary"])
    record_event("accounts.give_password", by=by, entity="user", entity_id=str(user.pk), purpose="HSYSADMIN")
    return password


def make_first_password() -> str:
    """Sixteen characters in four groups, without letters that look alike: it is read aloud or copied from paper."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
