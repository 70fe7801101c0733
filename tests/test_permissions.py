"""Every address, for every role, with its object present, absent, and another place's."""

import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from maristan.core.accounts.enums import DEFAULT_ROLES
from tests.permission_table import Row, World, build_world

HERE = Path(__file__).parent
MODULES = [
    import_module(".".join(("tests", *path.relative_to(HERE).with_suffix("").parts)))
    for path in sorted(HERE.glob("*/*/permissions.py"))
]
ROWS = [row for module in MODULES for row in module.ROWS]
ROLES = [*DEFAULT_ROLES, "anonymous"]

# Addresses of others that need no row: they show nothing about anyone.
WITHOUT_ROW = {"set_language", "health"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    """One world for all rows, built in a transaction that is never committed."""
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a refusal is what is wanted here
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        for module in MODULES:
            getattr(module, "build", lambda world: None)(world)
        yield world
        transaction.set_rollback(True)
    logging.getLogger("django.request").setLevel(logging.NOTSET)


def _differences(row: Row, world: World, kwargs: dict | None, expected: Callable[[str], int]) -> dict[str, str]:
    """The roles that get another answer than the row says."""
    found = {}
    for role in ROLES:
        with transaction.atomic():
            answer = row.send(world, role, kwargs)
            transaction.set_rollback(True)
        if answer != expected(role):
            found[role] = f"{answer}, not {expected(role)}"
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}{row.query}")
def test_each_role_gets_its_answer(row: Row, world: World) -> None:
    kwargs = row.kwargs(world) if row.kwargs else None
    assert _differences(row, world, kwargs, row.expected) == {}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.kwargs and row.absent], ids=lambda row: f"{row.method} {row.name}"
)
def test_what_does_not_exist_tells_nothing(row: Row, world: World) -> None:
    assert _differences(row, world, row.absent_of(world), row.expected_absent) == {}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.elsewhere_kwargs], ids=lambda row: f"{row.method} {row.name}"
)
def test_what_belongs_elsewhere_is_hidden(row: Row, world: World) -> None:
    assert _differences(row, world, row.elsewhere_kwargs(world), row.expected_elsewhere) == {}


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _patterns(entry, inner)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry


PATTERNS = dict(_patterns(get_resolver()))


def test_every_address_has_a_row() -> None:
    assert sorted(set(PATTERNS) - {row.name for row in ROWS} - WITHOUT_ROW) == []


def test_every_row_names_an_address() -> None:
    assert sorted({row.name for row in ROWS} - set(PATTERNS)) == []


def test_every_view_has_a_rule() -> None:
    open_to_all = settings.PUBLIC_VIEWS | settings.SIGNED_IN_VIEWS
    without = [
        name
        for name, entry in PATTERNS.items()
        if not hasattr(entry.callback, "access_rule") and name not in open_to_all
    ]
    assert without == []
