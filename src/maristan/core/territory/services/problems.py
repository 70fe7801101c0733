"""What is wrong with a file that someone wants to load, said so that they can mend it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


class CellRefused(Exception):
    """A cell cannot be understood: what is wrong, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


class FileRefused(Exception):
    """A whole file cannot be read: what is wrong, where if known, and what to do."""

    def __init__(self, what: str, remedy: str, *, row: int | None = None) -> None:
        super().__init__(what)
        self.what, self.remedy, self.row = what, remedy, row


@dataclass(frozen=True)
class Problem:
    """One thing to mend: in which file, at which row and column, what is wrong, and what to do about it."""

    file: str
    what: str
    remedy: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.remedy}"

    @property
    def place(self) -> str:
        """Where it is, in words: file, row, column."""
        if self.row and self.column:
            return _("%(file)s, row %(row)s, column %(column)s") % vars(self)
        return _("%(file)s, row %(row)s") % vars(self) if self.row else self.file


class LoadRefused(Exception):
    """Nothing was loaded; `problems` says why, in the order of the files (the first thousand of `count`)."""

    def __init__(self, problems: list[Problem], *, count: int | None = None) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = problems
        self.count = count or len(problems)
