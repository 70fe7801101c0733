"""A GET changes nothing but the tables named here: reading a page twice, or a robot following links, does no harm.

PostgreSQL itself counts the rows each page inserts, updates or deletes, whatever wrote them.
"""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from maristan.core.accounts.enums import DEFAULT_ROLES
from tests.permission_table import Row, World, build_world
from tests.test_permissions import MODULES, ROWS

MAY_CHANGE = {
    "audit_auditline": "who looked at what",
    "django_session": "when a session was last used",
    "patients_searchrate": "how many searches a person made this minute",
}
GETS = [row for row in ROWS if row.method == "get"]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        for module in MODULES:
            getattr(module, "build", lambda world: None)(world)
        yield world
        transaction.set_rollback(True)


def rows_changed() -> dict[str, int]:
    """Rows changed so far by this transaction, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def changed_by(visit) -> set[str]:
    """Tables in which `visit` changes a row."""
    with transaction.atomic():
        before = rows_changed()
        visit()
        after = rows_changed()
        transaction.set_rollback(True)
    return {table for table, count in after.items() if count != before.get(table, 0)}


def test_the_counter_sees_a_row_written_by_any_means(world):
    user = world.users["nurse"]
    assert changed_by(lambda: user.save(update_fields=["telephone"])) == {"accounts_user"}


@pytest.mark.parametrize("row", GETS, ids=lambda row: f"{row.name}{row.query}")
def test_reading_a_page_changes_nothing_else(row: Row, world: World):
    url = row.url(row.kwargs(world) if row.kwargs else None)
    changed = {}
    for role in (*DEFAULT_ROLES, "anonymous"):
        tables = changed_by(lambda role=role: _read(world, role, url, row))
        changed[role] = sorted(tables - MAY_CHANGE.keys())
    assert {role: tables for role, tables in changed.items() if tables} == {}


def _read(world: World, role: str, url: str, row: Row) -> None:
    data = row.data(world) if callable(row.data) else row.data
    response = world.clients[role].get(url, data)
    if response.streaming:
        b"".join(response.streaming_content)
