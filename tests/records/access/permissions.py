"""Who may open the pages of accesses."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from maristan.core.territory.models import Service
from maristan.records.access.models import BreakGlass, CareRelation, Question, RelationRequest
from maristan.records.patients.models import Person
from tests.permission_table import Row, World

READERS = ("nurse", "midwife", "physician", "pharmacist", "laboratory")


def only(code: int, *roles: str) -> dict[str, int]:
    return dict.fromkeys(roles, code)


def build(world: World) -> None:
    """A record nobody cares for, one of the physician's, one of the citizen's, and what waits about them."""
    world.closed_person = Person.objects.create(family_fr="Fermé", given_fr="Dossier")
    world.cared_person = Person.objects.create(family_fr="Suivie", given_fr="Personne")
    world.own_person = Person.objects.create(family_fr="Citoyen", account=world.users["citizen"])
    nurse, physician, midwife = (_at_work(world, role) for role in ("nurse", "physician", "midwife"))
    world.relation = CareRelation.objects.create(
        person=world.cared_person, service=world.service, responsible=physician, reason="Suivie", given_by=nurse
    )
    far = Service.objects.create(establishment=world.stranger, code="far", name_fr="Loin")
    world.far_relation = CareRelation.objects.create(
        person=world.closed_person, service=far, reason="Suivie", given_by=midwife
    )
    world.opened = BreakGlass.objects.create(
        person=world.cared_person,
        user=midwife,
        establishment=world.neighbour,
        reason="life",
        words="Hémorragie en cours",
        expires_at=timezone.now() + datetime.timedelta(hours=1),
        start_line=uuid.uuid4(),
    )
    world.opened.told.set([physician])
    world.asked = RelationRequest.objects.create(person=world.cared_person, user=midwife, words="Avis")
    world.asked.told.set([physician])
    world.question = Question.objects.create(
        person=world.own_person, asked_by=world.users["citizen"], line=world.opened.start_line, words="Pourquoi ?"
    )
    world.far_question = Question.objects.create(
        person=world.own_person,
        asked_by=world.users["nurse"],
        line=world.opened.start_line,
        words="Pourquoi ?",
        establishment=world.stranger,
    )


def _at_work(world: World, role: str) -> Any:
    user = world.users[role]
    user.post = user.posts.first()
    return user


ROWS = [
    # 403 with the break-glass page for all who read records; the wards that care go on to the record
    Row(
        "access:break_glass",
        roles=only(302, *READERS),
        kwargs=lambda world: {"person_id": world.cared_person.pk},
        elsewhere=403,
        elsewhere_kwargs=lambda world: {"person_id": world.closed_person.pk},
    ),
    Row(
        "access:break_glass",
        roles=only(422, "nurse", "midwife", "physician", "pharmacist"),
        method="post",
        kwargs=lambda world: {"person_id": world.closed_person.pk},
        absent=None,
    ),
    Row(
        "access:ask_relation",
        roles=only(302, *READERS),
        method="post",
        kwargs=lambda world: {"person_id": world.closed_person.pk},
    ),
    Row(
        "access:relations",
        roles=only(200, "nurse", "midwife", "physician", "reception"),
        kwargs=lambda world: {"person_id": world.closed_person.pk},
    ),
    Row(
        "access:relations",
        roles=only(302, "nurse", "midwife", "physician") | {"reception": 403},
        method="post",
        data={"reason": "Admise ce jour"},
        kwargs=lambda world: {"person_id": world.closed_person.pk},
    ),
    Row(
        "access:close_relation",
        roles=only(302, "nurse", "physician", "reception") | {"midwife": 404},
        method="post",
        kwargs=lambda world: {"relation_id": world.relation.pk},
        elsewhere=404,
        elsewhere_kwargs=lambda world: {"relation_id": world.far_relation.pk},
    ),
    Row("access:mine", roles=only(200, "nurse", "midwife", "physician", "pharmacist")),
    Row(
        "access:end",
        roles=only(404, *READERS) | {"midwife": 302},
        method="post",
        kwargs=lambda world: {"access_id": world.opened.pk},
    ),
    Row(
        "access:explain",
        roles=only(404, "nurse", "physician", "pharmacist") | {"midwife": 302},
        method="post",
        kwargs=lambda world: {"access_id": world.opened.pk},
    ),
    Row("access:review", roles=only(200, "dpo", "physician")),
    Row("access:figures", roles=only(200, "dpo", "physician")),
    Row(
        "access:access",
        roles=only(200, "dpo", "physician"),
        kwargs=lambda world: {"access_id": world.opened.pk},
    ),
    Row(
        "access:access",
        roles=only(302, "dpo", "physician"),
        method="post",
        data={"judgement": "justified", "words": "Urgence réelle"},
        kwargs=lambda world: {"access_id": world.opened.pk},
    ),
    Row("access:requests", roles=only(200, "dpo", "physician")),
    Row(
        "access:answer_request",
        roles={"dpo": 404, "physician": 302},
        method="post",
        kwargs=lambda world: {"request_id": world.asked.pk},
    ),
    Row("access:questions", roles=only(200, "dpo")),
    Row(
        "access:answer",
        roles=only(302, "dpo"),
        method="post",
        kwargs=lambda world: {"question_id": world.question.pk},
        elsewhere=404,
        elsewhere_kwargs=lambda world: {"question_id": world.far_question.pk},
    ),
    Row("access:seen_by", roles=only(200, "citizen")),
    Row(
        "access:ask",
        roles=only(404, "citizen"),  # a line of another's record
        kwargs=lambda world: {"line_id": world.opened.start_line},
    ),
    # the officer, the physician who cares; a citizen never learns whether another's record exists
    Row(
        "access:seen",
        roles={"dpo": 200, "physician": 200, "citizen": 404},
        kwargs=lambda world: {"person_id": world.cared_person.pk},
    ),
]
