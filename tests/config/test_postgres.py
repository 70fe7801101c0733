"""The embedded database starts, says why it cannot, and never outlives the process that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from maristan.config.postgres import Engine, EngineError, check_room

PASSWORDS = {"postgres": "p", "database_owner": "o", "database_service": "s"}


@pytest.fixture
def scratch(tmp_path):
    tmp_path.chmod(0o755)
    engine = Engine(tmp_path / "data", PASSWORDS)
    yield engine
    engine.remove()


def test_it_stores_what_was_committed_through_a_crash(scratch):
    scratch.start()
    with scratch.connect("maristan_owner", "maristan") as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('يوسف')")
    scratch.stop(how="immediate")
    scratch.start()
    with scratch.connect("maristan_owner", "maristan") as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("يوسف",)]
        assert len(connection.execute("SELECT show_trgm('يوسف')").fetchone()[0]) > 1


def test_the_service_may_not_create_a_table(scratch):
    scratch.start()
    with (
        scratch.connect("maristan_service", "maristan") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (word text)")


def test_a_broken_data_folder_names_the_remedy(scratch):
    scratch.start()
    scratch.stop()
    (scratch.home / "global" / "pg_control").write_bytes(b"broken")
    with pytest.raises(EngineError, match=r"(?s)did not start.*restore the last backup.*mv "):
        scratch.start()


def test_settings_that_could_lose_an_entry_are_refused(scratch, monkeypatch):
    monkeypatch.setenv("MARISTAN_POSTGRES_SETTINGS", '{"fsync": "off"}')
    with pytest.raises(EngineError, match="fsync = off: an acknowledged entry could be lost"):
        scratch.start()


def test_a_full_disk_is_told_with_what_is_needed(tmp_path):
    with pytest.raises(EngineError, match=r"MB left; 999999999 MB are needed.*MARISTAN_DATA"):
        check_room(tmp_path, megabytes=999_999_999)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineError, match="cannot be made"):
        check_room(tmp_path / "file" / "data")


def test_killing_the_starter_stops_the_database(tmp_path):
    tmp_path.chmod(0o755)
    code = (
        "import pathlib, sys, time; from maristan.config.postgres import Engine;"
        "Engine(pathlib.Path(sys.argv[1]), dict(postgres='p', database_owner='o', database_service='s')).start();"
        "print('up', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    starter = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "src"})
    assert starter.stdout.readline() == b"up\n"
    engine = Engine(tmp_path / "data", PASSWORDS)
    assert engine.is_running()
    pid = int((engine.home / "postmaster.pid").read_text().splitlines()[0])
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    for _attempt in range(300):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()
    engine.remove()
