"""Tables side by side: what we do, the alternative, and the ratio between them."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; the first column is words, the others figures."""
    table = Table(title=title, title_justify="left")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left")
    for row in rows:
        table.add_row(*(_words(cell) for cell in row))
    Console(width=110).print(table)


def _words(cell: object) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
