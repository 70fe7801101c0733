"""From sheets to rows of known tables: headings, cells, and no row twice. Nothing here asks the database."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from maristan.core.territory.services.cells import clean
from maristan.core.territory.services.files import Sheet, read_file
from maristan.core.territory.services.problems import CellRefused, FileRefused, Problem
from maristan.core.territory.services.tables import TABLES, Column, Table

MOST_PROBLEMS = 1000
Progress = Callable[[int], None]


@dataclass
class Row:
    """One row that was read: where it stands, and its values by column; absent columns are absent here."""

    file: str
    number: int
    table: Table
    values: dict[str, Any]

    @property
    def key(self) -> tuple[Any, ...]:
        defaults = {column.name: column.empty for column in self.table.columns}
        return tuple(self.values.get(name, defaults[name]) for name in self.table.key)

    def problem(self, column: str, what: str, remedy: str) -> Problem:
        return Problem(self.file, what, remedy, self.number, column)


@dataclass
class Reading:
    """What came out of the files: rows in order, and problems (at most a thousand are kept, all are counted)."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)

    def of(self, table: Table) -> list[Row]:
        return [row for row in self.rows if row.table is table]


def read_files(files: Iterable[tuple[str, bytes]], progress: Progress = lambda rows: None) -> Reading:
    """Read (name, bytes) of each file; whatever is wrong is a problem of the reading, never an error."""
    reading = Reading()
    for name, data in files:
        name = name[-120:]
        try:
            for sheet in read_file(name, data):
                read_sheet(sheet, reading, progress)
        except FileRefused as refusal:
            reading.add(Problem(name, refusal.what, refusal.remedy, refusal.row))
    _refuse_twice(reading)
    return reading


def read_sheet(sheet: Sheet, reading: Reading, progress: Progress = lambda rows: None) -> None:
    """Add the rows of one sheet to the reading."""
    table = _table_of(sheet)
    columns = _columns_of(sheet, table, reading)
    if columns is None:
        return
    if not sheet.rows:
        reading.add(Problem(sheet.file, _("There is no row under the headings."), _("Add at least one row.")))
    for index, (number, values) in enumerate(sheet.rows):
        _read_row(sheet, table, columns, number, values, reading)
        if index % 500 == 0:
            progress(index)


def _table_of(sheet: Sheet) -> Table:
    for table in TABLES:
        mark = table.column(table.mark)
        if any(mark.is_meant_by(heading) for heading in sheet.headings):
            return table
    raise FileRefused(
        _("These headings belong to no known table."),
        _("The first row must hold code, kind, name_fr for establishments; establishment, code, name_fr for services."),
        row=1,
    )


def _columns_of(sheet: Sheet, table: Table, reading: Reading) -> list[Column] | None:
    """The column that each heading means; None when the headings must be mended first."""
    found: list[Column] = []
    before = reading.count
    for heading in sheet.headings:
        column = next((column for column in table.columns if column.is_meant_by(heading)), None)
        if column is None:
            reading.add(Problem(sheet.file, *_unknown_heading(heading, table), row=1, column=heading[:40]))
        elif column in found:
            what, remedy = _("This heading is there twice."), _("Keep one of the two columns.")
            reading.add(Problem(sheet.file, what, remedy, row=1, column=heading[:40]))
        else:
            found.append(column)
    for column in table.columns:
        if column.required and column not in found:
            what = _("The column “%(name)s” is missing.") % {"name": column.name}
            reading.add(Problem(sheet.file, what, _("Add it with its heading."), row=1, column=column.name))
    return found if reading.count == before else None


def _unknown_heading(heading: str, table: Table) -> tuple[str, str]:
    if not heading:
        return _("A column has no heading."), _("Write its heading, or remove the column.")
    names = [column.name for column in table.columns]
    close = difflib.get_close_matches(heading.lower()[:60], names, 1)
    what = _("The heading “%(heading)s” is not known.") % {"heading": heading[:40]}
    if close:
        return what, _("Did you mean “%(close)s”?") % {"close": close[0]}
    return what, _("Remove the column, or use one of: %(names)s.") % {"names": ", ".join(names)}


def _read_row(
    sheet: Sheet, table: Table, columns: list[Column], number: int, values: list[Any], reading: Reading
) -> None:
    before = reading.count
    if any(value not in (None, "") for value in values[len(columns) :]):
        what, remedy = _("This row has more cells than there are headings."), _("Check its separators.")
        reading.add(Problem(sheet.file, what, remedy, number))
        return
    cells = [*values[: len(columns)], *[None] * (len(columns) - len(values))]
    read = {}
    for column, value in zip(columns, cells, strict=True):
        try:
            read[column.name] = _read_cell(column, value)
        except CellRefused as refusal:
            reading.add(Problem(sheet.file, refusal.what, refusal.remedy, number, column.name))
    if reading.count == before:
        reading.rows.append(Row(sheet.file, number, table, read))


def _read_cell(column: Column, value: Any) -> Any:
    cell = clean(value)
    if cell:
        return column.read(cell)
    if column.required:
        raise CellRefused(_("This cell is empty."), _("Fill it."))
    return column.empty


def _refuse_twice(reading: Reading) -> None:
    seen: dict[tuple, Row] = {}
    for row in reading.rows:
        key = (row.table.name, *row.key)
        if key in seen:
            what = _("“%(key)s” is already at row %(row)s of %(file)s.") % {
                "key": row.values["code"],
                "row": seen[key].number,
                "file": seen[key].file,
            }
            reading.add(row.problem("code", what, _("Keep one of the two rows.")))
        seen.setdefault(key, row)
