"""The passive registries into which areas register what they show; this module asks nothing of anyone.

An area registers from its `hooks.py`, which its AppConfig imports once all models are loaded. What is registered names
the permission it needs, so a screen never shows an entry that its reader may not open.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Permission:
    """One right: `area.verb` code, a label for the administrator, and the default roles that hold it."""

    code: str
    label: Any
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the bar. `count` returns how many acts wait (None or 0 shows nothing); news is not counted.

    An empty `permission` shows the entry to every signed-in person.
    """

    code: str
    label: Any
    url_name: str
    icon: str
    permission: str = ""
    order: int = 50
    count: Callable[[HttpRequest], int | None] | None = None


@dataclass(frozen=True)
class Tile:
    """A home tile: `figure(request)` returns (figure, sentence) or None to stay away. At most six are shown."""

    code: str
    label: Any
    url_name: str
    icon: str
    permission: str
    figure: Callable[[HttpRequest], tuple[Any, Any] | None] = lambda request: None
    order: int = 50


@dataclass(frozen=True)
class Panel:
    """A sheet of the home page, rendered from the area's own template with `context(request)`.

    `context` returns None when there is nothing to show; `column` is "work" (what is due) or "people".
    """

    code: str
    permission: str
    template: str
    context: Callable[[HttpRequest], dict | None]
    column: str = "work"
    order: int = 50


@dataclass(frozen=True)
class BarItem:
    """A piece of the bar that an area draws: `slot` is "place" (where I work), "who" (who I am, lock) or "citizen".

    The template sees what `context(request)` returned as `item`; None keeps the piece away.
    """

    code: str
    slot: str
    template: str
    context: Callable[[HttpRequest], dict | None] = lambda request: {}
    order: int = 50


@dataclass(frozen=True)
class Hit:
    """One line of the global search: where it leads, its words in both scripts, and what tells it from its like."""

    url: str
    title: str
    detail: str = ""
    other_script: str = ""
    icon: str = "user"


@dataclass(frozen=True)
class SearchSource:
    """`search(request, text, limit)` returns (hits, how many more there are): never a silent limit."""

    code: str
    label: Any
    permission: str
    search: Callable[[HttpRequest, str, int], tuple[list[Hit], int]]
    order: int = 50


@dataclass(frozen=True)
class MinuteJob:
    """Something an area does every minute in the worker, such as ending what has a limit; it must bear repetition."""

    code: str
    run: Callable[[], Any]
    order: int = 50


@dataclass
class Registry:
    """What one kind of thing has been registered, by code; registering a code twice is a mistake."""

    entries: dict[str, Any] = field(default_factory=dict)

    def register(self, entry: Any) -> Any:
        if entry.code in self.entries:
            raise ValueError(f"{entry.code} is registered twice")
        self.entries[entry.code] = entry
        return entry

    def all(self) -> list[Any]:
        return sorted(self.entries.values(), key=lambda entry: (getattr(entry, "order", 0), entry.code))

    def for_user(self, user: Any) -> list[Any]:
        if not user.is_authenticated:
            return []
        return [entry for entry in self.all() if not entry.permission or user.may(entry.permission)]


permissions = Registry()
menu = Registry()
tiles = Registry()
panels = Registry()
search_sources = Registry()
minute_jobs = Registry()
bar_items = Registry()


def register_permissions(entries: Iterable[tuple[str, Any, tuple[str, ...]]]) -> None:
    """Declare the rights of an area: (code, label, default roles)."""
    for code, label, roles in entries:
        permissions.register(Permission(code, label, roles))
