"""Invented people of the demo. `PEOPLE` have care, told by the record's own demo under the same keys."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from maristan.core.accounts.models import Post, User
from maristan.core.territory.models import Division, Establishment
from maristan.records.patients.enums import BirthPrecision, Domain, Naming, Sex
from maristan.records.patients.models import Person
from maristan.records.patients.services import invent_people, link_account, register_person

CHU, EHS, EPH = "25-chu-01", "25-ehs-03", "25-eph-04"
INHABITANTS = 2_000
SEED = 2026
_KEYS = uuid.UUID("5f6c1d0e-25ee-4c8d-9a51-c0f7a3f2b025")


@dataclass(frozen=True)
class DemoPerson:
    """One invented person. `born` is a date, or (age in years, month, day) counted back from today; `days` old for
    newborns. `number` is that of `house`."""

    key: str
    family: tuple[str, str]
    given: tuple[str, str]
    sex: str
    born: datetime.date | tuple[int, int, int] | None
    number: str = ""
    house: str = CHU
    commune: str = "2501"
    days: int | None = None
    mother: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        return person_id(self.key)

    def birth_date(self, today: datetime.date) -> datetime.date | None:
        if self.days is not None:
            return today - datetime.timedelta(days=self.days)
        if not isinstance(self.born, tuple):
            return self.born
        years, month, day = self.born
        return datetime.date(today.year - years - ((month, day) > (today.month, today.day)), month, day)


def person_id(key: str) -> uuid.UUID:
    """The identity of one of `PEOPLE`, the same in every demo."""
    return uuid.uuid5(_KEYS, key)


def _parents(father: tuple[str, str], mother: tuple[str, str], mother_given: tuple[str, str]) -> dict[str, str]:
    return {
        "father_given_fr": father[0],
        "father_given_ar": father[1],
        "mother_family_fr": mother[0],
        "mother_family_ar": mother[1],
        "mother_given_fr": mother_given[0],
        "mother_given_ar": mother_given[1],
    }


FEMALE, MALE = Sex.FEMALE.value, Sex.MALE.value
PEOPLE = (
    DemoPerson(
        "boudjemaa",
        ("Boudjemaa", "بوجمعة"),
        ("Hayet", "حياة"),
        FEMALE,
        datetime.date(1959, 3, 12),
        "250148337",
        facts={
            **_parents(("Ahmed", "أحمد"), ("Benlatreche", "بن لطرش"), ("Zohra", "زهرة")),
            "address": "Cité Daksi, bât. 12",
            "telephones": ["0500 12 03 59"],
            "identifiers": [{"domain": Domain.NIN, "value": "925590312000148337"}],
        },
    ),
    DemoPerson(
        "laraba",
        ("Laraba", "لعرابة"),
        ("Salah", "صالح"),
        MALE,
        (66, 5, 4),
        "250139120",
        facts={
            **_parents(("Larbi", "العربي"), ("Kermiche", "قرميش"), ("Fatma", "فاطمة")),
            "telephones": ["0500 66 14 02"],
            "identifiers": [{"domain": Domain.CHIFA, "value": "255904120033", "rank": 0}],
        },
    ),
    DemoPerson("ferhati", ("Ferhati", "فرحاتي"), ("Lamine", "لمين"), MALE, (29, 2, 17), "250151204", commune="2506"),
    DemoPerson(
        "bensmail",
        ("Bensmail", "بن اسماعيل"),
        ("Abdelkrim", "عبد الكريم"),
        MALE,
        (71, 9, 1),
        "250098112",
        commune="2502",
    ),
    DemoPerson(
        "kerbouche",
        ("Kerbouche", "كربوش"),
        ("Amel", "أمال"),
        FEMALE,
        (28, 6, 23),
        "250021877",
        EHS,
        facts={
            "spouse_family_fr": "Bouchelaghem",
            "spouse_family_ar": "بوشلاغم",
            "telephones": ["0500 28 06 23"],
            "address": "Sidi Mabrouk supérieur",
        },
    ),
    DemoPerson("kerbouche_newborn", ("", ""), ("", ""), MALE, None, "250021903", EHS, days=2, mother="kerbouche"),
    DemoPerson(
        "bouzid",
        ("Bouzid", "بوزيد"),
        ("Imane", "إيمان"),
        FEMALE,
        (31, 1, 9),
        "250021711",
        EHS,
        commune="2506",
    ),
    DemoPerson(
        "bouzid_twin1",
        *(("", ""), ("", ""), FEMALE, None, "250021712", EHS, "2506", 6, "bouzid"),
        facts={"birth_rank": 1},
    ),
    DemoPerson(
        "bouzid_twin2",
        *(("", ""), ("", ""), FEMALE, None, "250021713", EHS, "2506", 6, "bouzid"),
        facts={"birth_rank": 2},
    ),
    DemoPerson(
        "diabetic_child",
        ("Hamlaoui", "حملاوي"),
        ("Yasmine", "ياسمين"),
        FEMALE,
        (9, 4, 30),
        "250150018",
        facts=_parents(("Samir", "سمير"), ("Rouabah", "رواباح"), ("Lynda", "ليندة")),
    ),
    DemoPerson("asthmatic_teenager", ("Meziane", "مزيان"), ("Ayoub", "أيوب"), MALE, (15, 8, 11), "250149450"),
    DemoPerson(
        "dialysis",
        ("Guerfi", "قرفي"),
        ("Messaoud", "مسعود"),
        MALE,
        (61, 11, 2),
        "250118276",
        facts={"is_deceased": False},
    ),
    DemoPerson("copd", ("Ounissi", "أونيسي"), ("Tahar", "الطاهر"), MALE, (70, 3, 19), "250087654", commune="2504"),
    DemoPerson("stroke", ("Zerrouki", "زروقي"), ("Zoulikha", "زوليخة"), FEMALE, (74, 7, 5), "250104331"),
    DemoPerson("post_mi", ("Hamdi", "حمدي"), ("Rachid", "رشيد"), MALE, (58, 10, 27), "250122908", EPH, "2506"),
    DemoPerson("cancer", ("Djebbari", "جباري"), ("Nassima", "نسيمة"), FEMALE, (52, 12, 14), "250133019"),
    DemoPerson("tuberculosis", ("Allouache", "علواش"), ("Mourad", "مراد"), MALE, (34, 5, 21), "250144702"),
    DemoPerson("psychiatric", ("Khelifi", "خليفي"), ("Samir", "سمير"), MALE, (41, 2, 3), "250126655"),
    DemoPerson(
        "unknown",
        *(("", ""), ("", ""), MALE, (45, 1, 1), "250151999"),
        facts={
            "naming": Naming.UNKNOWN,
            "call_number": "25-0151999",
            "birth_precision": BirthPrecision.ESTIMATED,
            "marks": "Cicatrice à l’avant-bras gauche, veste grise, trouvé avenue Aouati Mostefa",
        },
    ),
    DemoPerson("namesake1", ("Benali", "بن علي"), ("Mohamed", "محمد"), MALE, datetime.date(1984, 2, 5), "250111840"),
    DemoPerson(
        "namesake2",
        ("Benali", "بن علي"),
        ("Mohamed", "محمد"),
        MALE,
        datetime.date(1984, 5, 2),
        "250136418",
        EPH,
        "2506",
    ),
    DemoPerson(
        "arabic_only",
        ("", "سعدي"),
        ("", "فاطمة الزهراء"),
        FEMALE,
        (47, 4, 8),
        "250140077",
        facts={"address": "حي بوصوف"},
    ),
    DemoPerson(
        "presumed",
        ("Mekki", "مكي"),
        ("Aldjia", "علجية"),
        FEMALE,
        datetime.date(1941, 1, 1),
        "250071123",
        facts={"birth_precision": BirthPrecision.PRESUMED},
    ),
    DemoPerson(
        "deceased",
        ("Chergui", "شرقي"),
        ("Houria", "حورية"),
        FEMALE,
        (79, 6, 6),
        "250066540",
        facts={"is_deceased": True},
    ),
)


def load_demo(*, today: datetime.date) -> None:
    """Register `PEOPLE` through the desk's own service, and 2,000 inhabitants; a second run adds nothing."""
    known = set(Person.objects.filter(pk__in=[person.id for person in PEOPLE]).values_list("pk", flat=True))
    communes = {division.code: division for division in _communes()}
    houses = {house.code: house for house in Establishment.objects.filter(code__in=(CHU, EHS, EPH))}
    clerk = _account("reception")
    for person in PEOPLE:
        if person.id not in known:
            _register(person, today, communes, houses, clerk)
    if not known:
        invent_people(
            INHABITANTS, today=today, seed=SEED, communes=list(communes.values()), establishment=houses.get(CHU)
        )
    _open_own_record(clerk)


