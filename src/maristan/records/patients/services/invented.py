"""Invented people in number, for demos and benchmarks: attested names, dates and places drawn by lot. Nobody is real.

Telephones begin with 050, which no operator uses, and national numbers with 9, which no civil registry gives.
"""

import csv
import datetime
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.core.territory.models import Division, Establishment
from maristan.records.patients.enums import BirthPrecision, Domain, Naming, Sex, TelephoneHolder
from maristan.records.patients.models import Identifier, NameWord, Person, Telephone
from maristan.records.patients.models.names import search_words

BATCH = 20_000
AGES = ((0, 15, 30), (15, 30, 22), (30, 45, 23), (45, 60, 15), (60, 75, 8), (75, 95, 2))
"""From, to, share in percent: near the pyramid of Algeria (ONS, 2023)."""
BIRTH_PRECISIONS = (BirthPrecision.DAY,) * 17 + (BirthPrecision.PRESUMED,) * 2 + (BirthPrecision.YEAR,)


@dataclass(frozen=True)
class NamePool:
    """Names in both scripts with cumulative weights: a few families are many, most are few."""

    surnames: list[tuple[str, str]]
    weights: list[float]
    male: list[tuple[str, str]]
    female: list[tuple[str, str]]


@cache
def load_names() -> NamePool:
    """The names of `data/names`."""
    folder = settings.BASE_DIR / "data" / "names"
    with (folder / "surnames.csv").open(encoding="utf-8", newline="") as file:
        surnames = [(row["latin"], row["arabic"]) for row in csv.DictReader(file)]
    with (folder / "given.csv").open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    return NamePool(
        surnames,
        list(accumulate(1 / (rank + 30) for rank in range(len(surnames)))),
        *([(row["latin"], row["arabic"]) for row in given if row["sex"] == sex] for sex in ("male", "female")),
    )


@transaction.atomic
def invent_people(
    number: int,
    *,
    by: User | None = None,
    today: datetime.date,
    seed: int = 25,
    communes: Sequence[Division] = (),
    establishment: Establishment | None = None,
) -> int:
    """Add `number` invented people, the same for the same `seed`; returns how many. One audit line for all.

    They live in `communes` by population, and have a number of `establishment` if one is given.
    """
    chance = random.Random(seed)  # noqa: S311 nothing secret
    for start in range(0, number, BATCH):
        people = list(_invent(min(BATCH, number - start), chance, today, communes))
        _copy(Person, people)
        _copy(Telephone, _telephones(people, chance, today))
        _copy(Identifier, _identifiers(people, start, seed, today, establishment))
        _remember_words(people)
    record_event("patients.invent", by=by, purpose="HSYSADMIN", detail={"persons": number, "seed": seed})
    return number


def _invent(number: int, chance: random.Random, today: datetime.date, communes: Sequence[Division]) -> Iterator[dict]:
    pool, now = load_names(), timezone.now()
    weights = list(accumulate((commune.population or 1000) for commune in communes))
    families = chance.choices(pool.surnames, cum_weights=pool.weights, k=number)
    homes = chance.choices(communes, cum_weights=weights, k=number) if communes else [None] * number
    ages = chance.choices(AGES, weights=[share for _from, _to, share in AGES], k=number)
    for family, home, (youngest, oldest, _share) in zip(families, homes, ages, strict=True):
        sex = Sex.MALE if chance.random() < 0.506 else Sex.FEMALE
        born = today - datetime.timedelta(days=1 + int((youngest + chance.random() * (oldest - youngest)) * 365.25))
        yield _person(chance, family, pool, sex, born, home, now)


def _person(
    chance: random.Random,
    family: tuple[str, str],
    pool: NamePool,
    sex: Sex,
    born: datetime.date,
    home: Division | None,
    now: datetime.datetime,
) -> dict:
    given_fr, given_ar = chance.choice(pool.male if sex == Sex.MALE else pool.female)
    father_fr, father_ar = chance.choice(pool.male)
    precision = chance.choice(BIRTH_PRECISIONS) if born.year < 1975 else BirthPrecision.DAY
    born = born if precision == BirthPrecision.DAY else born.replace(month=1, day=1)
    scripts = chance.random()
    names = {
        "family_fr": family[0] if scripts > 0.08 else "",
        "given_fr": given_fr if scripts > 0.08 else "",
        "family_ar": family[1] if scripts < 0.7 else "",
        "given_ar": given_ar if scripts < 0.7 else "",
    }
    return {
        **BLANK,
        **names,
        "id": uuid.UUID(int=chance.getrandbits(128), version=4),
        "father_given_fr": father_fr,
        "father_given_ar": father_ar,
        "sex": sex.value,
        "birth_date": born,
        "birth_precision": precision.value,
        "commune_id": home.pk if home else None,
        "birth_commune_id": home.pk if home else None,
        "registered_at": now,
        "search_words": search_words(names.values(), born, precision),
    }


BLANK = {
    **{field.attname: "" for field in Person._meta.concrete_fields if field.empty_strings_allowed and not field.null},
    **{field.attname: None for field in Person._meta.concrete_fields if field.null},
    "naming": Naming.NAMED.value,
    "is_deceased": False,
    "revision": 1,
}


def _telephones(people: Sequence[dict], chance: random.Random, today: datetime.date) -> Iterator[dict]:
    added = timezone.now()
    for person in people:
        if chance.random() < 0.7:
            national = f"50{chance.randrange(10**7):07}"
            yield {
                "person_id": person["id"],
                "number": f"+213{national}",
                "national": national,
                "holder": TelephoneHolder.OWN.value,
                "label": "",
                "starts_on": today,
                "ends_on": None,
                "added_at": added,
                "added_by_id": None,
            }


def _identifiers(
    people: Sequence[dict], start: int, seed: int, today: datetime.date, establishment: Establishment | None
) -> Iterator[dict]:
    added = timezone.now()
    for serial, person in enumerate(people, start=start):
        row = {
            "person_id": person["id"],
            "rank": None,
            "system": "",
            "is_disputed": False,
            "starts_on": today,
            "ends_on": None,
            "added_at": added,
            "added_by_id": None,
        }
        if serial % 5 < 3:
            value = f"9{seed % 1000:03}{person['birth_date']:%y}{serial:012}"
            yield {**row, "domain": Domain.NIN.value, "value": value, "establishment_id": None}
        if establishment:
            value = f"25{seed % 10}{serial:06}"
            yield {**row, "domain": Domain.NUMBER.value, "value": value, "establishment_id": establishment.pk}


def _copy(model: type, rows: Iterator[dict] | Sequence[dict]) -> None:
    rows = list(rows)
    if not rows:
        return
    columns = [model._meta.get_field(name).column for name in rows[0]]
    with connection.cursor() as cursor:
        statement = f'COPY "{model._meta.db_table}" ({", ".join(columns)}) FROM STDIN'
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))


def _remember_words(people: Sequence[dict]) -> None:
    words = {word for person in people for word in person["search_words"].split() if word.isalpha()}
    NameWord.objects.bulk_create([NameWord(word=word) for word in sorted(words)], ignore_conflicts=True)
