"""The record page of the largest Synthea patient of a folder, beside a bare reading of the same bodies.

    MARISTAN_DATA=… DATABASE_URL=… python -m benchmarks.record_page PATH/OF/BUNDLES [requests]

Bundles are imported into the database given (a scratch one), the largest record is opened `requests` times on each page
through the whole stack of Django by its test client, and p50 and p95 are printed. Nothing is asserted.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from maristan.core.accounts.models import User
    from maristan.records.access.services import open_relation
    from maristan.records.fhir.models import Resource
    from maristan.records.patients.models import Person

    folder, times = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50
    person = _load_largest(folder, Person)
    user = User.objects.get(username="physician")
    user.post = user.posts.select_related("role", "service").first()
    open_relation(person, by=user, service=user.post.service, reason="Mesure")
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def bare() -> int:
        rows = Resource.objects.filter(person=person, deleted=False).values_list("current__body", flat=True)
        return sum(len(json.dumps(json.loads(text))) for text in rows)

    print(f"{Resource.objects.filter(person=person).count()} resources of one person")
    print(f"{'page':<24}{'p50 ms':>8}{'p95 ms':>8}{'queries':>9}{'kB':>7}")
    _measure("bare query, same bodies", bare, times, 1, 0)
    for page in ("", "timeline/", "treatments/", "vitals/", "results/", "documents/", "encounters/", "print/"):
        path = f"/record/{person.pk}/{page}"
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        _measure(page or "summary", lambda path=path: client.get(path), times, len(captured), len(response.content))


def _load_largest(folder: Path, person_model: type) -> object:
    from maristan.records.fhir.services import COMMAND, Store

    found = max(
        (b for b in (json.loads(p.read_text()) for p in sorted(folder.glob("*.json"))) if _patient(b)),
        key=lambda bundle: len(bundle["entry"]),
    )
    pk = _patient(found)["fullUrl"].removeprefix("urn:uuid:")
    facts = {"family_fr": "Synthea", "sex": _patient(found)["resource"]["gender"]}
    person_model.objects.get_or_create(pk=pk, defaults=facts)
    Store(by=COMMAND).transaction(found)
    return person_model.objects.get(pk=pk)


def _patient(bundle: dict) -> dict | None:
    return next((e for e in bundle.get("entry", ()) if e["resource"]["resourceType"] == "Patient"), None)


def _measure(name: str, act: object, times: int, queries: int, size: int) -> None:
    act()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append((time.perf_counter() - start) * 1000)
    p95 = statistics.quantiles(spent, n=20)[-1]
    print(f"{name:<24}{statistics.median(spent):8.1f}{p95:8.1f}{queries:9}{size / 1000:7.0f}")


if __name__ == "__main__":
    main()
