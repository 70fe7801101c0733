"""Search as one types, over invented people: p50, p95 and slowest of a committed list of searches.

Beside it, in the same run, what one writes first: `ILIKE '%word%'` on the name columns for each word.

    python -m benchmarks search_people [PERSONS…]       (100000 and 1000000 by default)
"""

import datetime
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROUNDS = 5
SLOW_ROUNDS = 1


def main(arguments: list[str]) -> None:
    sizes = [int(size) for size in arguments] or [100_000, 1_000_000]
    print(f"{'persons':>9}  {'search':<22} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}  slowest")
    for size in sizes:
        with _territory(size):
            _measure(size)


@contextmanager
def _territory(size: int) -> Iterator[None]:
    """A durable scratch cluster with `size` invented people; kept in MARISTAN_BENCH if that is set."""
    folder = Path(os.environ.get("MARISTAN_BENCH") or tempfile.mkdtemp(prefix="maristan-bench-")) / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o755)
    os.environ["MARISTAN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
    from maristan.config.postgres import local_engine

    engine = local_engine(folder)
    engine.start()
    os.environ["DATABASE_URL"] = engine.url("maristan_service")
    os.environ["DATABASE_OWNER_URL"] = engine.url("maristan_owner")
    try:
        _prepare(size, engine)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        engine.stop()
        if "MARISTAN_BENCH" not in os.environ:
            engine.remove()


def _prepare(size: int, engine) -> None:
    import dj_database_url
    import django
    from django.db import connections

    django.setup()
    for alias, role in (("owner", "maristan_owner"), ("default", "maristan_service")):
        connections[alias].close()
        connections[alias].settings_dict.update(dj_database_url.parse(engine.url(role)))
    from maristan.config.database import migrate
    from maristan.records.patients.models import Person

    migrate()
    if Person.objects.count() == 0:  # a kept cluster is measured again as it is
        _fill(size)


def _fill(size: int) -> None:
    from django.db import connections

    from maristan.records.patients.services import invent_people

    started = time.perf_counter()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'person_search'")
        definition = cursor.fetchone()[0]
        cursor.execute("DROP INDEX person_search")
        invent_people(size, today=datetime.date(2026, 1, 1))
        loaded = time.perf_counter()
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")
    finished = time.perf_counter()
    print(f"{size:>9}  loaded in {loaded - started:.0f} s, indexed in {finished - loaded:.0f} s")


def _measure(size: int) -> None:
    from maristan.records.patients.queries import search_people

    texts = [
        line for line in (HERE / "search_people_queries.txt").read_text().splitlines() if line[:1] not in ("", "#")
    ]
    _print(size, "search_people", _time(search_people, texts, ROUNDS))
    if "--only" not in sys.argv:
        _print(size, "ILIKE '%word%'", _time(_naive, texts, SLOW_ROUNDS))


def _naive(text: str) -> list:
    """The obvious search: every word somewhere in one of four names; what it cannot find costs it nothing."""
    from django.db.models import Q

    from maristan.records.patients.models import Person

    found = Person.objects.all()
    for word in text.split():
        found = found.filter(
            Q(family_fr__icontains=word)
            | Q(given_fr__icontains=word)
            | Q(family_ar__icontains=word)
            | Q(given_ar__icontains=word)
        )
    return [list(found.order_by("family_fr", "given_fr")[:20]), found.count()]


def _time(search: Callable[[str], object], texts: list[str], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {text: [] for text in texts}
    for _round in range(rounds):
        for text in texts:
            started = time.perf_counter()
            search(text)
            times[text].append((time.perf_counter() - started) * 1000)
    return times


def _print(size: int, name: str, times: dict[str, list[float]]) -> None:
    every = sorted(value for values in times.values() for value in values)
    p50, p95 = statistics.median(every), every[int(len(every) * 0.95)]
    worst = sorted(times, key=lambda text: -statistics.median(times[text]))[:4]
    slow = " · ".join(f"{text} {statistics.median(times[text]):.0f}" for text in worst)
    print(f"{size:>9}  {name:<22} {p50:>8.1f} {p95:>8.1f} {every[-1]:>8.1f}  {slow}", flush=True)


if __name__ == "__main__":
    main([argument for argument in sys.argv[1:] if not argument.startswith("--")])
