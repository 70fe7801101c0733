"""What every page's frame needs: the entries this person may open, the pieces of the bar, the theme, and the time."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from maristan.core.ui import queries, registries

PREFERENCES = {"theme": ("light", "dark"), "keys": ("on", "off")}
FIRST, WIDE = 4, 7  # entries kept on a phone's bottom bar beside "More"; entries that fit a ward screen


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. What asks the database is lazy: a fragment for HTMX never draws the bar."""
    return {
        "menu_entries": SimpleLazyObject(lambda: menu_of(request)),
        "bar_items": SimpleLazyObject(lambda: bar_of(request)),
        "has_later_entries": SimpleLazyObject(lambda: len(_entries(request)) > WIDE),
        "languages": settings.LANGUAGES,  # each in its own words, never translated
        "is_demo": settings.DEMO,
        "live_url": settings.LIVE_URL,
        "live_cursor": SimpleLazyObject(queries.current_cursor),
        "printed_at": timezone.localtime(),
        **{name: preference(request, name) for name in PREFERENCES},
    }


def preference(request: HttpRequest, name: str) -> str:
    """A choice kept in this browser's cookie; anything unknown is the default, the first."""
    value = request.COOKIES.get(name)
    return value if value in PREFERENCES[name] else PREFERENCES[name][0]


def menu_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the bar with their address, count, and `where` they are drawn: first, wide or later."""
    items = [{"entry": entry, "url": reverse(entry.url_name)} for entry in _entries(request)]
    here = [item["url"] for item in items if _leads_to(item["url"], request.path)]
    for position, item in enumerate(items):
        item["is_current"] = bool(here) and item["url"] == max(here, key=len)
        item["count"] = item["entry"].count(request) if item["entry"].count else None
        item["where"] = "first" if position < FIRST else "wide" if position < WIDE else "later"
    return items


def bar_of(request: HttpRequest) -> list[dict[str, Any]]:
    """The pieces that areas draw in the bar, those that have something to show."""
    drawn = [(item, item.context(request)) for item in registries.bar_items.all()]
    return [
        {"slot": item.slot, "template": item.template, "context": context}
        for item, context in drawn
        if context is not None
    ]


def _entries(request: HttpRequest) -> list[registries.MenuEntry]:
    return registries.menu.for_user(request.user) if hasattr(request, "user") else []


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != reverse("ui:home") and path.startswith(url))