def _register(
    person: DemoPerson,
    today: datetime.date,
    communes: dict[str, Division],
    houses: dict[str, Establishment],
    clerk: User | None,
) -> None:
    house = houses.get(person.house)
    identifiers = list(person.facts.get("identifiers", ()))
    if house:
        identifiers.append({"domain": Domain.NUMBER, "value": person.number, "establishment": house})
    mother = {"mother_id": person_id(person.mother), "naming": Naming.NEWBORN} if person.mother else {}
    facts = {
        "family_fr": person.family[0],
        "family_ar": person.family[1],
        "given_fr": person.given[0],
        "given_ar": person.given[1],
        "sex": person.sex,
        "birth_date": person.birth_date(today),
        "commune": communes.get(person.commune),
        "birth_commune": communes.get(person.commune),
        **mother,
        **person.facts,
        "identifiers": identifiers,
    }
    register_person(by=clerk, id=person.id, **facts)


def _open_own_record(clerk: User | None) -> None:
    citizen, person = _account("citizen"), Person.objects.get(pk=person_id("boudjemaa"))
    if citizen and person.account_id is None:
        link_account(person, account=citizen, by=clerk)


def _account(username: str) -> User | None:
    """A demo account at work: with its post, as during a request."""
    user = User.objects.filter(username=username).first()
    if user:
        user.post = Post.objects.filter(user=user).select_related("role", "establishment", "service").first()
    return user


def _communes() -> list[Division]:
    return list(Division.objects.filter(level="commune", code__startswith="25", valid_until=None))
