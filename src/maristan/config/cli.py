"""The one command line, `maristan`. Areas add theirs from `commands.py`, a click group or command named `command`."""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import click

from maristan.config import processes
from maristan.config.postgres import EngineError, local_engine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
OWN = {
    "check": "running",
    "demo": "running",
    "front": "words",
    "messages": "words",
    "migrate": "running",
    "serve": "running",
    "worker": "running",
}


class Commands(click.Group):
    """Finds commands when they are asked for: those of `config`, then those that areas bring."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*OWN, *_area_commands()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name in OWN:
            own = getattr(import_module(f"maristan.config.{OWN[name]}"), name)
            return _with_checks(own) if name == "check" else own
        return _area_commands().get(name)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (EngineError, processes.StartError) as error:
            click.secho(str(error), err=True, fg="red")
            sys.exit(1)


def prepare_django() -> None:
    """Load Django against the database of this installation, running or not yet."""
    import django  # startup: the settings read the address of the database

    if not os.environ.get("DATABASE_URL"):
        engine = local_engine()
        os.environ["DATABASE_URL"] = engine.url("maristan_service")
        os.environ["DATABASE_OWNER_URL"] = engine.url("maristan_owner")
        os.environ["MARISTAN_EMBEDDED"] = "1"
    django.setup()


def _area_commands() -> dict[str, click.Command]:
    found = {}
    for module in _command_modules():
        for command in getattr(module, "commands", ()) or (module.command,):
            command.invoke = _with_database(command.invoke)
            found[command.name] = command
    return found


def _with_checks(group: click.Group) -> click.Group:
    """`maristan check` itself, and what areas can prove about their own data (`checks`)."""
    for module in _command_modules():
        for command in getattr(module, "checks", ()):
            command.invoke = _with_database(command.invoke)
            group.add_command(command)
    return group


def _command_modules() -> list[ModuleType]:
    prepare_django()
    from django.conf import settings  # startup: ready only now

    return [import_module(f"{area}.commands") for area in settings.AREAS if find_spec(f"{area}.commands")]


def _with_database(invoke: Callable) -> Callable:
    def started(context: click.Context) -> Any:
        if {"-h", "--help"} & set(sys.argv):
            return invoke(context)
        with processes.database():
            return invoke(context)

    return started


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maristan")
def main() -> None:
    """Maristan, the health information system of a territory.

    `maristan demo` opens an invented territory; `maristan serve` and `maristan worker` run a real one.
    Each command explains itself: `maristan COMMAND --help`.
    """
