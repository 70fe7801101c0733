"""`maristan audit`: prove the access register, seal it, take it out."""

import datetime
import sys
from typing import TextIO

import click
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from maristan.core.audit import queries
from maristan.core.audit.services import find_faults, record_event, seal_block
from maristan.core.audit.services.checkpoints import last_checkpoint
from maristan.core.audit.services.export import FORMATS
from maristan.core.audit.services.verification import count_sealed

SHOWN_FAULTS = 20
console = Console(stderr=True)


@click.group(name="audit")
def command() -> None:
    """The access register: verify it, seal it, export it, note its mark on paper."""


@command.command()
def verify() -> None:
    """Walk the whole chain and name the first line that is not as it was sealed. Exit code 1 if there is one."""
    columns = (TextColumn("Verifying"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    total = count_sealed()
    faults = []
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)
        for fault in find_faults(lambda lines: progress.advance(task, lines)):
            faults.append(fault)
            if len(faults) == SHOWN_FAULTS:
                break
    if not faults:
        click.echo(f"The register is whole: {total} sealed lines, {_mark_words()}.")
        return
    click.secho(f"FIRST FAULT: {faults[0].kind}", fg="red", bold=True)
    for fault in faults:
        when = f"{timezone.localtime(fault.at):%d/%m/%Y %H:%M:%S}" if fault.at else "-"
        click.echo(f"{when}  {fault.kind:<14} {fault.words}")
    click.echo("More may follow." if len(faults) == SHOWN_FAULTS else "Nothing else is wrong.")
    sys.exit(1)


@command.command()
def seal() -> None:
    """Seal now the lines that no block covers yet; the worker does it every second."""
    blocks = lines = 0
    while block := seal_block():
        blocks, lines = blocks + 1, lines + block.count
    click.echo(f"{lines} lines sealed in {blocks} blocks.")


@command.command()
def checkpoint() -> None:
    """Print the newest mark, to be noted on paper: a later chain must still hold it."""
    mark = last_checkpoint()
    if mark is None:
        click.echo("No block was sealed yet.", err=True)
        sys.exit(1)
    click.echo(f"Block {mark.number}, {mark.total} lines, {timezone.localtime(mark.at):%d/%m/%Y %H:%M:%S}")
    click.echo(" ".join(mark.hash[start : start + 8] for start in range(0, 64, 8)))
    click.echo(f"Key {mark.key}{'' if mark.genuine else ' (NOT GENUINE: run maristan audit verify)'}")


@command.command()
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day, included.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="fhir", show_default=True)
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-", help="A file; the screen by default.")
def export(start: datetime.datetime, end: datetime.datetime, form: str, output: TextIO) -> None:
    """Write the lines of a period as FHIR R4 AuditEvent (one JSON object a line) or CSV; the export is audited."""
    lines = queries.lines_of_period(start.date(), end.date())
    count = lines.count()
    detail = {"from": f"{start:%Y-%m-%d}", "to": f"{end:%Y-%m-%d}", "format": form, "lines": count}
    record_event("audit.export", entity="AuditLine", purpose="HOPERAT", detail=detail)
    with Progress(console=console) as progress:
        for part in progress.track(FORMATS[form][0](lines[:count].iterator()), total=count, description="Exporting"):
            output.write(part)


def _mark_words() -> str:
    mark = last_checkpoint()
    return f"last mark at block {mark.number}" if mark else "no mark yet"
