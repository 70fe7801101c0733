"""Searching on behalf of somebody: audited once for one search, slowed down for one who walks through the names."""

import datetime
import time
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from maristan.core.accounts.models import User
from maristan.core.audit.services import record_event
from maristan.records.patients.models.names import fold
from maristan.records.patients.queries import PersonHit, search_people

RUN_SECONDS = 8.0
RUN_SEARCHES = 25
MOST_A_MINUTE = 90
MOST_AN_HOUR = 1200
COUNT_SEARCH = """
INSERT INTO patients_searchrate AS rate (user_id, minute, searches) VALUES (%s, %s, 1)
ON CONFLICT (user_id, minute) DO UPDATE SET searches = rate.searches + 1
RETURNING searches,
    (SELECT coalesce(sum(searches), 0) FROM patients_searchrate WHERE user_id = %s AND minute > %s)
"""


class TooManySearches(Exception):
    """This account searched too often: names are found by knowing them, not by walking through them."""


@dataclass(frozen=True)
class SearchAnswer:
    """`hits` first ones, `more` how many others (counted up to queries.COUNT_LIMIT)."""

    text: str
    hits: list[PersonHit]
    more: int


def find_people(text: str, *, by: User, run: MutableMapping[str, Any] | None = None, limit: int = 20) -> SearchAnswer:
    """Search for `by`, territory-wide, audited and counted. Raises TooManySearches.

    `run` is the session: what is typed on from an audited text within 8 s (25 requests at most) belongs to the same
    search and writes no second line, since the line holds the broader text that all later answers also answer.
    """
    text = " ".join(text.split())
    if not text:
        return SearchAnswer("", [], 0)
    _count(by)
    hits, more = search_people(text, limit=limit)
    if not _continues(run, text):
        record_event("patients.search", by=by, entity="Person", detail={"text": text, "found": len(hits), "more": more})
    return SearchAnswer(text, hits, more)


def _continues(run: MutableMapping[str, Any] | None, text: str) -> bool:
    """Whether `text` goes on from the search audited last in this session; keeps the run in the session."""
    if run is None:
        return False
    folded, now = fold(text), time.time()
    last = run.get("patients_search")
    going_on = (
        last is not None
        and folded.startswith(last["text"])
        and len(last["text"]) >= 2
        and now - last["at"] < RUN_SECONDS
        and last["searches"] < RUN_SEARCHES
    )
    run["patients_search"] = (
        {**last, "at": now, "searches": last["searches"] + 1}
        if going_on
        else {"text": folded, "at": now, "searches": 1}
    )
    return going_on


def _count(by: User) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    hour = minute - datetime.timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SEARCH, [by.pk, minute, by.pk, hour])
        in_minute, in_hour = cursor.fetchone()
    if in_minute > MOST_A_MINUTE or in_hour > MOST_AN_HOUR:
        record_event("patients.search", by=by, outcome="refused", detail={"searches": in_minute})
        raise TooManySearches
