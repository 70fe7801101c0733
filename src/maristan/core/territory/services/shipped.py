"""The public facts that the product ships in `data/territory`, each table with its source and licence there."""

import csv
import gzip
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TextIO

from django.conf import settings

from maristan.core.territory.services.files import Sheet
from maristan.core.territory.services.parsing import Reading, read_sheet

PLACES = ("official/establishments.csv", "official/civil_protection.csv", "osm/establishments.csv.gz")


def folder() -> Path:
    return Path(settings.BASE_DIR) / "data" / "territory"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Rows of a shipped table, `official/wilayas.csv` for example; a name ending in .gz is unpacked."""
    with _open(folder() / name) as file:
        yield from csv.DictReader(file)


def read_outlines() -> dict[str, dict[str, dict]]:
    """Simplified borders: {"wilaya": {code: geometry}, "commune": {code: geometry}}."""
    with _open(folder() / "osm" / "outlines.json.gz") as file:
        return json.load(file)


def read_places(wilaya: str, *, known: Collection[str] = ()) -> Reading:
    """Rows of the shipped establishments of one wilaya (its code), without those whose code is `known` already."""
    positions = {row["code"]: row for row in read_table("osm/positions.csv")}
    reading = Reading()
    for name in PLACES:
        table = [
            (number, {**row, **positions.get(row["code"], {})})
            for number, row in enumerate(read_table(name), start=2)
            if row["wilaya"] == wilaya and row["code"] not in known
        ]
        if table:
            headings = list(dict.fromkeys(heading for _number, row in table for heading in row))
            rows = [(number, [row.get(heading) for heading in headings]) for number, row in table]
            read_sheet(Sheet(name, headings, rows), reading)
    return reading


def _open(path: Path) -> TextIO:
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
