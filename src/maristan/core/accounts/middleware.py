"""What stands between a session and the pages: where I work, whether the screen is locked, what I must do first."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from maristan.core.accounts.models import Post
from maristan.core.accounts.services import has_second_factor, requires_second_factor, sessions

GetResponse = Callable[[HttpRequest], HttpResponse]
WHILE_LOCKED = {"accounts:lock", "accounts:lock_now", "account_logout", "ui:choose_language", "ui:choose_preference"}
FIRST_STEPS = {
    "accounts:lock_now",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "ui:choose_language",
    "ui:choose_preference",
}


class CurrentPost:
    """Give the request's user the post chosen in this session, if it still runs; else the first that does."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            running = list(Post.objects.running().with_places().filter(user=request.user))
            chosen = request.session.get("post")
            request.user.running_posts = running
            request.user.post = next((post for post in running if post.pk == chosen), running[0] if running else None)
        return self.get_response(request)


class ScreenLock:
    """Lock a session in which nobody works, end one that is too old, and stamp the others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now = timezone.now()
        if sessions.has_expired(request.session, now):
            logout(request)
            return _send(request, redirect_to_login(_where(request)))
        if not sessions.is_locked(request.session) and sessions.is_idle(request.session, request.user, now):
            sessions.lock_session(request, reason="idle")
        if not sessions.is_locked(request.session):
            sessions.stamp_session(request.session, now)
            return None
        if request.resolver_match.view_name in WHILE_LOCKED:
            return None
        return _send(request, redirect(f"{reverse('accounts:lock')}?{urlencode({'next': _where(request)})}"))


class FirstSteps:
    """A first password is changed, and staff enrol a second factor, before anything else opens."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, *arguments: object) -> HttpResponse | None:
        user, name = request.user, request.resolver_match.view_name
        if not user.is_authenticated or name in FIRST_STEPS or getattr(view, "is_public", False):
            return None
        if user.password_is_temporary:
            return _send(request, redirect("account_change_password"))
        if not requires_second_factor(user) or request.session.get("second_factor") == str(user.pk):
            return None
        if has_second_factor(user):  # enrolled elsewhere while this session had given a password only
            logout(request)
            return _send(request, redirect_to_login(_where(request)))
        return _send(request, redirect("mfa_activate_totp"))


def _where(request: HttpRequest) -> str:
    """The page on which the person is, to come back to: never the address of a change."""
    if request.headers.get("HX-Request"):
        return _path(request.headers.get("HX-Current-URL", ""))
    return request.get_full_path() if request.method == "GET" else _path(request.headers.get("Referer", ""))


def _path(url: str) -> str:
    parts = urlsplit(url)
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _send(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
    """A redirection that a partial update follows with the whole page."""
    return HttpResponse(headers={"HX-Redirect": response.url}) if request.headers.get("HX-Request") else response
