"""Live events: none lost, none doubled, none shown to who may not see it; whatever is killed or late."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time

import psycopg
import pytest

from maristan.config import processes, runtime
from tests.browser.conftest import environment

FILL = """
import django; django.setup()
from maristan.config.database import migrate
migrate()
"""
PEOPLE = """
import django, json; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from maristan.core.accounts.models import Post, Role, User
from maristan.core.accounts.services.sessions import stamp_session
from maristan.core.territory.models import Division, Establishment
from maristan.core.ui import clock
wilaya = Division.objects.create(level="wilaya", code="25", name_fr="Constantine")
here, there = (Establishment.objects.create(code=c, kind="eph", name_fr=c, wilaya=wilaya) for c in ("here", "there"))
keys = {}
people = (("nurse", "nurse", here), ("other", "nurse", there), ("hr", "hr", here), ("leaver", "nurse", here))
for name, role, place in people:
    user = User.objects.create_user(name, "a password of the tests")
    Post.objects.create(user=user, role=Role.objects.get(code=role), establishment=place, reason="test")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    stamp_session(session, clock.now())
    session.create()
    keys[name] = {"session": session.session_key, "id": str(user.pk)}
print(json.dumps({"people": keys, "here": here.pk}))
"""


class Live:
    """A live process on a database of its own, restartable."""

    def __init__(self, engine, database: str) -> None:
        self.engine, self.database = engine, database
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = environment(engine, database, self.port)
        self.world = json.loads(self.run(PEOPLE))
        self.child = None

    def run(self, code: str) -> str:
        return subprocess.check_output(
            [processes.sys.executable, "-c", code], env=self.environment, cwd=runtime.ROOT, text=True
        )

    def start(self) -> None:
        command = processes.live_command(self.port)
        self.child = subprocess.Popen(command, env=self.environment, cwd=runtime.ROOT, start_new_session=True)
        for _attempt in range(600):
            with contextlib.suppress(OSError, http.client.HTTPException):
                if _status(self, "", "0-0") == 403:
                    return
            time.sleep(0.05)
        raise AssertionError("the live process does not answer")

    def kill(self) -> None:
        if self.child:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
            self.child = None

    def connect(self) -> psycopg.Connection:
        url = self.engine.url("maristan_service", self.database).replace("postgres://", "postgresql://")
        return psycopg.connect(url)

    def publish(self, *numbers: int, connection=None, **audience) -> None:
        """Write events as the service does; in an open transaction of `connection` if given."""
        facts = {"right": "territory.view", "viewer": None, "place_kind": "", "place_id": None} | audience
        own = connection or self.connect()
        for number in numbers:
            own.execute(
                'INSERT INTO ui_liveevent (topic, fragment, "right", viewer, place_kind, place_id) '
                "VALUES ('numbers', %s, %s, %s, %s, %s)",
                [str(number), *facts.values()],
            )
        own.execute("SELECT pg_notify('maristan_live', '')")
        if connection is None:
            own.commit()
            own.close()


class Reader(threading.Thread):
    """A browser: keeps what it hears, comes back with the position it reached."""

    def __init__(self, live: Live, who: str, start: str) -> None:
        super().__init__(daemon=True)
        self.live, self.session, self.last = live, live.world["people"][who]["session"], start
        self.heard: list[int] = []
        self.status: int | None = None
        self.stopping = False

    def run(self) -> None:
        while not self.stopping:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self._read()
            time.sleep(0.05)

    def _read(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=30)
        try:
            headers = {"Cookie": f"sessionid={self.session}", "Last-Event-ID": self.last}
            connection.request("GET", "/events/", headers=headers)
            answer = connection.getresponse()
            self.status = answer.status
            position, number = "", None
            while not self.stopping and (
                line := answer.fp.readline() if answer.chunked is False else answer.readline()
            ):
                text = line.decode().rstrip("\n")
                if text.startswith("id: "):
                    position = text[4:]
                elif text.startswith("data: "):
                    number = int(text[6:])
                elif not text and position:
                    self.last = position
                    if number is not None:
                        self.heard.append(number)
                    position, number = "", None
        finally:
            connection.close()

    def wait_for(self, count: int, seconds: float = 30) -> list[int]:
        deadline = time.monotonic() + seconds
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.heard


@pytest.fixture(scope="module")
def world(engine) -> Live:
    """A database with three people, and their open sessions."""
    engine.create_database("live")
    subprocess.run(
        [processes.sys.executable, "-c", FILL], env=environment(engine, "live"), cwd=runtime.ROOT, check=True
    )
    return Live(engine, "live")


@pytest.fixture
def live(world):
    world.start()
    yield world
    world.kill()


@pytest.fixture
def read(live):
    readers = []
    with live.connect() as connection:
        start = connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text || '-0'").fetchone()[0]

    def begin(who: str = "nurse") -> Reader:
        reader = Reader(live, who, start)
        reader.start()
        readers.append(reader)
        return reader

    yield begin
    for reader in readers:
        reader.stopping = True
    live.kill()  # what waits for the next event wakes up
    for reader in readers:
        reader.join()


def test_a_lower_position_held_open_while_a_higher_commits_is_not_lost(live, read):
    reader = read()
    with live.connect() as slow:
        live.publish(1, connection=slow)  # takes its number and its transaction first, commits last
        live.publish(2, 3)
        time.sleep(2)
        assert reader.heard == []
        slow.commit()
    assert reader.wait_for(3) == [1, 2, 3]
    live.publish(4)
    assert reader.wait_for(4) == [1, 2, 3, 4]


def test_two_hundred_listeners_hear_each_event_once_in_order(live, read):
    readers = [read() for _number in range(200)]
    for number in range(20):
        live.publish(number)
    assert [reader.wait_for(20, 60) for reader in readers] == [list(range(20))] * 200


def test_a_killed_process_loses_and_doubles_nothing(live, read):
    reader = read()
    live.publish(1, 2)
    reader.wait_for(2)
    live.kill()
    live.publish(3, 4)
    live.start()
    live.publish(5)
    assert reader.wait_for(5) == [1, 2, 3, 4, 5]


def test_a_lost_database_connection_loses_and_doubles_nothing(live, read):
    reader = read()
    live.publish(1)
    reader.wait_for(1)
    with live.engine.connect() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [live.database])
    live.publish(2, 3)
    assert reader.wait_for(3) == [1, 2, 3]


def test_each_sees_what_their_right_in_its_place_allows(live, read):
    here = {"right": "patients.search", "place_kind": "establishment", "place_id": live.world["here"]}
    nurse, other, hr = read("nurse"), read("other"), read("hr")
    live.publish(1, **here)
    live.publish(2, right="", viewer=live.world["people"]["other"]["id"])
    live.publish(3)
    assert nurse.wait_for(2) == [1, 3]
    assert other.wait_for(2) == [2, 3]
    assert hr.wait_for(1) == [3]


def test_a_session_that_ends_hears_no_more(live, read):
    reader = read("leaver")
    live.publish(1)
    reader.wait_for(1)
    with live.connect() as connection:
        connection.execute("DELETE FROM django_session WHERE session_key = %s", [reader.session])
    time.sleep(6)  # rights are read again after five seconds
    live.publish(2)
    for _attempt in range(100):
        if reader.status == 403:
            break
        time.sleep(0.1)
    assert (reader.heard, reader.status) == ([1], 403)


@pytest.mark.parametrize(("cookie", "start", "status"), [("", "0-0", 403), ("sessionid=wrong", "0-0", 403)])
def test_a_visitor_hears_nothing(live, cookie, start, status):
    assert _status(live, cookie, start) == status


@pytest.mark.parametrize("start", ["x", "1", "-1-2", "9" * 40 + "-1", "1-2-3"])
def test_a_position_that_is_none_is_told(live, start):
    assert _status(live, f"sessionid={live.world['people']['nurse']['session']}", start) == 400


def _status(live, cookie: str, start: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=5)
    connection.request("GET", "/events/", headers={"Cookie": cookie, "Last-Event-ID": start})
    status = connection.getresponse().status
    connection.close()
    return status


def test_an_event_without_audience_is_refused_by_the_database(live):
    with live.connect() as connection, pytest.raises(psycopg.errors.CheckViolation):
        live.publish(1, connection=connection, right="")
