"""`maristan territory`: load places from files, or those that the product ships."""

import sys
from pathlib import Path

import click
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from maristan.core.territory.services import LoadRefused, check_files, load_divisions, load_files, load_wilaya
from maristan.core.territory.services.planning import Plan
from maristan.core.territory.services.problems import Problem

SHOWN = 50
console = Console(stderr=True)


@click.group(name="territory")
def command() -> None:
    """The places of the territory: divisions, establishments and their services."""


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wilaya", "wilayas", multiple=True, help="Load the shipped establishments of this wilaya (its code).")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--language", type=click.Choice([code for code, _name in settings.LANGUAGES]), help="Of the messages.")
def load(files: tuple[Path, ...], wilayas: tuple[str, ...], dry_run: bool, language: str | None) -> None:
    """Load FILE… (CSV, JSON, Excel): every row or none. The first row holds the headings.

    Establishments: code, kind, name_fr and, as known, name_ar, wilaya, commune, managed_by, latitude, longitude,
    telephone, hours… Services: establishment, code, name_fr. Divisions: level, code, name_fr, parent.
    A column that is absent changes nothing; an empty cell empties. Exit code 1: the data is refused, nothing changed.
    """
    if not files and not wilayas:
        raise click.UsageError("Give a file, or --wilaya CODE.")
    with translation.override(language or settings.LANGUAGE_CODE):
        try:
            plans = [_load_shipped(code, dry_run=dry_run) for code in wilayas]
            if files:
                plans.append(_load_given(files, dry_run=dry_run))
        except LoadRefused as refusal:
            _show_problems(refusal.problems, refusal.count)
            sys.exit(1)
        for plan in plans:
            _show_counts(plan, dry_run=dry_run)


def _load_given(files: tuple[Path, ...], *, dry_run: bool) -> Plan:
    contents = [(file.name, file.read_bytes()) for file in files]
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(_("Rows"), total=None)

        def show(rows: int) -> None:
            progress.update(task, completed=rows)

        if not dry_run:
            return load_files(contents, by=None, progress=show)
        plan = check_files(contents, progress=show)
    if plan.problems:
        raise LoadRefused(plan.problems, count=plan.reading.count)
    return plan


def _load_shipped(code: str, *, dry_run: bool) -> Plan:
    """A wilaya's code may be written without its leading zero."""
    load_divisions()
    return load_wilaya(code.zfill(2), by=None, dry_run=dry_run)


def _show_problems(problems: list[Problem], count: int) -> None:
    for problem in problems[:SHOWN]:
        click.echo(str(problem), err=True)
    if count > SHOWN:
        click.echo(_("… and %(count)s more.") % {"count": count - SHOWN}, err=True)
    click.secho(_("Nothing was loaded."), err=True, fg="red")


def _show_counts(plan: Plan, *, dry_run: bool) -> None:
    table = Table("", _("new"), _("changed"), _("the same"))
    for name, counts in plan.counts().items():
        table.add_row(name, *(str(counts[kind]) for kind in ("new", "changed", "same")))
    Console().print(table)
    click.echo(_("This was a trial: nothing was changed.") if dry_run else _("Loaded."))
