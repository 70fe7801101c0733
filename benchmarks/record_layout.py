"""How a body is best kept: bytes, speed of COPY and of reading, for the same resources in the same native columns.

    python -m benchmarks record_layout BUNDLES

Behind docs/adr/0004-record-layout.md. A scratch cluster with the product's durable settings; each figure is the best of
three runs, taken in turns.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

import orjson
import psycopg

from maristan.config.postgres import local_engine

LAYOUTS = {
    "text, lz4": "body text COMPRESSION lz4",
    "text, pglz": "body text COMPRESSION pglz",
    "json, lz4": "body json COMPRESSION lz4",
    "jsonb, lz4": "body jsonb COMPRESSION lz4",
    "jsonb, lz4, GIN": "body jsonb COMPRESSION lz4",
}
COLUMNS = "type text, id text, person text, code text, starts_at timestamptz"


def read_resources(folder: Path) -> list[tuple]:
    """(type, id, person, code, time, body) of every resource below the folder."""
    rows = []
    for path in sorted(folder.glob("*.json")):
        for entry in orjson.loads(path.read_bytes())["entry"]:
            body = entry["resource"]
            code = ((body.get("code") or {}).get("coding") or [{}])[0].get("code", "")
            person = ((body.get("subject") or body.get("patient") or {}).get("reference") or "")[9:]
            at = body.get("effectiveDateTime") or (body.get("period") or {}).get("start")
            rows.append((body["resourceType"], body["id"], person, code, at, orjson.dumps(body).decode()))
    return rows


def measure(connection: psycopg.Connection, name: str, rows: list[tuple]) -> tuple[float, int, float, float]:
    """Seconds of COPY, bytes on disk, seconds to read the bodies of the largest person, to parse them too."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"CREATE TABLE trial ({COLUMNS}, {LAYOUTS[name]})")
        connection.execute("CREATE UNIQUE INDEX ON trial (type, id, starts_at, person)")
        connection.execute("CREATE INDEX ON trial (person, type, code, starts_at DESC)")
        if "GIN" in name:
            connection.execute("CREATE INDEX ON trial USING gin (body jsonb_path_ops) WITH (fastupdate = off)")
        started = time.perf_counter()
        with connection.cursor().copy("COPY trial FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        copied = time.perf_counter() - started
        size = connection.execute("SELECT pg_total_relation_size('trial')").fetchone()[0]
        person = connection.execute("SELECT person FROM trial GROUP BY 1 ORDER BY sum(octet_length(body::text)) DESC")
        query = "SELECT body::text FROM trial WHERE person = %s"
        asked = [person.fetchone()[0]]
        started = time.perf_counter()
        bodies = connection.execute(query, asked).fetchall()
        read = time.perf_counter() - started
        started = time.perf_counter()
        for (body,) in bodies:
            orjson.loads(body)
        return copied, size, read, read + time.perf_counter() - started


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    rows = read_resources(parser.parse_args(arguments).folder)
    plain = sum(len(row[-1].encode()) for row in rows)
    folder = Path(tempfile.mkdtemp(prefix="maristan-layout-"))
    folder.chmod(0o755)
    engine = local_engine(folder)
    engine.start()
    try:
        best: dict[str, tuple] = {}
        with engine.connect(database="maristan") as connection:
            for _turn in range(3):
                for name in LAYOUTS:
                    found = measure(connection, name, rows)
                    best[name] = tuple(map(min, zip(best.get(name, found), found, strict=True)))
        print(f"{len(rows)} resources, {plain / len(rows):.0f} bytes of JSON each")
        print(f"{'body as':18}{'resources/s':>12}{'bytes each':>12}{'read, ms':>10}{'and parsed':>12}")
        for name, (copied, size, read, parsed) in best.items():
            print(
                f"{name:18}{len(rows) / copied:12.0f}{size / len(rows):12.0f}{read * 1000:10.1f}{parsed * 1000:12.1f}"
            )
    finally:
        engine.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
