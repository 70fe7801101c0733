"""Closed by default: a page is for signed-in people, and has a rule, unless it opts out by name."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse


class ClosedByDefault:
    """Send anonymous visitors to sign in, refuse to run a view that has no rule, and forbid caches to keep pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if getattr(view, "is_public", False) or request.resolver_match.view_name in settings.PUBLIC_VIEWS:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.resolver_match.view_name in settings.SIGNED_IN_VIEWS:
            return None
        if not hasattr(view, "access_rule"):
            raise ImproperlyConfigured(f"{request.resolver_match.view_name} has no rule: decorate it with @requires")
        return None
