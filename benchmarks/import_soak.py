"""Imports killed in the middle of their writes: what was acknowledged is there, and nothing is half in.

    python -m benchmarks import_soak [--seeds 20] [--kills 5] [--folder BUNDLES]

A driver starts `maristan import bundle --journal …` on a cluster of its own and kills, with SIGKILL and while the
journal grows, the importer with its workers, the whole PostgreSQL, or both. After the last kill the import is resumed
to its end. Then the store must equal one that was never interrupted, every line of the journal (kept outside the
database) must be found with its hash, and `maristan check versions` must pass.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from tests.records.fhir.bundles import write_bundles

from maristan.config.postgres import Engine, local_engine

ACKNOWLEDGED = re.compile(r"(\S+)/(\S+)/_history/(\d+) ([0-9a-f]{64})")
CONTENT = {
    "versions": "SELECT type, fhir_id, version, deleted, sha256(convert_to(body, 'UTF8')) FROM fhir_resourceversion",
    "current": """SELECT r.type, r.fhir_id, person_id, encounter, code_system, code, category, status, starts_at,
        ends_at, organization, author, source, labels::text, identifiers::text, r.version, r.deleted, v.version
        FROM fhir_resource r JOIN fhir_resourceversion v ON v.id = r.current_id""",
    "people": "SELECT id, family_fr, given_fr, sex, birth_date, revision FROM patients_person",
    "numbers": "SELECT person_id, domain, system, value, is_disputed FROM patients_identifier",
    "files": "SELECT digest, state, resources FROM fhir_importedfile",
}


@dataclass
class Outcome:
    """One seed: what was killed, and what does not fit afterwards (empty when all is well)."""

    seed: int
    kills: list[str] = field(default_factory=list)
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Soak:
    """A cluster with an empty migrated database as template, and one that was filled without interruption."""

    def __init__(self, folder: Path, bundles: Path) -> None:
        self.folder, self.bundles = folder, bundles
        os.environ["MARISTAN_DATA"] = str(folder)
        self.engine: Engine = local_engine(folder)
        self.engine.start()
        self.engine.create_database("clean")
        self._run(["migrate"], "clean")
        self._copy("clean", "reference")
        self._run(["import", "bundle", str(bundles)], "reference")
        self.expected = self._content("reference")

    def run(self, seed: int, kills: int) -> Outcome:
        """Import with `kills` kills into a database of its own, resume, compare."""
        chance, outcome, started = random.Random(seed), Outcome(seed), time.monotonic()
        database, journal = f"seed{seed}", self.folder / f"journal{seed}"
        self._copy("clean", database)
        while len(outcome.kills) < kills:
            if not self._interrupt(database, journal, chance, outcome):
                outcome.faults.append(f"finished after {len(outcome.kills)} kills: give it more bundles")
                break
        self._run(["import", "bundle", "--journal", str(journal), str(self.bundles)], database)
        self._compare(database, journal, outcome)
        outcome.seconds = time.monotonic() - started
        return outcome

    def close(self) -> None:
        self.engine.remove()

    def _interrupt(self, database: str, journal: Path, chance: random.Random, outcome: Outcome) -> bool:
        """Start the import, let the journal grow a little, kill. False when it came to its end before."""
        begun = journal.stat().st_size if journal.exists() else 0
        jobs = chance.choice(["1", "2"])
        command = ["import", "bundle", "--jobs", jobs, "--journal", str(journal), str(self.bundles)]
        importer = subprocess.Popen(
            self._command(command),
            env=self._environment(database),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while importer.poll() is None and (not journal.exists() or journal.stat().st_size <= begun):
            time.sleep(0.002)
        time.sleep(chance.random() * 0.15)
        if importer.poll() is not None:
            return False
        victim = chance.choice(["importer", "database", "both"])
        if victim in ("database", "both"):
            self._kill_database()
        if victim in ("importer", "both"):
            os.killpg(importer.pid, signal.SIGKILL)
        importer.wait()
        with suppress(ProcessLookupError):
            os.killpg(importer.pid, signal.SIGKILL)  # workers that outlived their parent
        if victim in ("database", "both"):
            self.engine.start()
        outcome.kills.append(f"{victim} ({jobs} jobs)")
        return True

    def _kill_database(self) -> None:
        """SIGKILL the postmaster and each of its processes: nothing is flushed, nothing says goodbye."""
        postmaster = int((self.engine.home / "postmaster.pid").read_text().splitlines()[0])
        for pid in [postmaster, *_children(postmaster)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.engine._process:
            self.engine._process.wait()
            self.engine._process = None

    def _compare(self, database: str, journal: Path, outcome: Outcome) -> None:
        found = self._content(database)
        for name, expected in self.expected.items():
            if found[name] != expected:
                missing, more = len(expected - found[name]), len(found[name] - expected)
                outcome.faults.append(f"{name}: {missing} missing, {more} too many")
        seals = self._rows(
            database, "SELECT type, fhir_id, version::text, encode(sha256, 'hex') FROM fhir_resourceversion"
        )
        lines = {match.groups() for line in journal.read_text().splitlines() if (match := ACKNOWLEDGED.fullmatch(line))}
        outcome.acknowledged = len(lines)
        outcome.faults += [f"acknowledged and lost: {'/'.join(line[:3])}" for line in sorted(lines - seals)[:5]]
        proof = subprocess.run(
            self._command(["check", "versions"]), env=self._environment(database), capture_output=True
        )
        if proof.returncode:
            outcome.faults.append(f"check versions: {proof.stderr.decode()[-300:]}")

    def _content(self, database: str) -> dict[str, set]:
        return {name: self._rows(database, query) for name, query in CONTENT.items()}

    def _rows(self, database: str, query: str) -> set:
        with psycopg.connect(self._url("maristan_owner", database)) as connection:
            return set(connection.execute(query).fetchall())

    def _copy(self, template: str, name: str) -> None:
        self.engine.create_database(name, template=template)

    def _url(self, role: str, database: str) -> str:
        return self.engine.url(role, database).replace("postgres://", "postgresql://")

    def _run(self, arguments: list[str], database: str) -> None:
        done = subprocess.run(self._command(arguments), env=self._environment(database), capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stdout.decode()[-500:]} {done.stderr.decode()[-1500:]}")

    def _command(self, arguments: list[str]) -> list[str]:
        return [sys.executable, "-m", "maristan.config", *arguments]

    def _environment(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.engine.url("maristan_service", database),
            "DATABASE_OWNER_URL": self.engine.url("maristan_owner", database),
            "MARISTAN_DATA": str(self.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the seeds and print one line each; 1 when anything was lost, doubled or half written."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="bundles to import; default: invented patients")
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="maristan-soak-"))
    folder.chmod(0o755)
    if not asked.folder:
        write_bundles(folder / "bundles", patients=asked.patients, measures=60)
    soak = Soak(folder, asked.folder or folder / "bundles")
    failed = killed = 0
    try:
        for seed in range(asked.first, asked.first + asked.seeds):
            outcome = soak.run(seed, asked.kills)
            failed += bool(outcome.faults)
            killed += len(outcome.kills)
            what = "; ".join(outcome.faults) or "equal to an uninterrupted import"
            print(f"seed {seed}: killed {', '.join(outcome.kills)}: {outcome.acknowledged} acknowledged, {what}")
    finally:
        soak.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{asked.seeds} seeds, {killed} kills during writes, {failed} seeds with a fault")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
