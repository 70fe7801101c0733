"""The processes of one installation: database, web server, worker; started in order, stopped in reverse.

Everything that goes wrong at the start ends in a StartError whose message says what to do.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from maristan.config import runtime
from maristan.config.postgres import Engine, die_with_parent, local_engine


class StartError(Exception):
    """The installation cannot start; the message says why and what to do."""


@contextmanager
def database() -> Iterator[Engine | None]:
    """Make a database reachable for the time of the block: the one of DATABASE_URL, else the embedded one.

    An embedded database that already runs is used and left running; one we had to start is stopped at the end.
    """
    if os.environ.get("DATABASE_URL") and not os.environ.get("MARISTAN_EMBEDDED"):
        yield None
        return
    engine = local_engine()
    was_running = engine.is_running()
    engine.start()
    os.environ["DATABASE_URL"] = engine.url("maristan_service")
    os.environ["DATABASE_OWNER_URL"] = engine.url("maristan_owner")
    try:
        yield engine
    finally:
        if not was_running:
            engine.stop()


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the installation's lock: a second start in the same folder says so instead of fighting over it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(
                f"Maristan already runs from {folder} ({lock.read().strip() or 'starting'}). Use it, stop it with "
                "Ctrl-C where it was started, or set MARISTAN_DATA to another folder."
            ) from None
        lock.truncate(0)
        yield
        lock.truncate(0)


def note_address(folder: Path, url: str) -> None:
    """Leave the address in the lock file, for the message a second start shows."""
    (folder / "running.lock").write_text(f"{url}, process {os.getpid()}")


def check_port(port: int) -> None:
    """Raise StartError when another program already listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StartError(
                f"Port {port} is taken by another program. Choose another one: `make demo PORT={port + 1}` "
                f"or `maristan demo --port {port + 1}`."
            ) from error


@dataclass
class Processes:
    """Children of this process; `watch` returns when one of them ends or when we are asked to stop."""

    children: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str, command: list[str]) -> None:
        self.children[name] = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)

    def watch(self) -> str:
        """Wait; returns the name of the child that ended by itself, or "" when a signal asked us to stop."""
        asked: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: asked.append(number))
        while not asked:
            for name, child in self.children.items():
                if child.poll() is not None:
                    return name
            time.sleep(0.2)
        return ""

    def stop(self) -> None:
        """Stop children in reverse order; one that does not stop in 15 s is killed."""
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
                try:
                    child.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()


def web_command(port: int, *, workers: int = 1, threads: int = 8, certificate: str = "", key: str = "") -> list[str]:
    """The command of the web server: pages and API over WSGI."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "error"),
        *("--workers-kill-timeout", "10", "--respawn-failed-workers"),
    ]
    return [*command, *_tls(certificate, key), "maristan.config.wsgi:application"]


def live_command(port: int, *, certificate: str = "", key: str = "") -> list[str]:
    """The command of the live events: one process, which asks the database once for all its listeners."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--no-ws", "--log-level", "error", "--workers-kill-timeout", "3"),
        *_tls(certificate, key),
        "maristan.config.asgi:application",
    ]


def _tls(certificate: str, key: str) -> list[str]:
    return ["--ssl-certificate", certificate, "--ssl-keyfile", key] if certificate else []


def worker_command() -> list[str]:
    return [sys.executable, "-m", "maristan.config", "worker"]


def wait_until_it_answers(url: str, child: subprocess.Popen, *, seconds: float = 60) -> None:
    """Wait for the first answer of the web server; raises StartError when it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise StartError(f"The web server ended at once (code {child.returncode}); its reason stands above.")
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=5):  # noqa: S310 our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise StartError(f"The web server does not answer at {url} after {seconds:.0f} s.")


def data_folder() -> Path:
    return runtime.data_folder().resolve()
