"""`maristan patients`: people in number."""

import time

import click
from django.utils import timezone

from maristan.core.territory.models import Division
from maristan.records.patients.services import invent_people


@click.group(name="patients")
def command() -> None:
    """People of the territory."""


@command.command()
@click.argument("number", type=click.IntRange(1, 5_000_000))
@click.option("--seed", default=25, show_default=True, help="Another seed gives other people.")
def invent(number: int, seed: int) -> None:
    """Add NUMBER invented people, for demos and benchmarks. They cannot be taken back."""
    started = time.perf_counter()
    communes = list(Division.objects.filter(level="commune", population__gt=0, valid_until=None))
    invent_people(number, seed=seed, communes=communes, today=timezone.localdate())
    click.echo(f"{number} invented people in {time.perf_counter() - started:.1f} s")
