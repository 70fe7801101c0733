"""One interaction, one line, committed before the answer leaves. If it cannot be written, nothing is shown."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maristan.core.audit.enums import Outcome
from maristan.core.audit.services import Interaction, open_interaction, record_event

logger = logging.getLogger(__name__)


class AuditInteraction:
    """Open the interaction of a request; its lines are written even when the request fails or is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        interaction = Interaction(request)
        request.request_id = interaction.id
        with open_interaction(interaction):
            response = self._answer(request, interaction)
        if response.streaming:
            response.streaming_content = _settled(interaction, response.streaming_content)
        response["X-Request-ID"] = str(interaction.id)
        return response

    def _answer(self, request: HttpRequest, interaction: Interaction) -> HttpResponse:
        try:
            response = self.get_response(request)
        except BaseException:  # the worker is being stopped in the middle of a view
            with suppress(Exception):
                interaction.settle()
            raise
        try:
            _record_refusal(request, response, interaction)
            interaction.settle()
        except Exception:
            logger.exception("An audit line cannot be written: the answer to request %s is withheld", interaction.id)
            response.close()
            return _withheld(request)
        return response


def _record_refusal(request: HttpRequest, response: HttpResponse, interaction: Interaction) -> None:
    """A page refused by its rule leaves a line, unless what refused it has already written one."""
    if response.status_code != 403 or interaction.refused:
        return
    match = request.resolver_match
    record_event(
        "page.refused",
        entity="page",
        entity_id=match.view_name if match else "",
        outcome=Outcome.REFUSED,
        detail={"method": request.method, "path": request.path},
    )


def _withheld(request: HttpRequest) -> HttpResponse:
    response = render(request, "audit/withheld.html", status=503)
    response["Retry-After"] = "30"
    return response


def _settled(interaction: Interaction, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of a long answer, each sent once the lines recorded while making it are committed."""
    parts = iter(parts)
    while True:
        with open_interaction(interaction):
            part = next(parts, None)
            interaction.settle()
        if part is None:
            return
        yield part
