"""The register outside the system: FHIR AuditEvent, one JSON object a line, or CSV for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from maristan.core.audit.fhir import to_fhir
from maristan.core.audit.models import AuditLine

CSV_COLUMNS = (
    "at", "action", "outcome", "actor_name", "role", "place", "patient_id", "entity", "entity_id", "purpose",
    "address", "request_id", "id", "detail",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_fhir(lines: Iterable[AuditLine]) -> Iterator[str]:
    """One AuditEvent (FHIR R4) per line of text."""
    for line in lines:
        yield json.dumps(to_fhir(line), ensure_ascii=False) + "\n"


def write_csv(lines: Iterable[AuditLine]) -> Iterator[str]:
    """A header, then one row a line; cells a spreadsheet would run as a formula are quoted with an apostrophe."""
    yield _row(CSV_COLUMNS)
    for line in lines:
        yield _row(_cell(getattr(line, name)) for name in CSV_COLUMNS)


FORMATS = {
    "fhir": (write_fhir, "application/fhir+ndjson", "ndjson"),
    "csv": (write_csv, "text/csv; charset=utf-8", "csv"),
}


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
