"""The one command line, `maristan`. Areas add theirs from `commands.py`, a click group or command named `command`."""

import os
from importlib import import_module
from importlib.util import find_spec

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")


class Areas(click.Group):
    """Finds the commands of areas when they are asked for, so that `--help` needs no database."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), *_area_commands()])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        return super().get_command(context, name) or _area_commands().get(name)


def _area_commands() -> dict[str, click.Command]:
    import django  # startup: settings read secrets and folders, `maristan --version` should not

    django.setup()
    from django.conf import settings  # startup: as above

    found = {}
    for area in settings.AREAS:
        if find_spec(f"{area}.commands"):
            command = import_module(f"{area}.commands").command
            found[command.name] = command
    return found


@click.group(cls=Areas, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="maristan")
def main() -> None:
    """Maristan, the health information system of a territory."""


@main.command()
def front() -> None:
    """Fetch the front-end files from the locked npm packages into build/vendor."""
    from maristan.config import frontend  # startup: needs the Node wheel

    if not (frontend.ROOT / "node_modules" / ".package-lock.json").exists():
        frontend.install_packages()
    frontend.gather_vendor_files()


@main.group()
def messages() -> None:
    """The words of the screens: bring catalogues up to date, or compile them."""


@messages.command()
@click.argument("areas", nargs=-1)
def update(areas: tuple[str, ...]) -> None:
    """Collect the strings of AREAS (all by default) into their .po files."""
    import django  # startup: as above

    from maristan.config import messages as catalogues  # startup: needs Django's template code

    django.setup()
    for area in catalogues.areas():
        if not areas or area.name in areas:
            catalogues.update_catalogues(area)


@messages.command(name="compile")
def compile_() -> None:
    """Compile every .po file to the .mo file that Django reads."""
    from maristan.config import messages as catalogues  # startup: needs Django's template code

    click.echo(f"{catalogues.compile_catalogues()} catalogues compiled")
