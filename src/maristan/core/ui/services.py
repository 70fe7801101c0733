"""Changing what a person arranged for themself, which is not audited, and publishing to live screens."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from maristan.core.ui import queries
from maristan.core.ui.models import HomeLayout, LiveEvent, SavedFilter


@transaction.atomic
def move_tile(code: str, *, up: bool, by: Any) -> None:
    """Exchange a tile of `by`'s home with its neighbour; moving the first up or the last down changes nothing."""
    codes = [tile.code for tile in queries.tiles_of(by)]
    if code not in codes:
        raise ValidationError(_("This tile is not one of yours."))
    place = codes.index(code)
    other = place - 1 if up else place + 1
    if 0 <= other < len(codes):
        codes[place], codes[other] = codes[other], codes[place]
    HomeLayout.objects.update_or_create(owner=by.pk, defaults={"tiles": codes})


@transaction.atomic
def save_filter(page: str, *, name: str, query: str, by: Any) -> SavedFilter:
    """Keep the filter `query` of the list at the path `page` under a name; the same name again replaces it.

    Raises ValidationError when the name is empty or `page` is no page of ours.
    """
    kept = SavedFilter(owner=by.pk, page=_own_path(page), name=name.strip(), query=_without_page_number(query))
    existing = SavedFilter.objects.filter(owner=kept.owner, page=kept.page, name=kept.name).first()
    if existing:
        existing.query, kept = kept.query, existing
    kept.full_clean()
    kept.save()
    return kept


@transaction.atomic
def remove_filter(kept: uuid.UUID, *, by: Any) -> None:
    """Forget a filter of `by`; another person's is as if it did not exist."""
    SavedFilter.objects.get(owner=by.pk, pk=kept).delete()


def _own_path(page: str) -> str:
    try:
        resolve(page)
    except Resolver404 as error:
        raise ValidationError(_("This list does not exist.")) from error
    return page


def _without_page_number(query: str) -> str:
    parameters = QueryDict(query, mutable=True)
    parameters.pop("page", None)
    return parameters.urlencode()


LIVE_CHANNEL = "maristan_live"


def publish_event(topic: str, fragment: str, *, right: str = "", viewer: Any = None, place: Any = None) -> LiveEvent:
    """Show `fragment` on the open pages that listen to `topic`, once the present transaction commits.

    Whoever holds `right` (over `place`, an establishment or a service, if given) sees it, or the account `viewer`
    alone. Rolled back with its transaction. The fragment is rendered once for all: no clinical fact, no patient's name.
    """
    facts = {"topic": topic, "fragment": fragment, "right": right, "viewer": viewer and viewer.pk}
    if place is not None:
        facts |= {"place_kind": place._meta.model_name, "place_id": place.pk}
    with transaction.atomic():
        event = LiveEvent.objects.create(**facts)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [LIVE_CHANNEL])
    return event


def sweep_events(*, hours: int = 24) -> int:
    """Forget events that no open page can still ask for. Returns how many."""
    return LiveEvent.objects.filter(at__lt=Now() - timedelta(hours=hours)).delete()[0]
