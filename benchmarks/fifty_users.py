"""50 users with exponential think time (mean 5 s) on the demo; then the rate at which p95 passes 150 ms.

The server is production's (granian, WSGI) on a scratch cluster with the sealer at work; the load generator runs on the
same machine and takes its share of it. Every page is the real one, behind a real session, with its audit line if any.
In the second part requests arrive at random at a given rate, whatever the server does, and each is timed from the
moment it was due. `SECONDS=60 STEP_SECONDS=15 python -m benchmarks fifty_users` sets the lengths.
"""

import http.client
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.cluster import scratch_cluster
from benchmarks.tables import percentile, show

SECONDS = int(os.environ.get("SECONDS", "60"))
STEP_SECONDS = int(os.environ.get("STEP_SECONDS", "15"))
USERS, THINK_SECONDS, LIMIT_MS, PORT = 50, 5.0, 150, 8141
RATES = (10, 15, 20, 30, 40, 50, 60, 80, 100, 130, 160, 200, 250)
WORDS = ("boud", "kerrou", "بوجمعة", "salah lar", "mek", "ferhati", "0770", "12/03/1975", "benali am", "لعرابة")

# The mix: for each kind of user its share of the 50, the account it is a copy of, and its pages with their weights.
KINDS = {
    "nurse": (18, {"home": 25, "typing": 30, "record": 35, "territory": 5, "search": 5}),
    "nurse2": (10, {"home": 25, "typing": 30, "record": 35, "territory": 5, "search": 5}),
    "physician": (12, {"home": 15, "typing": 25, "record": 55, "search": 5}),
    "reception": (6, {"home": 30, "typing": 60, "search": 10}),
    "dpo": (2, {"home": 20, "register": 60, "register, one person": 20}),
    "directorate": (2, {"home": 50, "territory": 50}),
}


@dataclass
class User:
    """One signed-in user: its cookie, its mix, the records open to it, and its own random numbers."""

    cookie: str
    pages: dict[str, int]
    records: list[str]
    numbers: random.Random

    def choose(self) -> tuple[str, str]:
        name = self.numbers.choices(list(self.pages), list(self.pages.values()))[0]
        return name, self.address(name)

    def address(self, name: str) -> str:
        from urllib.parse import quote

        if name in ("typing", "search"):
            return f"/search/?q={quote(self.numbers.choice(WORDS))}"
        if name == "record":
            return self.numbers.choice(self.records)
        if name == "register, one person":
            return f"/audit/?start=&person={self.records[0].strip('/').rsplit('/')[-1]}"
        return {"home": "/", "territory": "/territory/", "register": "/audit/"}[name]


