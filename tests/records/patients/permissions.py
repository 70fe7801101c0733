"""Identity is territory-wide: another establishment's person is no stranger at the desk."""

import uuid

from tests.permission_table import Row, World
from tests.records.patients.factories import IdentifierFactory, PersonFactory, TelephoneFactory

REGISTERS = ("nurse", "midwife", "physician", "reception", "callagent", "regulator", "crew")
SEARCHES = (*REGISTERS, "pharmacist", "laboratory", "archivist")
PERSON = uuid.UUID("00000000-0000-4000-8000-000000000001")


def build(world: World) -> None:
    person = PersonFactory(id=PERSON)
    world.identifier = IdentifierFactory(person=person)
    world.telephone = TelephoneFactory(person=person)


def answers(roles: tuple[str, ...], code: int) -> dict[str, int]:
    return dict.fromkeys(roles, code)


def person(world: World) -> dict:
    return {"person_id": PERSON}


def mother(world: World) -> dict:
    return {"mother_id": PERSON}


def identifier(world: World) -> dict:
    return {"person_id": PERSON, "identifier_id": world.identifier.pk}


def telephone(world: World) -> dict:
    return {"person_id": PERSON, "telephone_id": world.telephone.pk}


NEW = {"family_fr": "Zerdani", "given_fr": "Nour", "sex": "female", "birth": "01/02/2001"}
ROWS = [
    Row("patients:people", roles=answers(SEARCHES, 200), query="?q=boudj"),
    Row("patients:register", roles=answers(REGISTERS, 200)),
    Row("patients:register", roles=answers(REGISTERS, 302), method="post", data=NEW),
    Row("patients:register_unknown", roles=answers(REGISTERS, 200)),
    Row("patients:register_unknown", roles=answers(REGISTERS, 302), method="post", data={}),
    Row("patients:register_newborn", roles=answers(REGISTERS, 200), kwargs=mother),
    Row(
        "patients:register_newborn",
        roles=answers(REGISTERS, 302),
        kwargs=mother,
        method="post",
        data={"sex": "male", "birth": "01/02/2024"},
    ),
    Row("patients:identity", roles=answers(SEARCHES, 200), kwargs=person),
    Row("patients:correct", roles=answers(REGISTERS, 200), kwargs=person),
    Row("patients:correct", roles=answers(REGISTERS, 302), kwargs=person, method="post", data=NEW),
    Row(
        "patients:add_identifier",
        roles=answers(REGISTERS, 302),
        kwargs=person,
        method="post",
        data={"domain": "cnie", "value": "123456789"},
    ),
    Row("patients:end_identifier", roles=answers(REGISTERS, 302), kwargs=identifier, method="post"),
    Row(
        "patients:add_telephone",
        roles=answers(REGISTERS, 302),
        kwargs=person,
        method="post",
        data={"number": "0500 11 22 33"},
    ),
    Row("patients:end_telephone", roles=answers(REGISTERS, 302), kwargs=telephone, method="post"),
    Row("patients:declare_death", roles=answers(REGISTERS, 302), kwargs=person, method="post"),
]
