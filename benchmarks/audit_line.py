"""An audit line beside a bare INSERT: time of one, rate of 8 writers; then how fast the chain is sealed and proved.

The bare table has a key and one text column, no index, no trigger: the least that a durable INSERT can cost here. The
rounds of the two alternate, so that a noisy machine disturbs both.
"""

import threading
import time
from collections.abc import Callable
from statistics import median

from benchmarks.cluster import scratch_cluster
from benchmarks.tables import percentile, show

ROUNDS, ONE, MANY, WRITERS = 5, 300, 150, 8


def run() -> None:
    with scratch_cluster() as engine:
        with engine.connect("maristan_owner", "maristan") as connection:
            connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY, what text)")
            connection.execute("GRANT SELECT, INSERT ON bare TO maristan_service")
        ways = {"bare INSERT": _bare, "audit line": _line, "fact and its line, one transaction": _both}
        _one_by_one(ways)
        _together(ways)
        _seal_and_prove()


def _bare() -> None:
    from django.db import connection

    from maristan.core.audit.services.lines import new_id

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare VALUES (%s, %s)", [new_id(), "record.read"])


def _line() -> None:
    from maristan.core.audit.services import record_event
    from maristan.core.audit.services.lines import new_id

    record_event("record.read", patient=new_id(), entity="Person", detail={"page": "chart"})


def _both() -> None:
    from django.db import transaction

    with transaction.atomic():
        _bare()
        _line()


def _one_by_one(ways: dict[str, Callable[[], None]]) -> None:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            for _ in range(ONE):
                start = time.perf_counter()
                way()
                times[name].append((time.perf_counter() - start) * 1000)
    least = median(times["bare INSERT"])
    rows = [(name, median(found), percentile(found, 0.95), median(found) / least) for name, found in times.items()]
    show("One writer, committed one by one", ["", "median ms", "p95 ms", "ratio"], rows)


def _together(ways: dict[str, Callable[[], None]]) -> None:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            rates[name].append(_rate(way))
    most = median(rates["bare INSERT"])
    rows = [(name, median(found), most / median(found)) for name, found in rates.items()]
    show(f"{WRITERS} writers at once", ["", "a second", "ratio"], rows)


def _rate(way: Callable[[], None]) -> float:
    from django.db import connection

    def write() -> None:
        for _ in range(MANY):
            way()
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return WRITERS * MANY / (time.perf_counter() - start)


def _seal_and_prove() -> None:
    from maristan.core.audit.services import find_faults, seal_block

    lines, start = 0, time.perf_counter()
    while block := seal_block():
        lines += block.count
    sealed = time.perf_counter() - start
    start = time.perf_counter()
    faults = list(find_faults())
    proved = time.perf_counter() - start
    rows = [("seal", lines, lines / sealed), (f"verify ({len(faults)} faults)", lines, lines / proved)]
    show("The chain", ["", "lines", "a second"], rows)


if __name__ == "__main__":
    run()
