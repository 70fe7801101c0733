"""Changing what a person arranged for themself. None of it is audited: it says nothing about anybody else."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from maristan.core.ui import queries
from maristan.core.ui.models import HomeLayout, SavedFilter


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
