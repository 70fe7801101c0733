"""Rate of `maristan import bundle` beside a plain row-by-row ORM import of the same bundles, in one run.

    python -m benchmarks import_bundles [--folder BUNDLES] [--patients 40]

The product validates, resolves references, versions, seals, indexes and audits; the plain import only inserts a version
and a current row for each entry. Both commit once a bundle, on one connection, with the product's durable settings.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import django
from tests.records.fhir.bundles import write_bundles

from maristan.config.postgres import local_engine


def import_plainly(files: list[Path]) -> int:
    """What one would write first: two `create` an entry."""
    import uuid  # after django.setup, with the models below

    import orjson
    from django.db import transaction
    from django.utils import timezone

    from maristan.records.fhir.models import Resource, ResourceVersion

    number = 0
    for path in files:
        with transaction.atomic():
            for entry in orjson.loads(path.read_bytes())["entry"]:
                body, at = entry["resource"], timezone.now()
                key = {"type": body["resourceType"], "fhir_id": str(uuid.uuid4())}
                text, rest = orjson.dumps(body).decode(), {"sha256": b"0" * 32, "audit_id": uuid.uuid4(), "at": at}
                version = ResourceVersion.objects.create(**key, version=1, body=text, **rest)
                code = ((body.get("code") or {}).get("coding") or [{}])[0].get("code", "")[:100]
                Resource.objects.create(**key, version=1, code=code, current=version, last_updated=at)
                number += 1
    return number


def import_as_product(files: list[Path]) -> int:
    from maristan.records.fhir.services.imports import import_files

    results = list(import_files(files))
    refused = [one.path.name for one in results if one.state != "done"]
    if refused:
        raise SystemExit(f"refused: {refused[:5]}")
    return sum(sum(one.counts.values()) for one in results)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--patients", type=int, default=40)
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="maristan-bench-"))
    folder.chmod(0o755)
    if not asked.folder:
        write_bundles(folder / "bundles", patients=asked.patients, measures=200)
    os.environ["MARISTAN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "maristan.config.settings"
    engine = local_engine(folder)
    engine.start()
    try:
        return _compare(engine, asked.folder or folder / "bundles")
    finally:
        engine.remove()
        shutil.rmtree(folder, ignore_errors=True)


def _compare(engine: object, bundles: Path) -> int:
    os.environ["DATABASE_URL"] = engine.url("maristan_service")
    os.environ["DATABASE_OWNER_URL"] = engine.url("maristan_owner")
    django.setup()
    from django.db import connection

    from maristan.config.database import migrate
    from maristan.records.fhir.services.imports import find_files

    migrate()
    files = find_files([bundles])
    rates = {}
    for name, run in (("maristan import", import_as_product), ("row by row", import_plainly)):
        started, cpu = time.perf_counter(), time.process_time()
        number = run(files)
        seconds = time.perf_counter() - started
        rates[name] = number / seconds
        print(
            f"{name:16}{number:8} resources{seconds:8.1f} s{number / seconds:8.0f} /s"
            f"{(time.process_time() - cpu) / number * 1e6:8.0f} µs of Python each"
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(octet_length(body)), count(*) FROM fhir_resourceversion")
        text, count = cursor.fetchone()
        cursor.execute(
            "SELECT pg_total_relation_size('fhir_resource') + pg_total_relation_size('fhir_resourceversion')"
        )
        print(f"bytes stored: {cursor.fetchone()[0] / float(text):.2f} times the JSON ({text / count:.0f} bytes each)")
    print(f"ratio: {rates['maristan import'] / rates['row by row']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
