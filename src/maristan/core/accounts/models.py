"""People who sign in, the roles they hold, where and until when."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.enums import AccountKind
from maristan.core.territory.models import Division, Establishment, Service


class UserManager(BaseUserManager):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
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
    first_name_ar = models.CharField(max_length=80, blank=True)
    last_name_ar = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, default="fr")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ()
    post: "Post | None" = None  # the current one, set for the time of a request

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username

    def may(self, code: str, place: Any = None) -> bool:
        """Whether the current post holds the right `code`, over `place` (division, establishment, service) if given."""
        return self.post is not None and self.post.allows(code, place)


class Role(models.Model):
    """A named set of rights. Areas declare rights; the administrator composes roles."""

    code = models.SlugField(max_length=40, unique=True)
    name_fr = models.CharField(max_length=80)
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    permissions = models.JSONField(default=list, help_text="codes of rights")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """A role held in one scope for a time; who gave it and why stays readable for ever."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.ForeignKey(Role, models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("starts_at",)
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
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="post_ends_after_it_begins",
                violation_error_message=_("A post ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.place}"

    @property
    def place(self) -> Division | Establishment | Service:
        return self.service or self.establishment or self.division

    def allows(self, code: str, place: Any = None) -> bool:
        """Whether this post's role holds `code` and, if given, `place` lies within its scope."""
        return code in self.role.permissions and (place is None or self.covers(place))

    def covers(self, place: Any) -> bool:
        """Whether `place` is this post's place or lies inside it."""
        if self.division_id:
            return self.division_id in _divisions_of(place)
        if self.establishment_id:
            return self.establishment_id in (_establishment_of(place), getattr(place, "parent_id", None))
        return isinstance(place, Service) and place.pk == self.service_id


def _establishment_of(place: Any) -> int | None:
    return (
        place.establishment_id if isinstance(place, Service) else place.pk if isinstance(place, Establishment) else None
    )


def _divisions_of(place: Any) -> tuple:
    if isinstance(place, Service):
        place = place.establishment
    return (place.wilaya_id, place.commune_id) if isinstance(place, Establishment) else (place.pk, place.parent_id)
