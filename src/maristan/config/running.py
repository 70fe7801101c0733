"""Commands that run an installation: demo, serve, worker, migrate, check."""

import datetime
import os
import signal
import sys
import threading
import time
from pathlib import Path

import click
from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from maristan.config import demo as demo_data
from maristan.config import processes
from maristan.config.cli import prepare_django
from maristan.config.postgres import local_engine

console = Console(stderr=True)


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where the pages are served, on this machine only.")
@click.option("--fresh", is_flag=True, help="Forget the demo's data and begin again.")
def demo(port: int, fresh: bool) -> None:
    """Open the demo: the wilaya of Constantine with invented people, on this machine, until Ctrl-C.

    The first start creates a database and fills it; later starts take a few seconds. Nothing leaves the machine.
    """
    os.environ["MARISTAN_DEMO"] = "1"
    os.environ["PUBLIC_URL"] = f"http://localhost:{port}"
    os.environ["LIVE_URL"] = f"http://localhost:{port + 1}/events/"
    folder = processes.data_folder()
    with processes.only_one(folder):
        processes.check_port(port)
        processes.check_port(port + 1)
        if fresh and not os.environ.get("DATABASE_URL"):
            local_engine().remove()
        with processes.database():
            prepare_django()
            _fill_demo()
            _run_until_stopped(port, folder)


def _fill_demo() -> None:
    from maristan.config.database import migrate as bring_up_to_date  # startup: Django is ready only now

    today = datetime.datetime.now(tz=datetime.UTC).date()
    with _progress() as progress:
        task = progress.add_task("Tables", total=2 + len(demo_data.demo_areas()))
        bring_up_to_date()
        progress.advance(task)
        for area in demo_data.demo_areas():
            progress.update(task, description=f"Demo: {area.rsplit('.')[-1]}")
            demo_data.load_area(area, today=today)
            progress.advance(task)
        progress.update(task, description="Static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        progress.advance(task)
        progress.update(task, description="Ready")


def _run_until_stopped(port: int, folder: Path) -> None:
    url = f"http://localhost:{port}"
    running = processes.Processes()
    try:
        running.start("web", processes.web_command(port))
        running.start("live", processes.live_command(port + 1))
        running.start("worker", processes.worker_command())
        processes.wait_until_it_answers(f"http://127.0.0.1:{port}", running.children["web"])
        processes.note_address(folder, url)
        click.echo(f"\nMaristan is open: {url}")
        _show_accounts()
        click.echo("\nStop it with Ctrl-C.")
        ended = running.watch()
    finally:
        running.stop()
    if ended:
        raise processes.StartError(f"The {ended} process ended by itself; its reason stands above.")


def _show_accounts() -> None:
    from maristan.core.accounts.demo import ACCOUNTS, PASSWORD  # startup: Django is ready only now

    click.echo(f"Demo accounts (one click each on the sign-in page; password {PASSWORD}):")
    click.echo("  " + ", ".join(account.username for account in ACCOUNTS))


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that answer; one per core is a good start.")
@click.option("--certificate", type=click.Path(exists=True), default="", help="TLS certificate (PEM).")
@click.option("--key", type=click.Path(exists=True), default="", help="Private key of the certificate (PEM).")
@click.option("--live-port", default=8001, show_default=True, help="Where live events are served (LIVE_URL tells it).")
def serve(port: int, workers: int, certificate: str, key: str, live_port: int) -> None:
    """Serve the pages and live events of this installation (the worker runs apart: `maristan worker`)."""
    if bool(certificate) != bool(key):
        raise click.UsageError("A certificate goes with its key: give both --certificate and --key.")
    processes.check_port(port)
    with processes.database():
        prepare_django()
        _refuse_unsafe()
        call_command("collectstatic", interactive=False, verbosity=0)
        running = processes.Processes()
        try:
            running.start("web", processes.web_command(port, workers=workers, certificate=certificate, key=key))
            running.start("live", processes.live_command(live_port, certificate=certificate, key=key))
            click.echo(f"Maristan is served on port {port}. Stop it with Ctrl-C.")
            ended = running.watch()
        finally:
            running.stop()
        sys.exit(1 if ended else 0)


@click.command()
def worker() -> None:
    """Run the jobs: seals the audit journal and ends what has a limit, every second; then queued jobs."""
    with processes.database():
        prepare_django()
        _refuse_unsafe()
        from maristan.config.jobs import run_jobs  # startup: Django is ready only now

        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: stop.set())
        run_jobs(stop)


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date, as its owner (DATABASE_OWNER_URL)."""
    with processes.database():
        prepare_django()
        from maristan.config.database import migrate as bring_up_to_date  # startup: Django is ready only now

        started = time.monotonic()
        bring_up_to_date(verbosity=1)
        click.echo(f"The schema is up to date ({time.monotonic() - started:.1f} s).")


@click.group(invoke_without_command=True)
@click.pass_context
def check(context: click.Context) -> None:
    """Look at this installation: code, durability of the database, rights of its roles. Exit code 1 if unsafe."""
    if context.invoked_subcommand:
        return
    with processes.database():
        prepare_django()
        call_command("check")
        _refuse_unsafe()
        click.echo("Safe: durable settings are on, and the service owns nothing.")


def _refuse_unsafe() -> None:
    from maristan.config import health  # startup: Django is ready only now

    if unsafe := health.unsafe_settings():
        raise processes.StartError(
            f"The database could lose acknowledged entries: {', '.join(unsafe)}. Set them to on in postgresql.conf."
        )
    if rights := health.excessive_rights():
        raise processes.StartError(
            f"The service connects as a role that {', '.join(rights[:5])}. DATABASE_URL must name the service role and "
            "DATABASE_OWNER_URL the owner: see docs/operate."
        )
