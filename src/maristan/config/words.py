"""Commands for who builds Maristan: front-end files and catalogues."""

import click

from maristan.config import frontend
from maristan.config import messages as catalogues
from maristan.config.cli import prepare_django


@click.command()
def front() -> None:
    """Fetch the front-end files from the locked npm packages into build/vendor."""
    frontend.install_packages()
    frontend.gather_vendor_files()


@click.group()
def messages() -> None:
    """The words of the screens: bring catalogues up to date, or compile them."""


@messages.command()
@click.argument("areas", nargs=-1)
def update(areas: tuple[str, ...]) -> None:
    """Collect the strings of AREAS (all by default) into their .po files."""
    prepare_django()
    for area in catalogues.areas():
        if not areas or area.name in areas:
            catalogues.update_catalogues(area)


@messages.command(name="compile")
def compile_() -> None:
    """Compile every .po file to the .mo file that Django reads."""
    click.echo(f"{catalogues.compile_catalogues()} catalogues compiled")
