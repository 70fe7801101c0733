"""Reading what is registered, as one person may see it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from maristan.core.ui import registries
from maristan.core.ui.models import HomeLayout, LiveEvent, SavedFilter
from maristan.core.ui.registries import Hit, SearchSource, Tile

SHORTEST = 2  # letters; one letter alone would list half a wilaya


@dataclass(frozen=True)
class Found:
    """What one source found: some hits, and how many more it did not list."""

    source: SearchSource
    hits: list[Hit]
    more: int


def tiles_of(user: Any) -> list[Tile]:
    """Every tile this person may open, in the order they chose; tiles they never moved come last, in our order."""
    layout = HomeLayout.objects.filter(owner=user.pk).first()
    chosen = {code: position for position, code in enumerate(layout.tiles if layout else [])}
    return sorted(registries.tiles.for_user(user), key=lambda tile: chosen.get(tile.code, len(chosen)))


def filters_of(user: Any, page: str) -> QuerySet[SavedFilter]:
    """The filters this person keeps for the list at this path."""
    return SavedFilter.objects.filter(owner=user.pk, page=page)


def search_everywhere(request: HttpRequest, text: str, limit: int) -> list[Found]:
    """Ask every source this person may use, at most `limit` lines each; sources that found nothing stay away."""
    if len(text) < SHORTEST:
        return []
    found = [
        Found(source, *source.search(request, text, limit))
        for source in registries.search_sources.for_user(request.user)
    ]
    return [part for part in found if part.hits or part.more]


def search_pages(request: HttpRequest, text: str, limit: int) -> tuple[list[Hit], int]:
    """Pages of this person's own menu and tiles whose name holds `text`."""
    wanted = text.casefold()
    entries = [*registries.menu.for_user(request.user), *registries.tiles.for_user(request.user)]
    pages = {reverse(entry.url_name): entry for entry in reversed(entries) if wanted in str(entry.label).casefold()}
    hits = [Hit(url, str(entry.label), _("page"), icon=entry.icon) for url, entry in pages.items()]
    return hits[:limit], len(hits[limit:])


READ_EVENTS = """
SELECT id, xid, topic, fragment, "right", viewer, place_kind, place_id FROM ui_liveevent
WHERE (xid, id) > (%s, %s) AND xid < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
ORDER BY xid, id LIMIT %s
"""


def current_cursor() -> str:
    """The position below which every event is already final: a page rendered now has seen all of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint - 1")
        return f"{cursor.fetchone()[0]}-{2**62}"


def parse_cursor(text: str) -> tuple[int, int]:
    """The two numbers of a cursor. Raises ValueError when it is none."""
    xid, _dash, number = text.partition("-")
    if not (xid.isdecimal() and number.isdecimal() and len(xid) < 19 and len(number) < 20):
        raise ValueError(f"not a cursor: {text[:40]}")
    return int(xid), int(number)


def read_events(after: tuple[int, int], *, limit: int = 500) -> list[LiveEvent]:
    """Events after a position, in the order of their transactions, none above the oldest one still open."""
    return list(LiveEvent.objects.raw(READ_EVENTS, [*after, limit]))
