"""Wilayas, daïras and communes of Algeria under its three maps: 48 wilayas, then 58, then 69."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from maristan.core.territory.enums import DivisionLevel
from maristan.core.territory.models import Division, Outline
from maristan.core.territory.services.shipped import read_outlines, read_table

ERAS = (  # column of the tables, first day of the map; dates are those of the laws, to be confirmed
    ("wilaya_since_1984", None),
    ("wilaya_since_2019", datetime.date(2019, 12, 11)),
    ("wilaya_since_2026", datetime.date(2026, 4, 4)),
)
FACTS = ("name_fr", "name_ar", "parent", "wilaya", "population", "latitude", "longitude", "valid_until")
FACTS += ("source", "to_confirm", "search")


@transaction.atomic
def load_divisions() -> int:
    """Bring the divisions of Algeria up to date with the shipped tables; returns how many rows were new.

    Sources: Journal officiel for codes, names and wilayas; OpenStreetMap for daïras, population and borders.
    """
    before = Division.objects.count()
    wilayas = {division.code: division for division in _save(_wilayas())}
    dairas = {(daira.code, daira.wilaya_id): daira for daira in _save(_versions("osm/dairas.csv", wilayas))}
    communes = _save(_communes(wilayas, dairas))
    _draw([*wilayas.values(), *(commune for commune in communes if commune.valid_until is None)])
    return Division.objects.count() - before


def _wilayas() -> Iterable[Division]:
    for row in read_table("official/wilayas.csv"):
        yield Division(
            level=DivisionLevel.WILAYA,
            code=row["code"],
            name_fr=row["name_fr"],
            name_ar=row["name_ar"],
            valid_from=datetime.date.fromisoformat(row["valid_from"]),
            source=row["source"],
            to_confirm=row["to_confirm"],
        )


def _versions(table: str, wilayas: dict[str, Division]) -> Iterable[Division]:
    """One division for each wilaya that it belonged to, from the day of the map that moved it."""
    level = DivisionLevel.DAIRA if "daira" in table else DivisionLevel.COMMUNE
    for row in read_table(table):
        moves = [(row[column], since) for column, since in ERAS]
        moves = [move for index, move in enumerate(moves) if index == 0 or move[0] != moves[index - 1][0]]
        ends = [since for _code, since in moves[1:]] + [None]
        for (code, since), until in zip(moves, ends, strict=True):
            yield Division(
                level=level,
                code=row["code"],
                name_fr=row["name_fr"],
                name_ar=row["name_ar"],
                parent=wilayas[code],
                wilaya=wilayas[code],
                valid_from=since,
                valid_until=until,
                source=row["source"],
                to_confirm="law_date" if since or until else "",
            )


def _communes(wilayas: dict[str, Division], dairas: dict[tuple, Division]) -> Iterable[Division]:
    known = {row["code"]: row for row in read_table("osm/communes.csv")}
    for commune in _versions("official/communes.csv", wilayas):
        facts = known.get(commune.code, {})
        commune.parent = dairas.get((facts.get("daira"), commune.wilaya_id), commune.wilaya)
        if commune.valid_until is None and facts:
            commune.population = int(facts["population"]) if facts["population"] else None
        commune.latitude = float(facts["latitude"]) if facts.get("latitude") else None
        commune.longitude = float(facts["longitude"]) if facts.get("longitude") else None
        yield commune


def _save(divisions: Iterable[Division]) -> list[Division]:
    """Insert or bring up to date by level, code and first day of validity."""
    divisions = list(divisions)
    for division in divisions:
        division.search = division.search_text()
    known = {
        (division.code, division.valid_from): division
        for division in Division.objects.filter(country="DZ", level=divisions[0].level)
    }
    for division in divisions:
        if (division.code, division.valid_from) in known:
            division.pk = known[division.code, division.valid_from].pk
    changed = [d for d in divisions if d.pk and not _same(d, known[d.code, d.valid_from])]
    Division.objects.bulk_update(changed, FACTS, batch_size=500)
    Division.objects.bulk_create([division for division in divisions if division.pk is None], batch_size=500)
    return divisions


def _same(one: Division, other: Division) -> bool:
    names = [Division._meta.get_field(name).attname for name in FACTS]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _draw(divisions: list[Division]) -> None:
    """Give each division its shipped border, where there is one."""
    borders = read_outlines()
    Outline.objects.bulk_create(
        [
            Outline(division=division, geometry=borders[division.level][division.code])
            for division in divisions
            if division.code in borders[division.level]
        ],
        batch_size=200,
        update_conflicts=True,
        unique_fields=["division"],
        update_fields=["geometry"],
    )
