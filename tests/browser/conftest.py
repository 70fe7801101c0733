"""Journeys in a real browser, against a real server on a demo database of this run's own cluster.

`visit(role, lang)` opens a page of a person who came in by the sign-in page; `facts` asks the database what is true;
`assert_accessible(page)` asks axe. A page that logs an error, breaks the content policy or throws fails its test.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg.rows import dict_row

from maristan.config import processes, runtime
from maristan.config.postgres import Engine
from tests.browser.chromium import find_chromium

AXE = runtime.ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = runtime.ROOT / "test-results"
PASSWORD = "maristan-demo-2026"
WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
FILL = """
import datetime, django
django.setup()
from django.core.management import call_command
from maristan.config import demo, messages
from maristan.config.database import migrate
migrate()
for area in demo.demo_areas():
    demo.load_area(area, today=datetime.date.today())
messages.compile_catalogues()
call_command("collectstatic", interactive=False, verbosity=0)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """One running installation: its address and its database."""

    url: str
    database: str
    states: dict[str, Any] = field(default_factory=dict)  # role -> cookies of an open session


def environment(engine: Engine, database: str, port: int = 0) -> dict[str, str]:
    """What a process of the installation reads: a demo on `database`, with production's static files."""
    inherited = {name: value for name, value in os.environ.items() if name != "MARISTAN_STATIC_STORAGE"}
    return inherited | {
        "MARISTAN_DEMO": "1",
        "PUBLIC_URL": f"http://localhost:{port}",
        "DATABASE_URL": engine.url("maristan_service", database),
        "DATABASE_OWNER_URL": engine.url("maristan_owner", database),
        "DJANGO_SETTINGS_MODULE": "maristan.config.settings",
        "PYTHONPATH": str(runtime.ROOT / "src"),
    }


@pytest.fixture(scope="session")
def demo_template(engine: Engine) -> str:
    """A database with everybody's demo, to be cloned: nobody connects to it."""
    name = "demo_template"
    engine.create_database(name)
    subprocess.run([sys.executable, "-c", FILL], env=environment(engine, name), cwd=runtime.ROOT, check=True)
    return name


@contextmanager
def running_server(engine: Engine, template: str, database: str) -> Iterator[Server]:
    """Clone `template`, serve it on a free port, and stop in the end."""
    engine.create_database(database, template=template)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_path = PICTURES / f"{database}.log"
    log_path.parent.mkdir(exist_ok=True)
    with log_path.open("w") as log:
        command = processes.web_command(port, workers=1, threads=4)
        child = subprocess.Popen(
            command, env=environment(engine, database, port), cwd=runtime.ROOT, stdout=log, stderr=log
        )
        try:
            processes.wait_until_it_answers(f"http://localhost:{port}", child)
            yield Server(f"http://localhost:{port}", database)
        finally:
            child.terminate()
            child.wait(20)


@pytest.fixture(scope="session")
def server(engine: Engine, demo_template: str) -> Iterator[Server]:
    """The server that the journeys share. A journey leaves what it changed: count from what is there, not from zero."""
    with running_server(engine, demo_template, "browser") as server:
        yield server


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium; closed when the browser tests end, because its event loop would disturb other tests."""
    path = find_chromium()
    if not path:
        pytest.fail("The browser tests need Chromium: run `python -m tests.browser.chromium`, or install it.")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def facts(engine: Engine, server: Server) -> Iterator[psycopg.Connection]:
    """The database itself, past Django: what a journey changed is asked here."""
    url = engine.url("maristan_service", server.database).replace("postgres://", "postgresql://")
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def visit(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """visit("nurse", "fr", theme="light", size=WIDE, path="/") -> page; role "" is a visitor without an account."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        role: str = "", lang: str = "fr", *, theme: str = "light", size: dict = WIDE, path: str = "/"
    ) -> Page:
        context = browser.new_context(viewport=size, base_url=server.url, storage_state=server.states.get(role))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _complain(complaints, page, message))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        if role and role not in server.states:
            sign_in(page, role)
            server.states[role] = context.storage_state()
        cookies = {"language": lang, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
        page.goto(path)
        return page

    yield open_page
    failed = getattr(request.node, "failed_in_call", False)
    for number, context in enumerate(contexts):
        if failed and context.pages:
            take_picture(context.pages[-1], f"failed-{request.node.name}-{number}")
        context.close()
    if not failed:
        assert complaints == []


def _complain(complaints: list[str], page: Page, message: Any) -> None:
    # a refusal, or a network cut on purpose, is not a mistake of the page
    expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    if message.type in ("error", "warning") and not any(words in message.text for words in expected):
        complaints.append(f"{page.url}: {message.text}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call":
        item.failed_in_call = report.failed
    return report


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Come in by the sign-in page, as a person does."""
    page.goto("/accounts/login/")
    form = page.locator("form:has(input#id_login)")
    form.locator("[name=login]").fill(username)
    form.locator("[name=password]").fill(password)
    form.locator("[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take_picture(page: Page, name: str, *, whole: bool = False) -> Path:
    """Keep what the page looks like in test-results/ (never committed)."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{''.join(c if c.isalnum() or c in '-_.' else '-' for c in name)}.png"
    page.screenshot(path=path, full_page=whole)
    return path


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line for each kind."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
    return [f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:4]]}" for each in found]


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Zero violations of axe, no horizontal scrolling, one h1."""

    def check(page: Page) -> None:
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # laid out
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide = page.evaluate(
                "[...document.body.querySelectorAll('*')].filter(e => {const r = e.getBoundingClientRect(); "
                "return r.width && (r.right > innerWidth + 1 || r.left < -1)})"
                ".slice(0, 3).map(e => e.outerHTML.slice(0, 120))"
            )
            found.append(f"wider than the screen: {wide}")
        if page.locator("h1:visible").count() != 1:
            found.append("a page has one h1")
        assert found == [], f"{page.url} ({page.viewport_size['width']} px)"

    return check
