"""The access register for the data protection officer: filter, read one line, take a selection out."""

import uuid
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from maristan.core.audit import queries, rules
from maristan.core.audit.forms import JournalFilter
from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from maristan.core.audit.services.export import FORMATS
from maristan.core.audit.services.journal import filter_lines, lines_for, name_lines
from maristan.core.ui.rules import requires

SHOWN = 50
SEAL_DELAY = timedelta(seconds=5)


@requires(rules.can_view)
def journal(request: HttpRequest) -> HttpResponse:
    """The newest lines that answer the filters; `before` continues below a line, so no page counts millions."""
    form = JournalFilter(request.GET, user=request.user)
    lines: list[AuditLine] = []
    if form.is_valid():
        found = filter_lines(lines_for(request.user), form.cleaned_data)
        if before := _line_id(request.GET.get("before", "")):
            found = found.filter(id__lt=before)
        lines = list(found.order_by("-id")[: SHOWN + 1])
        record_event("audit.read", entity="AuditLine", purpose="HOPERAT", detail=_filters(form))
    context = {
        "form": form,
        "lines": name_lines(lines[:SHOWN]),
        "older": lines[SHOWN - 1] if len(lines) > SHOWN else None,
        "sealed": queries.last_block(),
        "waiting": _waiting(queries.oldest_unsealed()),
        "formats": FORMATS if rules.can_export.test(request.user, None) else {},
    }
    return render(request, "audit/journal.html", context)


@requires(rules.can_view)
def line(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """One line, whole, with the block that seals it. A line out of the reader's scope answers 404."""
    found = get_object_or_404(lines_for(request.user), pk=line_id)
    detail = {"line": str(line_id)}
    record_event("audit.read", entity="AuditLine", entity_id=str(line_id), purpose="HOPERAT", detail=detail)
    name_lines([found])
    return render(request, "audit/line.html", {"line": found, "seal": queries.block_of(found)})


@requires(rules.can_export)
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The lines that answer the filters, as a file; the export is a line itself, written before the first byte."""
    if form not in FORMATS:
        raise Http404
    filters = JournalFilter(request.GET, user=request.user)
    if not filters.is_valid():
        raise Http404
    write, kind, suffix = FORMATS[form]
    lines = filter_lines(lines_for(request.user), filters.cleaned_data).order_by("id")
    detail = {**_filters(filters), "format": form, "lines": lines.count()}
    record_event("audit.export", entity="AuditLine", purpose="HOPERAT", detail=detail)
    response = StreamingHttpResponse(write(lines.iterator()), content_type=kind)
    name = f"acces-{timezone.localtime():%Y%m%d-%H%M}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _waiting(since: datetime | None) -> datetime | None:
    """Since when lines wait for their seal, once it is longer than the sealer takes."""
    return since if since and since < timezone.now() - SEAL_DELAY else None


def _filters(form: JournalFilter) -> dict[str, str]:
    return {name: str(value) for name, value in form.cleaned_data.items() if value}


def _line_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
