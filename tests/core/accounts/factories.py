"""People and posts for tests."""

import factory
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password

from maristan.core.accounts.models import Post, Role, User
from tests.core.territory.factories import ServiceFactory

PASSWORD = "quatre mots simples ici"


class UserFactory(factory.django.DjangoModelFactory):
    """A member of staff without a post. The password is `PASSWORD`, hashed once for all."""

    username = factory.Sequence(lambda number: f"person{number}")
    first_name = "Amina"
    last_name = factory.Sequence(lambda number: f"Kerrouche{number}")
    first_name_ar = "أمينة"
    last_name_ar = factory.Sequence(lambda number: f"كروش{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.dz")

    class Meta:
        model = User

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        kwargs.setdefault("password", hashed_password())
        return super()._create(model_class, *args, **kwargs)


class PostFactory(factory.django.DjangoModelFactory):
    """A nurse's post in a service; give `role="admin"` and `establishment=` or `division=` for others."""

    user = factory.SubFactory(UserFactory)
    role = "nurse"
    reason = "Affectation"

    class Meta:
        model = Post

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        role = kwargs.pop("role")
        if isinstance(role, str):
            role = Role.objects.get(code=role)
        if not {"division", "establishment", "service"} & set(kwargs):
            kwargs["service"] = ServiceFactory()
        post = super()._create(model_class, *args, role=role, **kwargs)
        post.user.post = post
        return post


_hash: list[str] = []


def hashed_password() -> str:
    if not _hash:
        _hash.append(make_password(PASSWORD))
    return _hash[0]


def code_of(secret: str, ahead: int = 0) -> str:
    """What the application of a telephone shows now, or `ahead` steps of 30 seconds later."""
    before, now, after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, {-1: before, 0: now, 1: after}[ahead]))
