"""`maristan import bundle`, `maristan import definitions`, `maristan record export`, `maristan check versions`."""

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import click
import django
from django.db import InterfaceError, OperationalError, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from maristan.records.fhir.services import COMMAND, Store
from maristan.records.fhir.services.bodies import dump
from maristan.records.fhir.services.definitions import compile_definitions, compiled_path
from maristan.records.fhir.services.imports import (
    Imported,
    brings_patient,
    causes,
    find_files,
    import_file,
    import_files,
)
from maristan.records.fhir.services.versions import check_versions
from maristan.records.patients.models import Person

console = Console(stderr=True)


@click.group(name="import")
def command() -> None:
    """Bring records in from files."""


@command.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--jobs", default=1, show_default=True, help="How many files at once.")
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--journal", type=click.Path(dir_okay=False, path_type=Path), help="Append what is stored to this file.")
def bundle(paths: tuple[Path, ...], jobs: int, dry_run: bool, journal: Path | None) -> None:
    """Import FHIR R4 transaction bundles: files, or folders of *.json.

    Each file is stored whole or not at all. It may be stopped at any moment, even by a crash, and started again: what
    is in is left alone. Exit code 1 when a file is refused.
    """
    files = find_files(paths)
    if not files:
        raise click.UsageError("There is no *.json file in these folders.")
    started = time.monotonic()
    try:
        results = _run(files, jobs=jobs, dry_run=dry_run, journal=journal)
    except (BrokenProcessPool, OperationalError, InterfaceError) as error:
        console.print(f"Stopped: {str(error).splitlines()[0]}")
        console.print("Every bundle that was finished is stored whole. Run the same command again to go on.")
        sys.exit(1)
    _report(results, time.monotonic() - started, dry_run=dry_run)
    sys.exit(1 if any(one.state == "refused" for one in results) else 0)


@command.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def definitions(package: Path) -> None:
    """Compile HL7's package hl7.fhir.r4.core (.tgz) into data/fhir, which the product ships."""
    counts = compile_definitions(package)
    click.echo(f"{compiled_path()}: " + ", ".join(f"{number} {words}" for words, number in counts.items()))


@click.group()
def record() -> None:
    """The record of one person."""


@record.command()
@click.argument("person_id", type=click.UUID)
def export(person_id: object) -> None:
    """Write the whole record of PERSON_ID to standard output, as a FHIR bundle. It is written in the audit."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise click.ClickException(f"Nobody is registered under {person_id}.")
    sys.stdout.buffer.write(dump(Store(by=COMMAND, purpose="HOPERAT").export(person)) + b"\n")


@click.command()
def versions() -> None:
    """Prove that no version of a record was altered, removed or reordered. Exit code 1 names the first broken one."""
    found = check_versions()
    for fault in found.faults[:20]:
        click.secho(fault, fg="red", err=True)
    click.echo(
        f"{found.versions} versions of {found.resources} resources, {found.lines} audit lines compared: ", nl=False
    )
    click.echo(f"{len(found.faults)} faults" if found.faults else "whole")
    sys.exit(1 if found.faults else 0)


commands = (command, record)
checks = (versions,)


def _run(files: list[Path], *, jobs: int, dry_run: bool, journal: Path | None) -> list[Imported]:
    results = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Bundles", total=len(files))
        for imported in _try(files) if dry_run else _import(files, jobs):
            if journal and imported.written and not dry_run:
                _acknowledge(journal, imported)
            imported.written = []
            results.append(imported)
            progress.advance(task)
    return results


def _try(files: list[Path]) -> Iterator[Imported]:
    """All in one transaction that is undone: later files see what earlier ones would have brought."""
    with transaction.atomic():
        yield from import_files(files)
        transaction.set_rollback(True)


def _import(files: list[Path], jobs: int) -> Iterator[Imported]:
    if jobs < 2:
        yield from import_files(files)
        return
    shared = [path for path in files if not brings_patient(path)]
    yield from import_files(shared)
    late = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=django.setup) as pool:
        for future in as_completed([pool.submit(import_file, path) for path in files if path not in set(shared)]):
            imported = future.result()
            if imported.may_come_later:
                late.append(imported.path)
            else:
                yield imported
    yield from import_files(sorted(late))


def _acknowledge(journal: Path, imported: Imported) -> None:
    """After the commit, before anybody is told: what this line names must never be lost."""
    with journal.open("a+b") as file:
        if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
            file.write(b"\n")  # a line cut by a crash acknowledges nothing
        for type_, id_, version, digest in imported.written:
            file.write(f"{type_}/{id_}/_history/{version} {digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _report(results: Iterable[Imported], seconds: float, *, dry_run: bool) -> None:
    states = Counter(one.state for one in results)
    counts: Counter[str] = Counter()
    for one in results:
        counts.update(one.counts)
    table = Table("files", "number", title="Dry run: nothing is kept" if dry_run else None)
    for state, words in (("done", "imported"), ("unchanged", "known already, nothing to do"), ("refused", "refused")):
        table.add_row(words, str(states[state]))
    console.print(table)
    written = counts["created"] + counts["updated"] + counts["deleted"]
    words = ", ".join(f"{number} {change}" for change, number in counts.items() if number) or "nothing changed"
    console.print(f"Resources: {words} in {seconds:.1f} s ({written / seconds:.0f} a second).")
    refusals = list(causes(results))
    if refusals:
        table = Table("cause and remedy", "number", "first example", title="Refused")
        for cause, number, example in refusals:
            table.add_row(cause, str(number), example)
        console.print(table)
