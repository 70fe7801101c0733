"""Home, search, the choices kept in the browser, saved filters, and the pages of refusal."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maristan.core.ui import queries, registries, services
from maristan.core.ui.context import PREFERENCES, menu_of
from maristan.core.ui.forms import GalleryForm
from maristan.core.ui.models import SavedFilter
from maristan.core.ui.rules import is_signed_in, permits, public, requires
from maristan.core.ui.signals import language_chosen

TILES_SHOWN = 6
HITS_AS_ONE_TYPES, HITS_OF_A_PAGE = 6, 25
YEAR = 365 * 24 * 3600


@requires(is_signed_in)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is due, for whom, since when; then the tiles of this person's areas."""
    panels = [
        (panel, context)
        for panel in registries.panels.for_user(request.user)
        if (context := panel.context(request)) is not None
    ]
    tiles = [(tile, figure) for tile in queries.tiles_of(request.user) if (figure := tile.figure(request)) is not None]
    context = {
        "greeting": _greeting(request),
        "today": timezone.localtime(),
        "work": [drawn for drawn in panels if drawn[0].column == "work"],
        "people": [drawn for drawn in panels if drawn[0].column == "people"],
        "tiles": tiles[:TILES_SHOWN],
        "can_arrange": len(tiles) > 1,
        "doors": [item for item in menu_of(request) if item["entry"].url_name != "ui:home"],
    }
    return render(request, _for_reader(request, "ui/home.html", "ui/citizen_home.html"), context)


@requires(is_signed_in)
@require_http_methods(["GET", "POST"])
def arrange_tiles(request: HttpRequest) -> HttpResponse:
    """Order the tiles of home: the first six are shown."""
    if request.method == "POST":
        code = request.POST.get("up") or request.POST.get("down", "")
        try:
            services.move_tile(code, up="up" in request.POST, by=request.user)
        except ValidationError as error:
            raise Http404 from error
        return redirect("ui:arrange_tiles")
    return render(request, "ui/arrange_tiles.html", {"tiles": queries.tiles_of(request.user), "shown": TILES_SHOWN})


@requires(is_signed_in)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One field for everything; sent whole, a search with a single answer opens it."""
    text = request.GET.get("q", "").strip()[:100]
    found = queries.search_everywhere(request, text, HITS_AS_ONE_TYPES if request.htmx else HITS_OF_A_PAGE)
    context = {"text": text, "found": found, "is_short": len(text) < queries.SHORTEST}
    if request.htmx:
        return render(request, "ui/_hits.html", context)
    only = [hit for part in found for hit in part.hits]
    if len(only) == 1 and not any(part.more for part in found):
        return HttpResponseRedirect(only[0].url)
    return render(request, "ui/search.html", context)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the pages in a cookie, and tell those who keep it elsewhere."""
    language = request.POST.get("language")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    response = _back(request)
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    language_chosen.send(sender=None, request=request, language=language)
    return response


@public
@require_POST
def choose_preference(request: HttpRequest) -> HttpResponse:
    """Keep the theme, or whether single letters act, in a cookie of this browser."""
    name, value = request.POST.get("name"), request.POST.get("value")
    if value not in PREFERENCES.get(name, ()):
        raise Http404
    response = _back(request)
    _keep(response, name, value)
    return response


@requires(is_signed_in)
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the list one looks at under a name."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    try:
        kept = services.save_filter(page, name=request.POST.get("name", ""), query=query, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _back(request)
    return HttpResponseRedirect(kept.address)


@requires(is_signed_in)
@require_POST
def remove_filter(request: HttpRequest, kept: uuid.UUID) -> HttpResponse:
    """Forget a filter of one's own."""
    try:
        services.remove_filter(kept, by=request.user)
    except SavedFilter.DoesNotExist as error:
        raise Http404 from error
    return _back(request)


@requires(permits("ui.gallery"))
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, in both directions and both themes."""
    columns = [
        {"lang": "fr", "dir": "ltr", "theme": "light", **_gallery_forms("fr")},
        {"lang": "ar", "dir": "rtl", "theme": "dark", **_gallery_forms("ar")},
    ]
    page = Paginator(range(312), 20).page(3)
    return render(request, "ui/gallery.html", {"columns": columns, "page": page})


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says that the right is missing, who can give it, and the way home."""
    return render(request, "ui/refused.html", {"frame": _frame_of(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words whether the thing is absent or another establishment's."""
    return render(request, "ui/not_found.html", {"frame": _frame_of(request)}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: drawn without the bar, which could be what failed."""
    return render(request, "ui/failed.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose page was opened too long ago or elsewhere."""
    return render(request, "ui/stale_form.html", {"frame": _frame_of(request)}, status=403)


def _frame_of(request: HttpRequest) -> str:
    return _for_reader(request, "ui/base.html", "ui/citizen.html")


def _for_reader(request: HttpRequest, staff: str, citizen: str) -> str:
    """Citizens get the light page: no script, one small sheet."""
    return citizen if getattr(request.user, "kind", "") == "citizen" else staff


def _greeting(request: HttpRequest) -> str:
    hello = _("Good morning") if timezone.localtime().hour < 17 else _("Good evening")
    arabic = (get_language_info(request.LANGUAGE_CODE)["bidi"]) and getattr(request.user, "first_name_ar", "")
    return f"{hello} {arabic or request.user.first_name}".strip()


def _gallery_forms(language: str) -> dict[str, Any]:
    wrong = GalleryForm({f"{language}-wrong-temperature": "83,7"}, prefix=f"{language}-wrong")
    return {"form": GalleryForm(prefix=language), "wrong": wrong}


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if is_ours else "/")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