@dataclass
class Tally:
    """Milliseconds by page, and what was answered instead of the page."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, milliseconds: float, status: int) -> None:
        with self.lock:
            self.times[name].append(milliseconds)
            if status != 200:
                self.errors[f"{name} {status}"] += 1

    def all(self) -> list[float]:
        return [each for found in self.times.values() for each in found]


def run() -> None:
    with scratch_cluster(demo=True):
        users = _sign_in()
        processes = _serve()
        try:
            _think(users)
            _press(users)
            _show_seal()
        finally:
            for process in processes:
                process.terminate()
                process.wait(15)


def _serve() -> list[subprocess.Popen]:
    from django.core.management import call_command

    from maristan.config.processes import wait_until_it_answers, web_command, worker_command

    call_command("collectstatic", interactive=False, verbosity=0)
    web = subprocess.Popen(web_command(PORT), stderr=subprocess.DEVNULL)
    wait_until_it_answers(f"http://127.0.0.1:{PORT}", web)
    return [web, subprocess.Popen(worker_command(), stderr=subprocess.DEVNULL)]


def _sign_in() -> list[User]:
    """As many accounts as users, each a copy of a demo account, signed in; and the records each may open."""
    from maristan.core.accounts.models import User as Account
    from maristan.records.patients.models import Person

    people = list(Person.objects.order_by("pk")[:400])
    users: list[User] = []
    for username, (count, pages) in KINDS.items():
        account = Account.objects.get(username=username)
        account.post = account.posts.select_related("role", "service__establishment", "establishment").first()
        records = _records(account, people)
        kept = {name: weight for name, weight in pages.items() if name != "record" or records}
        if kept != pages:
            print(f"No record page is open to {username}: left out of its mix.")
        for number in range(count):
            cookie = _session(account, f"{username}-{number}")
            users.append(User(cookie, kept, records or [f"/record/{people[0].pk}/"], random.Random(len(users))))
    return users


def _records(account: object, people: list) -> list[str]:
    from django.urls import NoReverseMatch, reverse

    from maristan.records.access.services import decide_access

    try:
        reverse("fhir:record", args=[people[0].pk])
    except NoReverseMatch:
        return []
    return [person.get_absolute_url() for person in people if decide_access(person, by=account).allowed][:40]


def _session(account: object, username: str) -> str:
    from django.test import Client

    from maristan.core.accounts.models import Post
    from maristan.core.accounts.models import User as Account

    copy = Account.objects.create(username=username, last_name=username, kind=account.kind)
    post = account.post
    Post.objects.create(
        user=copy,
        role=post.role,
        reason="benchmark",
        **{name: getattr(post, name) for name in ("division_id", "establishment_id", "service_id")},
    )
    client = Client()
    client.force_login(copy)
    return client.cookies["sessionid"].value


def _think(users: list[User]) -> None:
    tally, end = Tally(), time.monotonic() + SECONDS

    def live(user: User) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while (pause := user.numbers.expovariate(1 / THINK_SECONDS)) < end - time.monotonic():
            time.sleep(pause)
            name, address = user.choose()
            start = time.perf_counter()
            status = _get(connection, address, user.cookie, name)
            tally.add(name, (time.perf_counter() - start) * 1000, status)

    threads = [threading.Thread(target=live, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = [(name, *_figures(found)) for name, found in sorted(tally.times.items())]
    rows.append(("all", *_figures(tally.all())))
    rate = len(tally.all()) / SECONDS
    show(
        f"{USERS} users, think time {THINK_SECONDS:.0f} s, {SECONDS} s: {rate:.1f} requests a second",
        ["page", "requests", "p50 ms", "p95 ms", "most ms"],
        rows,
    )
    print(f"errors: {dict(tally.errors) or 0}\n")


def _press(users: list[User]) -> None:
    rows, passed = [], None
    for rate in RATES:
        tally = _arrivals(users, rate)
        p95 = percentile(tally.all(), 0.95)
        done = len(tally.all()) / STEP_SECONDS
        rows.append((f"{rate}", done, percentile(tally.all(), 0.5), p95, sum(tally.errors.values())))
        if p95 > LIMIT_MS:
            passed = rate
            break
    show("Random arrivals", ["wanted a second", "done a second", "p50 ms", "p95 ms", "errors"], rows)
    print(f"p95 passes {LIMIT_MS} ms at {passed or f'more than {RATES[-1]}'} requests a second.\n")


def _arrivals(users: list[User], rate: int) -> Tally:
    tally, numbers, local = Tally(), random.Random(rate), threading.local()

    def fetch(user: User, due: float) -> None:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        name, address = user.choose()
        status = _get(local.connection, address, user.cookie, name)
        tally.add(name, (time.perf_counter() - due) * 1000, status)

    start = due = time.perf_counter()
    with ThreadPoolExecutor(64) as pool:
        while (due := due + numbers.expovariate(rate)) < start + STEP_SECONDS:
            time.sleep(max(0.0, due - time.perf_counter()))
            pool.submit(fetch, numbers.choice(users), due)
    return tally


def _get(connection: http.client.HTTPConnection, address: str, cookie: str, name: str) -> int:
    headers = {"Cookie": f"sessionid={cookie}; language=fr", "Host": f"localhost:{PORT}"}
    if name == "typing":
        headers["HX-Request"] = "true"
    try:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0
    return 200 if name == "search" and answer.status == 302 else answer.status  # one answer alone is opened


def _show_seal() -> None:
    from maristan.core.audit.models import AuditLine
    from maristan.core.audit.queries import last_block
    from maristan.core.audit.services import find_faults

    time.sleep(3)
    sealed, faults = last_block(), list(find_faults())
    print(f"audit lines {AuditLine.objects.count()}, sealed {sealed.total if sealed else 0}, faults {len(faults)}")
    if faults:
        sys.exit("The register does not verify.")


def _figures(found: list[float]) -> tuple[int, float, float, float]:
    return len(found), percentile(found, 0.5), percentile(found, 0.95), max(found, default=float("nan"))


if __name__ == "__main__":
    run()
