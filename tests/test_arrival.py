"""A stranger's first minutes: both commands of the README, with Python, git, make and coreutils only."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from maristan.config import runtime

COREUTILS = {
    *("basename", "cat", "chmod", "cp", "cut", "date", "dirname", "echo", "env", "expr", "false", "head", "id", "ln"),
    *("ls", "mkdir", "mktemp", "mv", "nproc", "printf", "pwd", "readlink", "realpath", "rm", "rmdir", "seq", "sleep"),
    *("sort", "stat", "tail", "tee", "test", "touch", "tr", "true", "uname", "wc"),
}
OURS = (
    "PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DJANGO_SETTINGS_MODULE",
    "MAKEFLAGS",
)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A clone of the last commit and the bare environment to run it in."""
    folder = tmp_path_factory.mktemp("arrival")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    path = folder / "bin"
    path.mkdir()
    (path / "python3.11").symlink_to(Path(sys._base_executable).resolve())
    for name in ("git", "make", *COREUTILS):
        if program := shutil.which(name):
            (path / name).symlink_to(program)
    subprocess.run(["git", "clone", "--quiet", str(runtime.ROOT), str(folder / "maristan")], check=True)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in OURS and not name.startswith(("MARISTAN_", "PYTEST_"))
    }
    return folder / "maristan", {**environment, "PATH": str(path)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(clone: Path) -> list[str]:
    """Command lines of living processes that were started from this clone."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(clone) in line:
            found.append(line)
    return found


def start_demo(machine, port: int) -> subprocess.Popen:
    clone, environment = machine
    demo = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        cwd=clone,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    said = []
    for line in demo.stdout:
        said.append(line)
        if "Stop it with Ctrl-C" in line:
            return demo
    demo.wait()
    demo.stdout.close()
    raise AssertionError("the demo did not open:\n" + "".join(said))


def stop(demo: subprocess.Popen) -> None:
    os.killpg(demo.pid, signal.SIGINT)
    demo.stdout.read()
    demo.wait(60)
    demo.stdout.close()


@pytest.mark.slow
def test_make_demo_opens_twice_over_and_leaves_nothing_behind(machine):
    clone, environment = machine
    for _start in ("first", "later"):
        port = free_port()
        demo = start_demo(machine, port)
        with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/") as page:
            assert page.status == 200
            assert "Maristan" in page.read().decode()
        second = subprocess.run(
            ["make", "demo", f"PORT={free_port()}"],
            cwd=clone,
            env=environment,
            text=True,
            capture_output=True,
            check=False,
        )
        assert second.returncode != 0
        assert f"already runs from {clone}/.data (http://localhost:{port}" in second.stderr
        stop(demo)
        assert processes_of(clone) == []


@pytest.mark.slow
def test_killing_the_demo_leaves_nothing_behind(machine):
    clone, _environment = machine
    demo = start_demo(machine, free_port())
    os.killpg(demo.pid, signal.SIGKILL)
    demo.wait()
    demo.stdout.close()
    for _attempt in range(300):
        if not processes_of(clone):
            break
        time.sleep(0.1)
    assert processes_of(clone) == []


@pytest.mark.slow
def test_make_test_runs_on_the_same_bare_machine(machine):
    clone, environment = machine
    done = subprocess.run(
        ["make", "test", "TESTS=tests/test_smoke.py", "WORKERS=1"],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "1 passed" in done.stdout


def test_make_help_names_every_target(machine):
    clone, environment = machine
    said = subprocess.run(
        ["make", "help"], cwd=clone, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in said.splitlines()} >= {"help", "demo", "test", "bench", "lint", "format"}
