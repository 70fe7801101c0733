"""Posts: a role given in one place for a time, by someone, for a reason; ended, never erased."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maristan.core.accounts import rules
from maristan.core.accounts.models import Post, Role, User
from maristan.core.audit.services import record_event
from maristan.core.territory.models import Division, Establishment, Service

Place = Division | Establishment | Service


def give_post(
    user: User,
    *,
    by: User,
    role: Role,
    place: Place,
    reason: str,
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> Post:
    """Let `user` hold `role` in `place`. Nobody gives themselves a post, or one outside their own place.

    Raises PermissionDenied, or ValidationError where the database would refuse (held already, ends before it starts).
    """
    if by.pk == user.pk:
        raise PermissionDenied(_("Nobody gives themselves a post: ask another administrator."))
    if not by.may("accounts.manage", place) or not rules.can_give_role.test(by, role):
        raise PermissionDenied(_("This post is not yours to give."))
    return open_post(user, by=by, role=role, place=place, reason=reason, starts_at=starts_at, ends_at=ends_at)


@transaction.atomic
def open_post(
    user: User,
    *,
    by: User | None,
    role: Role,
    place: Place,
    reason: str,
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
) -> Post:
    """Write a post and its audit line without asking who may: for the command line (`by` None) and `give_post`."""
    post = Post(user=user, role=role, given_by=by, reason=reason, ends_at=ends_at, **{_scope(place): place})
    post.starts_at = starts_at or timezone.now()
    post.full_clean()
    post.save()
    _record("accounts.give_post", post, by=by, before=None, after=_facts(post), reason=reason)
    return post


@transaction.atomic
def end_post(post: Post, *, by: User, reason: str, at: datetime.datetime | None = None) -> Post:
    """End a post now, or at a later time. Its history stays; the rights stop with it, in open sessions too."""
    if not by.may("accounts.manage", post.place) or not rules.can_give_role.test(by, post.role):
        raise PermissionDenied(_("This post is not yours to end."))
    post = Post.objects.select_for_update(of=("self",)).with_places().get(pk=post.pk)
    at = max(at or timezone.now(), post.starts_at + datetime.timedelta(seconds=1))
    if post.ends_at and post.ends_at <= timezone.now():
        raise ValidationError(_("This post has ended already."))
    before = _facts(post)
    post.ends_at, post.ended_by, post.end_reason = at, by, reason
    post.save(update_fields=["ends_at", "ended_by", "end_reason"])
    _record("accounts.end_post", post, by=by, before=before, after=_facts(post), reason=reason)
    return post


def _scope(place: Place) -> str:
    return {Division: "division", Establishment: "establishment", Service: "service"}[type(place)]


def _facts(post: Post) -> dict[str, Any]:
    return {
        "user": str(post.user_id),
        "role": post.role.code,
        "place": str(post.place),
        "starts_at": post.starts_at.isoformat(),
        "ends_at": post.ends_at and post.ends_at.isoformat(),
    }


def _record(action: str, post: Post, *, by: User | None, before: Any, after: Any, reason: str) -> None:
    detail = {"before": before, "after": after, "reason": reason, "account": post.user.username}
    record_event(action, by=by, entity="post", entity_id=str(post.pk), purpose="HSYSADMIN", detail=detail)
