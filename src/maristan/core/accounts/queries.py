"""Reads of people, posts and rights. What is asked over a scope never shows what lies outside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from maristan.core.accounts.enums import RIGHT_GROUPS
from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.ui import registries


@dataclass(frozen=True)
class RightGroup:
    """The rights that one area declares."""

    name: Any
    rights: tuple[registries.Permission, ...]


def group_rights(codes: Iterable[str] | None = None) -> list[RightGroup]:
    """The declared rights, or those among `codes`, by area."""
    wanted = None if codes is None else set(codes)
    rights = sorted(registries.permissions.all(), key=lambda right: right.code)
    kept = [right for right in rights if wanted is None or right.code in wanted]
    groups = groupby(kept, key=lambda right: right.code.split(".")[0])
    return [RightGroup(RIGHT_GROUPS.get(area, area), tuple(found)) for area, found in groups]


def posts_within(post: Post) -> QuerySet[Post]:
    """Posts of anyone, running or not, whose place lies within the place of `post`."""
    return Post.objects.filter(_within(post)).with_places().select_related("given_by", "ended_by")


def people_within(post: Post) -> QuerySet[User]:
    """Accounts that hold, or have held, a post within the place of `post`."""
    held = Post.objects.filter(_within(post), user=OuterRef("pk"))
    return User.objects.filter(Exists(held)).annotate(is_here=Exists(held.running()))


def search_people(post: Post, *, text: str = "", role: str = "", former: bool = False) -> QuerySet[User]:
    """People within the place of `post`, by name in either script, user name or e-mail; those who left if `former`."""
    found = people_within(post).filter(is_here=not former)
    for word in text.split():
        fields = ("username", "first_name", "last_name", "first_name_ar", "last_name_ar", "email")
        found = found.filter(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR))
    if role:
        found = found.filter(Exists(Post.objects.running().filter(_within(post), user=OuterRef("pk"), role__code=role)))
    return found


def posts_of(people: Iterable[User], *, within: Post) -> dict[Any, list[Post]]:
    """The running posts of several people within one place, by account: one query for a list."""
    found: dict[Any, list[Post]] = {person.pk: [] for person in people}
    for post in posts_within(within).running().filter(user__in=list(found)):
        found[post.user_id].append(post)
    return found


def roles_with_counts() -> QuerySet[Role]:
    """Roles with how many accounts hold each now."""
    now = timezone.now()
    running = Q(posts__starts_at__lte=now) & (Q(posts__ends_at__isnull=True) | Q(posts__ends_at__gt=now))
    return Role.objects.annotate(holders=Count("posts__user", filter=running, distinct=True))


def places_within(post: Post) -> tuple[QuerySet[Division], QuerySet[Establishment], QuerySet[Service]]:
    """Places where the holder of `post` may give posts: divisions, establishments, services."""
    divisions, establishments, services = Division.objects.none(), Establishment.objects.none(), Service.objects.none()
    if post.division_id:
        divisions = Division.objects.filter(pk=post.division_id)
        establishments = Establishment.objects.filter(_in_division("", post.division_id))
        services = Service.objects.filter(_in_division("establishment__", post.division_id))
    elif post.establishment_id:
        house = post.establishment_id
        establishments = Establishment.objects.filter(Q(pk=house) | Q(parent=house))
        services = Service.objects.filter(Q(establishment=house) | Q(establishment__parent=house))
    else:
        services = Service.objects.filter(pk=post.service_id)
    return divisions, establishments, services.select_related("establishment").order_by("establishment__code", "code")


def _within(post: Post) -> Q:
    if post.division_id:
        division = post.division_id
        inside = Q(division=division) | Q(division__parent=division) | Q(division__wilaya=division)
        return inside | _in_division("establishment__", division) | _in_division("service__establishment__", division)
    if post.establishment_id:
        house = post.establishment_id
        own = Q(establishment=house) | Q(establishment__parent=house)
        return own | Q(service__establishment=house) | Q(service__establishment__parent=house)
    return Q(service=post.service_id)


def _in_division(prefix: str, division: int) -> Q:
    return Q((f"{prefix}wilaya", division), (f"{prefix}commune", division), _connector=Q.OR)
