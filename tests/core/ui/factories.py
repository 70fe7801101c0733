"""A person with a post, and things to show them."""

import factory

from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division
from maristan.core.ui.registries import Hit, Tile


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence("person{}".format)
    first_name = "Amina"
    last_name = "Kerrouche"
    first_name_ar = "أمينة"


def person_who_may(*codes: str) -> User:
    """Someone whose post, over a wilaya, holds exactly these rights."""
    user = UserFactory()
    role = Role.objects.create(code=f"role-{user.username}", name_fr="r", name_ar="r", name_en="r", permissions=codes)
    wilaya, _made = Division.objects.get_or_create(level="wilaya", code="25", defaults={"name_fr": "Constantine"})
    Post.objects.create(user=user, role=role, division=wilaya, reason="Test")
    return user


def tile(code: str, **facts) -> Tile:
    return Tile(code, facts.pop("label", code), "ui:home", "bed", "", lambda request: (12, "beds"), **facts)


def hit(title: str) -> Hit:
    return Hit("/tiles/", title, "66 years", "لعرابة صالح")
