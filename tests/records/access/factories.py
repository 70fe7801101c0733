"""People at work, for tests of access: one line gives a user with a running post."""

from typing import Any

import factory

from maristan.core.accounts.models import Post, Role, User
from maristan.core.territory.models import Division, Establishment, Service
from maristan.records.access.models import BreakGlass, CareRelation
from maristan.records.access.services import break_glass
from tests.records.patients.factories import PersonFactory

PASSWORD = "une phrase de test"


class UserFactory(factory.django.DjangoModelFactory):
    username = factory.Sequence(lambda number: f"user{number}")
    first_name = "Lynda"
    last_name = factory.Sequence(lambda number: f"Haddad{number}")
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User


def at_work(role: str, place: Division | Establishment | Service, **facts: Any) -> User:
    """A user who holds `role` in `place`, as a request would see them."""
    user = UserFactory(**facts)
    scope = {Division: "division", Establishment: "establishment", Service: "service"}[type(place)]
    user.post = Post.objects.create(user=user, role=Role.objects.get(code=role), reason="Test", **{scope: place})
    return user


class CareRelationFactory(factory.django.DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    reason = "Hospitalisée ce matin"

    class Meta:
        model = CareRelation


def open_in_emergency(person: Any, user: User, **facts: Any) -> BreakGlass:
    """Break the glass as the page does."""
    words = {"reason": "life", "words": "Amenée par sa famille, malaise", "password": PASSWORD}
    return break_glass(person, by=user, **(words | facts))
