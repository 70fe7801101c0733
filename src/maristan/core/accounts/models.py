"""People who sign in, the roles they hold, where and until when."""

import datetime
import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.enums import AccountKind
from maristan.core.territory.models import Division, Establishment, Service


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do comes from its posts, one of which is current in a session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=AccountKind, default=AccountKind.STAFF)
    first_name = models.CharField(_("given name"), max_length=80, blank=True)
    last_name = models.CharField(_("family name"), max_length=80, blank=True)
    first_name_ar = models.CharField(_("given name in Arabic"), max_length=80, blank=True)
    last_name_ar = models.CharField(_("family name in Arabic"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=20, blank=True)
    language = models.CharField(max_length=8, default="fr")
    is_active = models.BooleanField(default=True)
    password_is_temporary = models.BooleanField(default=False, help_text="chosen by another person")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ()
    post: "Post | None" = None  # the current one, set for the time of a request

    class Meta:
        ordering = ("last_name", "first_name", "username")
        constraints = [
            models.CheckConstraint(
                condition=Q(username=Lower("username")),
                name="username_is_lower_case",
                violation_error_message=_("A user name is written in small letters."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="account_email_once",
                violation_error_message=_("Another account has this e-mail."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def name(self) -> str:
        """The name in the script of the reader, when it is known in that script."""
        arabic = f"{self.first_name_ar} {self.last_name_ar}".strip()
        return arabic if arabic and (get_language() or "").startswith("ar") else str(self)

    def may(self, code: str, place: Any = None) -> bool:
        """Whether the current post holds the right `code`, over `place` (division, establishment, service) if given."""
        return self.post is not None and self.post.allows(code, place)


class Role(models.Model):
    """A named set of rights. Areas declare rights; the administrator composes roles."""

    code = models.SlugField(max_length=40, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_ar = models.CharField(_("name in Arabic"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    permissions = models.JSONField(default=list, blank=True, help_text="codes of rights")
    offered = models.JSONField(
        default=list, blank=True, help_text="codes that a release gave by default once, kept or not"
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return getattr(self, f"name_{(get_language() or 'fr')[:2]}", "") or self.name_fr


class PostQuerySet(models.QuerySet):
    def running(self, now: datetime.datetime | None = None) -> "PostQuerySet":
        """Posts held at `now`."""
        now = now or timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)

    def with_places(self) -> "PostQuerySet":
        """With all that is needed to print a post or to ask what it covers."""
        return self.select_related("user", "role", "division", "establishment", "service__establishment")


class Post(models.Model):
    """A role held in one scope for a time; who gave it and why stays readable for ever."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(division__isnull=False, establishment__isnull=True, service__isnull=True)
                    | Q(division__isnull=True, establishment__isnull=False, service__isnull=True)
                    | Q(division__isnull=True, establishment__isnull=True, service__isnull=False)
                ),
                name="post_has_one_scope",
                violation_error_message=_("A post is held in one place: a territory, an establishment or a service."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="post_ends_after_it_begins",
                violation_error_message=_("A post ends after it begins."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="post_has_a_reason",
                violation_error_message=_("Say why this post is given."),
            ),
            ExclusionConstraint(
                name="post_held_once_at_a_time",
                expressions=[
                    ("user", "="),
                    ("role", "="),
                    (Coalesce("division", 0), "="),
                    (Coalesce("establishment", 0), "="),
                    (Coalesce("service", 0), "="),
                    (
                        Func("starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        "&&",
                    ),
                ],
                violation_error_message=_("This person already holds this role in this place at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.place}"

    @property
    def place(self) -> Division | Establishment | Service:
        return self.service or self.establishment or self.division

    @property
    def place_words(self) -> str:
        """The place as people name it: a service with its establishment."""
        return f"{self.service} · {self.service.establishment.short}" if self.service_id else str(self.place)

    @property
    def is_running(self) -> bool:
        now = timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)

    def allows(self, code: str, place: Any = None) -> bool:
        """Whether this post's role holds `code` and, if given, `place` lies within its scope."""
        return code in self.role.permissions and (place is None or self.covers(place))

    def covers(self, place: Division | Establishment | Service) -> bool:
        """Whether `place` is this post's place or lies inside it."""
        if self.division_id:
            return self.division_id in _divisions_of(place)
        if self.establishment_id:
            return self.establishment_id in _establishments_of(place)
        return isinstance(place, Service) and place.pk == self.service_id


def _establishments_of(place: Any) -> tuple[int | None, ...]:
    """The establishment that a place is, or lies in, and the one that manages it."""
    if isinstance(place, Service):
        place = place.establishment
    return (place.pk, place.parent_id) if isinstance(place, Establishment) else ()


def _divisions_of(place: Any) -> tuple[int | None, ...]:
    """The divisions around a place."""
    return (place.establishment if isinstance(place, Service) else place).within_ids
