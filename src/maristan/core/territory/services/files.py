"""From the bytes of a file to sheets of rows: CSV, JSON and Excel, told apart by their content.

Whatever the bytes, the answer is sheets or FileRefused: never another error, never more than the limits below.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from maristan.core.territory.services.problems import FileRefused

LARGEST = 20 * 1024 * 1024
UNPACKED = 300 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 100


@dataclass
class Sheet:
    """Rows of one table, with the number each has in the file, and the headings as they are written there."""

    file: str
    headings: list[str]
    rows: Iterable[tuple[int, list[Any]]] = field(default_factory=list)


def read_file(name: str, data: bytes) -> list[Sheet]:
    """Sheets of a file. Raises FileRefused with what to do."""
    if not data.strip():
        raise FileRefused(_("The file is empty."), _("Choose a file with a line of headings and at least one row."))
    if len(data) > LARGEST:
        raise FileRefused(
            _("The file weighs %(size)s MB.") % {"size": len(data) // 1024 // 1024},
            _("Split it: at most %(largest)s MB at a time.") % {"largest": LARGEST // 1024 // 1024},
        )
    if data.startswith(b"PK"):
        return _read_excel(name, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("This is an old or protected Excel file."),
            _("Open it in a spreadsheet and save it as .xlsx, unprotected."),
        )
    content = _decode(data)
    if content.lstrip()[:1] in ("[", "{"):
        return _read_json(name, content)
    return [_read_csv(name, content)]


def _decode(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        content = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("The letters of this file cannot be read."),
            _("Save it again as “CSV UTF-8”."),
            row=data[: error.start].count(b"\n") + 1 if encoding == "utf-8-sig" else None,
        ) from None
    if "\x00" in content:
        raise FileRefused(
            _("This is not a file of text."),
            _("Choose a CSV, JSON or Excel (.xlsx) file."),
            row=content[: content.index("\x00")].count("\n") + 1,
        )
    return content


def _read_csv(name: str, content: str) -> Sheet:
    first = next((line for line in content.splitlines() if line.strip()), "")
    separator = max(";,\t", key=first.count)
    rows: list[tuple[int, list[Any]]] = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
                _refuse_too_many(rows)
    except csv.Error:
        raise FileRefused(
            _("The quotation marks of this row do not match."), _("Close or remove them."), row=reader.line_num
        ) from None
    return _sheet(name, rows)


def _read_json(name: str, content: str) -> list[Sheet]:
    try:
        value = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FileRefused(
            _("This JSON cannot be read."),
            _("Check its brackets, commas and quotation marks."),
            row=getattr(error, "lineno", None),
        ) from None
    if isinstance(value, dict) and all(isinstance(part, list) for part in value.values()) and value:
        return [_json_sheet(f"{name} ({key[:40]})", part) for key, part in value.items()]
    return [_json_sheet(name, value if isinstance(value, list) else [value])]


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _json_sheet(name: str, items: list[Any]) -> Sheet:
    headings: dict[str, None] = {}
    for index, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise FileRefused(
                _("Item %(index)s is not an object.") % {"index": index},
                _('Write a list of objects: [{"code": "…", "kind": "…"}].'),
                row=index,
            )
        headings.update(dict.fromkeys(item))
    rows = [(index, [_flat(item.get(heading)) for heading in headings]) for index, item in enumerate(items, start=1)]
    _refuse_too_many(rows)
    return _sheet(name, [(0, list(headings)), *rows])


def _flat(value: Any) -> Any:
    """A list of plain values is written with `;`; deeper things are refused by the cell's own reader."""
    return ";".join(str(part) for part in value) if isinstance(value, list) else value


def _read_excel(name: str, data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED:
                raise FileRefused(_("This Excel file is too large once unpacked."), _("Split it."))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheets = [
            _sheet(name if len(book.sheetnames) == 1 else f"{name} ({page.title})", list(_excel_rows(page)))
            for page in book.worksheets
            if page.max_row is None or page.max_row > 0
        ]
    except FileRefused:
        raise
    except Exception:
        raise FileRefused(
            _("This is not an Excel file that can be read."), _("Save it again as .xlsx, or as “CSV UTF-8”.")
        ) from None
    sheets = [sheet for sheet in sheets if sheet.headings]
    if not sheets:
        raise FileRefused(_("The file is empty."), _("Choose a file with a line of headings and at least one row."))
    return sheets


def _excel_rows(page: Any) -> Iterator[tuple[int, list[Any]]]:
    count = 0
    for number, cells in enumerate(page.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        if any(cell not in (None, "") for cell in cells):
            count += 1
            if count > MOST_ROWS:
                _refuse_too_many(range(count))
            yield number, list(cells)


def _sheet(name: str, rows: list[tuple[int, list[Any]]]) -> Sheet:
    if not rows:
        return Sheet(name, [])
    number, headings = rows[0]
    if len(headings) > MOST_COLUMNS:
        raise FileRefused(
            _("This table has %(count)s columns.") % {"count": len(headings)},
            _("Keep those that are documented."),
            row=number or None,
        )
    headings = ["" if heading is None else str(heading).strip().strip("\ufeff") for heading in headings]
    while headings and not headings[-1]:
        headings.pop()
    return Sheet(name, headings, rows[1:])


def _refuse_too_many(rows: Any) -> None:
    if len(rows) > MOST_ROWS + 1:
        raise FileRefused(
            _("This table has more than %(most)s rows.") % {"most": MOST_ROWS}, _("Split it, one file a wilaya.")
        )
