"""The public facts that the product ships in `data/territory`, each table with its source and licence there."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


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


def _open(path: Path):
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
