"""Live screens: one small ASGI process that sends events to browsers, and asks the database once for all of them.

Not Django's own ASGI handler: its synchronous middleware costs a thread and a connection a listener. Here a listener
is a queue; PostgreSQL's NOTIFY only wakes the hub, which reads what is final and hands each event to who may see it.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest

from maristan.core.accounts.middleware import CurrentPost
from maristan.core.accounts.services import sessions
from maristan.core.territory.models import Establishment, Service
from maristan.core.ui import clock, queries
from maristan.core.ui.models import LiveEvent
from maristan.core.ui.services import LIVE_CHANNEL

logger = logging.getLogger(__name__)
Send = Callable[[dict], Awaitable[None]]
PLACES = {"establishment": Establishment, "service": Service}
RIGHTS_LAST = 5.0  # seconds after which a listener's session and rights are read again before it is sent anything
BEAT = 15.0  # seconds between two comments that keep the connection open
MOST_WAITING = 1000


@dataclass(eq=False)
class Listener:
    """One browser: its session, the position it has reached, what waits for it."""

    session_key: str
    position: tuple[int, int]
    waiting: asyncio.Queue = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    user: Any = None
    read_at: float = 0.0


def viewer_of(session_key: str) -> Any:
    """The account of a session with its current post, or None when it is closed, locked, idle or too old."""
    close_old_connections()
    request = HttpRequest()
    request.session = SessionStore(session_key)
    request.user = get_user(request)
    now = clock.now()
    if (
        not request.user.is_authenticated
        or sessions.is_locked(request.session)
        or sessions.has_expired(request.session, now)
    ):
        return None
    CurrentPost(lambda _request: None)(request)
    return request.user


def may_see(user: Any, event: LiveEvent) -> bool:
    """Whether `user` may see an event, at this moment."""
    if event.viewer is not None:
        return user.pk == event.viewer
    place = PLACES[event.place_kind].objects.filter(pk=event.place_id).first() if event.place_kind else None
    return user.may(event.right, place)


def _allowed(listener: Listener, events: list[LiveEvent]) -> list[LiveEvent] | None:
    """What a listener may see of these events, by its rights now; None when its session has ended."""
    if time.monotonic() - listener.read_at > RIGHTS_LAST:
        listener.user, listener.read_at = viewer_of(listener.session_key), time.monotonic()
    return None if listener.user is None else [event for event in events if may_see(listener.user, event)]


class Hub:
    """Reads final events once and gives them to every listener."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.position: tuple[int, int] | None = None
        self.task: asyncio.Task | None = None
        self.ready = asyncio.Event()

    async def is_reading(self) -> None:
        """Start if needed, and wait for a position: what a listener reads after this leaves no gap before the hub."""
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        await self.ready.wait()

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except Exception as error:  # whatever it was, the screens stay live
                logger.warning("live events: %r; trying again", error)
                await asyncio.sleep(1)

    async def _follow(self) -> None:
        address = settings.DATABASES["default"]
        connection = await psycopg.AsyncConnection.connect(
            host=address["HOST"],
            port=address["PORT"] or None,
            user=address["USER"],
            password=address["PASSWORD"],
            dbname=address["NAME"],
            autocommit=True,
        )
        async with connection:
            await connection.execute(f"LISTEN {LIVE_CHANNEL}")
            while True:
                await self._hand_out()
                async for _woken in connection.notifies(timeout=1, stop_after=1):
                    pass

    async def _hand_out(self) -> None:
        if self.position is None:
            self.position = queries.parse_cursor(await sync_to_async(queries.current_cursor)())
            self.ready.set()
        while events := await sync_to_async(_read)(self.position):
            self.position = (events[-1].xid, events[-1].id)
            for listener in list(self.listeners):
                self._give(listener, events)

    def _give(self, listener: Listener, events: list[LiveEvent]) -> None:
        try:
            listener.waiting.put_nowait(events)
        except asyncio.QueueFull:  # too slow: it comes back by itself with the position it reached
            self.listeners.discard(listener)
            listener.waiting = asyncio.Queue()
            listener.waiting.put_nowait(None)


def _read(after: tuple[int, int]) -> list[LiveEvent]:
    close_old_connections()
    return queries.read_events(after)


hub = Hub()


async def application(scope: dict, receive: Callable[[], Awaitable[dict]], send: Send) -> None:
    """The ASGI entrance: `/events/?from=CURSOR`, or the `Last-Event-ID` a browser sends when it comes back."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _live(receive: Callable[[], Awaitable[dict]], send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _answer(scope: dict, receive: Callable[[], Awaitable[dict]], send: Send) -> None:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
    key = _session_key(headers.get("cookie", ""))
    user = await sync_to_async(viewer_of)(key) if key and scope["path"] == "/events/" else None
    if user is None:
        return await _refuse(send, 404 if scope["path"] != "/events/" else 403)
    asked = headers.get("last-event-id") or parse_qs(scope["query_string"].decode()).get("from", [""])[0]
    try:
        position = queries.parse_cursor(asked or await sync_to_async(queries.current_cursor)())
    except ValueError:
        return await _refuse(send, 400)
    listener = Listener(key, position, user=user, read_at=time.monotonic())
    stream, left = asyncio.create_task(_stream(listener, send)), asyncio.create_task(_until_left(receive))
    await asyncio.wait({stream, left}, return_when=asyncio.FIRST_COMPLETED)
    hub.listeners.discard(listener)
    for task in (stream, left):
        task.cancel()
    if error := (await asyncio.gather(stream, left, return_exceptions=True))[0]:
        logger.warning("live events: a stream ended: %r", error)
        with contextlib.suppress(Exception):  # the browser comes back with the position it reached
            await _end(send)


async def _until_left(receive: Callable[[], Awaitable[dict]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _stream(listener: Listener, send: Send) -> None:
    head = {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "access-control-allow-origin": settings.PUBLIC_URL,
        "access-control-allow-credentials": "true",
    }
    headers = [(name.encode(), value.encode()) for name, value in head.items()]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _say(send, "retry: 2000\n\n")
    await hub.is_reading()
    hub.listeners.add(listener)
    await _catch_up(listener, send)
    while True:
        try:
            events = await asyncio.wait_for(listener.waiting.get(), BEAT)
        except TimeoutError:
            await _say(send, ": still here\n\n")
            continue
        if events is None or not await _pass_on(listener, events, send):
            return await _end(send)


async def _catch_up(listener: Listener, send: Send) -> None:
    """Send what became final before the hub began to serve this listener."""
    while events := await sync_to_async(_read)(listener.position):
        if not await _pass_on(listener, events, send):
            return


async def _pass_on(listener: Listener, events: list[LiveEvent], send: Send) -> bool:
    """Send what lies after the listener's position and it may see now; False when its session has ended."""
    new = [event for event in events if (event.xid, event.id) > listener.position]
    if not new:
        return True
    allowed = await sync_to_async(_allowed)(listener, new)
    if allowed is None:
        return False
    seen = {event.id for event in allowed}
    for event in new:
        body = "".join(f"data: {line}\n" for line in event.fragment.splitlines() or [""])
        # an event this viewer may not see moves its position all the same, so that it never asks for it again
        await _say(send, f"id: {event.cursor}\n" + (f"event: {event.topic}\n{body}" if event.id in seen else "") + "\n")
    listener.position = (new[-1].xid, new[-1].id)
    return True


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _end(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await _end(send)


def _session_key(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""
