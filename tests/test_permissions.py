"""Every address, for every role, with its object present, absent, and another place's."""

from collections.abc import Iterator
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
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        for module in MODULES:
            getattr(module, "build", lambda world: None)(world)
        yield world
        transaction.set_rollback(True)


def _answers(row: Row, world: World, kwargs: dict | None) -> dict[str, int]:
    answers = {}
    for role in ROLES:
        with transaction.atomic():
            answers[role] = row.send(world, role, kwargs)
            transaction.set_rollback(True)
    return answers


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name}{row.query}")
def test_each_role_gets_its_answer(row: Row, world: World) -> None:
    kwargs = row.kwargs(world) if row.kwargs else None
    assert _answers(row, world, kwargs) == {role: row.expected(role) for role in ROLES}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.kwargs and row.absent], ids=lambda row: f"{row.method} {row.name}"
)
def test_what_does_not_exist_tells_nothing(row: Row, world: World) -> None:
    assert _answers(row, world, row.absent_of(world)) == {role: row.expected_absent(role) for role in ROLES}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.elsewhere_kwargs], ids=lambda row: f"{row.method} {row.name}"
)
def test_what_belongs_elsewhere_is_hidden(row: Row, world: World) -> None:
    answers = _answers(row, world, row.elsewhere_kwargs(world))
    assert answers == {role: row.expected_elsewhere(role) for role in ROLES}


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
