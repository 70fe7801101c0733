"""The record page: one person, opened once, read in eight ways."""

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from maristan.core.audit.services import record_event
from maristan.core.ui.rules import requires
from maristan.records.access.enums import Basis
from maristan.records.fhir import rules
from maristan.records.fhir.queries import encounters, laboratory, thread
from maristan.records.fhir.queries.facts import When
from maristan.records.fhir.queries.page import PAPERS, Page, load_page
from maristan.records.fhir.services import Store
from maristan.records.fhir.services.wards import list_ward
from maristan.records.patients.enums import Domain
from maristan.records.patients.models import Person

TABS = (
    ("record", gettext_lazy("Summary")),
    ("timeline", gettext_lazy("Thread")),
    ("treatments", gettext_lazy("Medications")),
    ("vitals", gettext_lazy("Vital signs")),
    ("results", gettext_lazy("Results")),
    ("documents", gettext_lazy("Documents")),
    ("encounters", gettext_lazy("Stays")),
)
MOST_ENTRIES = 80
MOST_GIVEN = 40


@requires(rules.can_read)
def record(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Summary: what the person has and takes, how they are going, what the tests say."""
    page, frame = _open(
        request, person_id, "record", *PAPERS, "ServiceRequest", "Immunization", "Procedure", "MedicationAdministration"
    )
    return render(request, "fhir/record.html", frame | {"page": page})


@requires(rules.can_read)
def timeline(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Everything that happened, newest first, filtered by type, period and establishment."""
    page, frame = _open(request, person_id, "timeline", *thread.TYPES)
    filters = _filters(request)
    bodies = _filtered(page, page.everything, filters)
    before = _before(request)
    entries = [e for e in page.thread(bodies) if before is None or (e.when and e.when.at < before)]
    shown = entries[:MOST_ENTRIES]
    earlier = ""
    if len(entries) > len(shown) and shown[-1].when:
        earlier = urlencode(filters.as_query() | {"before": shown[-1].when.at.isoformat()})
    kinds = [(code, words) for code, (words, _icon, _types) in thread.KINDS.items()]
    context = {"entries": shown, "earlier": earlier, "filters": filters, "kinds": kinds, "periods": _periods(page)}
    return render(request, "fhir/timeline.html", frame | context)


@requires(rules.can_read)
def treatments(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Prescriptions, running and past, and what was given."""
    page, frame = _open(request, person_id, "treatments", "MedicationAdministration")
    given = page.thread(page.of("MedicationAdministration"))[:MOST_GIVEN]
    return render(request, "fhir/treatments.html", frame | {"given": given})


@requires(rules.can_read)
def vitals(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Vital signs as curves and in figures."""
    _page, frame = _open(request, person_id, "vitals")
    return render(request, "fhir/vitals.html", frame)


@requires(rules.can_read)
def results(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Every laboratory test, abnormal first, filtered by period and establishment."""
    page, frame = _open(request, person_id, "results")
    filters = _filters(request)
    bodies = _filtered(page, page.laboratory_bodies, filters)
    found = laboratory.read_laboratory(bodies, page.subject, page.names)
    context = {"laboratory": found, "filters": filters, "periods": _periods(page)}
    return render(request, "fhir/results.html", frame | context)


@requires(rules.can_read)
def documents(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Letters, notes and reports, with their words."""
    _page, frame = _open(request, person_id, "documents", *PAPERS)
    return render(request, "fhir/documents.html", frame)


@requires(rules.can_read)
def stays(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Stays and visits by establishment."""
    page, frame = _open(request, person_id, "encounters")
    return render(request, "fhir/encounters.html", frame | {"groups": encounters.by_establishment(page.stays)})


@requires(rules.can_read)
def search(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Words within this record only; the search itself is an audit line."""
    page, frame = _open(request, person_id, "", *thread.TYPES)
    query = request.GET.get("q", "").strip()[:100]
    found = thread.search_bodies(page.everything, query)
    if query:
        record_event("record.search", by=request.user, patient=person_id, entity="Patient", entity_id=str(person_id))
    entries = page.thread(found)
    context = {"query": query, "entries": entries[:MOST_ENTRIES], "found": len(entries)}
    return render(request, "fhir/search.html", frame | context)


@requires(rules.can_print)
def print_summary(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """The summary for paper (A4), the identity on every sheet. Opening it is audited as a printing."""
    _page, frame = _open(request, person_id, "", "ServiceRequest", "DiagnosticReport", "Immunization")
    record_event("record.print", by=request.user, patient=person_id, entity="Patient", entity_id=str(person_id))
    return render(request, "fhir/print.html", frame | {"now": When(timezone.now())})


@requires(rules.can_read)
def ward(request: HttpRequest) -> HttpResponse:
    """Patients of the reader's ward, danger first."""
    service = request.user.post.service
    panel = {"patients": list_ward(service, by=request.user) if service else []}
    return render(request, "fhir/ward.html", {"panel": panel, "service": service})


def _open(request: HttpRequest, person_id: uuid.UUID, tab: str, *types: str) -> tuple[Page, dict[str, Any]]:
    """Open the chart through the door (which decides and writes the audit line) and frame its page."""
    person = get_object_or_404(Person.objects.select_related("mother"), pk=person_id)
    chart = Store(by=request.user).open_chart(person)
    page = load_page(chart, *types)
    tabs = [{"code": code, "words": words, "url": reverse(f"fhir:{code}", args=[person_id])} for code, words in TABS]
    if request.user.may("access.review"):
        tabs.append({"code": "seen", "words": _("Accesses"), "url": reverse("access:seen", args=[person_id])})
    frame = {
        "page": page,
        "person": person,
        "sex": _sex_words(person),
        "born": pgettext("woman", "born") if person.sex == "female" else pgettext("man", "born"),
        "number": _number(person),
        "decision": chart.decision,
        "by_break_glass": chart.decision.basis == Basis.BREAK_GLASS,
        "tabs": tabs,
        "tab": tab,
        "tab_words": dict(TABS).get(tab, _("record")),
        "can_print": request.user.may("record.print"),
        "today": timezone.localdate(),
    }
    return page, frame


def _sex_words(person: Person) -> str:
    """Woman, man, girl, boy: what a colleague says, by age."""
    age = person.age_on(timezone.localdate())
    child = age is not None and age < 15
    words = {
        ("female", True): _("Girl"),
        ("female", False): _("Woman"),
        ("male", True): _("Boy"),
        ("male", False): _("Man"),
    }
    return words.get((person.sex, child)) or person.get_sex_display()


def _number(person: Person) -> str:
    """The number to show: of an establishment before a national one."""
    living = sorted((i for i in person.identifiers.all() if i.is_live), key=lambda i: i.domain != Domain.NUMBER)
    return living[0].written if living else ""


def _filters(request: HttpRequest) -> thread.Filters:
    return thread.Filters(**{name: request.GET.get(name, "")[:80] for name in ("kind", "period", "place")})


def _filtered(page: Page, bodies: list[dict], filters: thread.Filters) -> list[dict]:
    if filters.kind in thread.KINDS:
        bodies = [b for b in bodies if b["resourceType"] in filters.types]
    if filters.place:
        bodies = page.at_establishment(bodies, filters.place)
    since = filters.since(page.stay.start.at if page.stay and page.stay.start else None)
    return [b for b in bodies if since is None or thread.is_since(b, since)]


def _periods(page: Page) -> list[tuple[str, Any]]:
    return [(code, words) for code, words in thread.PERIODS.items() if code != "stay" or page.stay]


def _before(request: HttpRequest) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return found if found.tzinfo else timezone.make_aware(found)
