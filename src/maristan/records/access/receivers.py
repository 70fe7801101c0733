"""Reactions to facts of lower areas."""

from typing import Any

from django.dispatch import receiver

from maristan.records.access import services
from maristan.records.access.enums import RelationSource
from maristan.records.patients.models import Person
from maristan.records.patients.signals import person_registered


@receiver(person_registered)
def open_relation_of_registration(sender: Any, person: Person, by: Any, **rest: Any) -> None:
    """Registering somebody opens their record to one's service: a patient one has before oneself needs no emergency."""
    post = getattr(by, "post", None)
    if post is not None and post.service is not None and by.may("access.relate", post.service):
        services.open_relation(
            person,
            by=by,
            service=post.service,
            source=RelationSource.REGISTRATION,
        )
