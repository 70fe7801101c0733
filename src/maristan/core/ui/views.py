"""Home and the pages of the frame itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maristan.core.ui import registries
from maristan.core.ui.rules import is_signed_in, requires


@requires(is_signed_in)
def home(request: HttpRequest) -> HttpResponse:
    """What is due, for whom, since when; then the tiles of this person's areas."""
    return render(request, "ui/home.html", {"tiles": registries.tiles.for_user(request.user)})
