"""A real PostgreSQL for every run, with the two roles of production: the service owns nothing here either."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_scratch = Path(tempfile.mkdtemp(prefix="maristan-test-"))
_scratch.chmod(0o755)
os.environ["MARISTAN_DATA"] = str(_scratch)
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ.setdefault("MARISTAN_STATIC_STORAGE", PLAIN_STATIC)

import dj_database_url  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.conf import settings as loaded  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import translation  # noqa: E402

from maristan.config import runtime  # noqa: E402
from maristan.config.database import migrate  # noqa: E402
from maristan.config.postgres import Engine, local_engine  # noqa: E402

loaded.STORAGES["staticfiles"]["BACKEND"] = PLAIN_STATIC  # pytest-django has read the settings before this file
(runtime.ROOT / "build" / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is absent


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One embedded cluster for the run (each parallel worker has its own)."""
    engine = local_engine(_scratch)
    engine.start()
    yield engine
    engine.remove()
    shutil.rmtree(_scratch, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(engine: Engine, django_db_blocker) -> None:
    """Migrate as the owner, then let every test connect as the service does."""
    for alias, role in (("owner", "maristan_owner"), ("default", "maristan_service")):
        connections[alias].settings_dict.update(dj_database_url.parse(engine.url(role)))
    with django_db_blocker.unblock():
        migrate()
        connections["owner"].close()


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    """`client.force_login` opens a session without one; the tests of sign-in set it as production does."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """Each test begins in the language of the installation, whatever the one before it spoke."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
