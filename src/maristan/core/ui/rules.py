"""How a page says who may open it. Every view carries one of these; the middleware refuses a view without.

A rule is a predicate of the `rules` library on (user, place): compose with `&`, `|` and `~`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def permits(code: str) -> rules.Predicate:
    """True when the user's current post holds the right `code`, over `place` when one is given."""
    return rules.Predicate(lambda user, place=None: user.may(code, place), name=f"permits {code}")


@rules.predicate
def is_signed_in(user: Any) -> bool:
    """Any person with an open session: their own pages only."""
    return user.is_authenticated


def requires(rule: rules.Predicate) -> Callable[[View], View]:
    """Decorate a view with its rule. Anonymous visitors are sent to sign in; others who may not get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            check(request, rule)
            return view(request, *args, **kwargs)

        guarded.access_rule = rule
        return guarded

    return decorate


def public(view: View) -> View:
    """Opt out of sign-in, by name: the page shows nothing about any person."""
    view.access_rule = rules.always_true
    view.is_public = True
    return view


def check(request: HttpRequest, rule: rules.Predicate, place: Any = None) -> None:
    """Raise PermissionDenied (answered 403 and audited) unless the rule holds for the user, over `place` if given."""
    if not rule.test(request.user, place):
        raise PermissionDenied(rule.name)
