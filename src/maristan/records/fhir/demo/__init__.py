"""The stories of the demo's people: invented, medically sensible, dated back from the moment of loading."""

import datetime
import uuid

from django.utils import timezone

from maristan.core.accounts.models import User
from maristan.records.fhir.demo import medicine, mothers, others, surgery
from maristan.records.fhir.demo.story import Staff, Story
from maristan.records.fhir.fhir import practitioner_reference
from maristan.records.fhir.models import Resource
from maristan.records.fhir.services import COMMAND, Store
from maristan.records.patients.demo import person_id

STORIES = {**medicine.STORIES, **surgery.STORIES, **mothers.STORIES, **others.STORIES}
STORY_HOUR = datetime.time(10, 45)


def load_demo(*, today: datetime.date) -> None:
    """Write every story once, through the door; a story that is there stays as it is."""
    now = story_now(today)
    staff = Staff({user.username: practitioner_reference(user) for user in User.objects.all()})
    told = set(
        Resource.objects.filter(type="Encounter", person__in=map(person_id, STORIES)).values_list("person", flat=True)
    )
    stories = [tell(key, now, staff) for key in STORIES if person_id(key) not in told]
    entries = [_entry(body) for story in stories for body in story.bodies]
    if entries:
        Store(by=COMMAND).transaction({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def tell(key: str, now: datetime.datetime, staff: Staff) -> Story:
    """The facts of one person's story."""
    story = Story(key, now, staff)
    STORIES[key](story)
    return story


def story_now(today: datetime.date) -> datetime.datetime:
    """The moment stories count back from: the present hour of `today`, or a morning of another day."""
    if today == timezone.localdate():
        return timezone.localtime().replace(second=0, microsecond=0)
    return timezone.make_aware(datetime.datetime.combine(today, STORY_HOUR))


def _entry(body: dict) -> dict:
    url = f"{body['resourceType']}/{uuid.UUID(body['id'])}"
    return {"fullUrl": f"urn:uuid:{body['id']}", "resource": body, "request": {"method": "PUT", "url": url}}
