"""A scratch embedded cluster with production's settings, removed at the end. It refuses to measure what may be lost."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maristan.config.postgres import DURABLE, Engine, local_engine

SHOWN = (*DURABLE, "server_version", "shared_buffers", "wal_sync_method")


@contextmanager
def scratch_cluster(*, demo: bool = False) -> Iterator[Engine]:
    """A migrated database, Django ready on it as the service; with `demo`, filled with the demo territory."""
    folder = Path(tempfile.mkdtemp(prefix="maristan-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    os.environ.update({"MARISTAN_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "maristan.config.settings"})
    if demo:
        os.environ["MARISTAN_DEMO"] = "1"
    engine = local_engine(folder)
    try:
        engine.start()
        _show_settings(engine)
        os.environ["DATABASE_URL"] = engine.url("maristan_service")
        os.environ["DATABASE_OWNER_URL"] = engine.url("maristan_owner")
        _prepare(demo)
        yield engine
    finally:
        _close()
        engine.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _show_settings(engine: Engine) -> None:
    with engine.connect() as connection:
        found = {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in SHOWN}
    print(", ".join(f"{name} {value}" for name, value in found.items()))
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f} before the run\n")
    unsafe = [name for name, value in DURABLE.items() if found[name] != value]
    if unsafe:
        sys.exit(f"Refused: {', '.join(unsafe)} off would measure writes that a power cut loses.")


def _prepare(demo: bool) -> None:
    import django
    from django.utils import timezone

    django.setup()
    from maristan.config.database import migrate
    from maristan.config.demo import demo_areas, load_area

    migrate()
    for area in demo_areas() if demo else ():
        load_area(area, today=timezone.localdate())


def _close() -> None:
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        connections.close_all()
