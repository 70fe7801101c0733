"""A database of its own for what must really commit, or be attacked by its owner."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connections

from maristan.config.database import grant_service


@pytest.fixture
def ledger(engine, django_db_setup, django_db_blocker, settings, tmp_path) -> Iterator[str]:
    """A copy of the migrated database, committed to for real; gives its name. `default` and `owner` point at it."""
    settings.CHECKPOINTS_FILE = tmp_path / "checkpoints.jsonl"
    settings.SEAL_KEY_FILE = tmp_path / "audit" / "seal.key"
    name = f"ledger_{uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
        connections.close_all()
        engine.create_database(name, template=before["default"])
        for alias in before:
            connections[alias].settings_dict["NAME"] = name
        grant_service()
        yield name
        connections.close_all()
        for alias, old in before.items():
            connections[alias].settings_dict["NAME"] = old
        with engine.connect() as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
