"""Relations of care declared by services, and requests to the responsible physician."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maristan.core.ui.rules import requires
from maristan.records.access import queries, rules, services
from maristan.records.access.forms import RelationForm, WordsForm
from maristan.records.access.models import CareRelation, RelationRequest
from maristan.records.patients.models import Person


@requires(rules.can_relate)
def relations(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Who takes care of this person, by declaration; declare that my service does."""
    service = request.user.post.service
    if request.method == "POST" and service is None:
        raise PermissionDenied("only a service cares for a person")
    person = _visible(request, person_id)
    form = RelationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.open_relation(person, by=request.user, service=service, **form.cleaned_data)
        messages.success(request, _("The record is open to your service."))
        return redirect(_after(request, person))
    found = CareRelation.objects.filter(person=person).select_related(
        "service__establishment", "user", "responsible", "given_by"
    )
    rows = [(relation, relation.is_running and services.may_close(relation, by=request.user)) for relation in found]
    context = {"person": person, "form": form, "rows": rows, "service": service}
    return render(request, "access/relations.html", context, status=422 if form.errors else 200)


def _visible(request: HttpRequest, person_id: uuid.UUID) -> Person:
    """The person, unless the very existence of the record is kept from this reader."""
    person = get_object_or_404(Person, pk=person_id)
    if services.decide_access(person, by=request.user).hidden:
        raise Http404
    return person


def _after(request: HttpRequest, person: Person) -> str:
    return person.get_absolute_url() if request.user.may("record.read") else request.path


@requires(rules.can_relate)
@require_POST
def close(request: HttpRequest, relation_id: int) -> HttpResponse:
    """Say that the service no longer takes care of this person."""
    relation = get_object_or_404(CareRelation.objects.select_related("service__establishment"), pk=relation_id)
    if not services.may_close(relation, by=request.user):
        raise Http404
    services.close_relation(relation, by=request.user)
    return redirect("access:relations", relation.person_id)


@requires(rules.can_read_records)
@require_POST
def ask(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask the responsible physician to open the record to me."""
    person = _visible(request, person_id)
    form = WordsForm(request.POST)
    try:
        if form.is_valid():
            services.ask_relation(person, by=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("Your request is sent. The record opens when it is accepted."))
        else:
            messages.error(request, _("Say in a few words why you ask."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("access:break_glass", person.pk)


@requires(rules.can_review)
def requests(request: HttpRequest) -> HttpResponse:
    """Colleagues who ask me to open the record of my patients, oldest first."""
    waiting = queries.requests_to(request.user).select_related("person", "user")
    return render(request, "access/requests.html", {"requests": waiting})


@requires(rules.can_review)
@require_POST
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Open the record to the colleague who asks, or decline."""
    asked = get_object_or_404(RelationRequest, pk=request_id, told=request.user)
    try:
        services.answer_request(asked, by=request.user, accepted=request.POST.get("answer") == "accept")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("access:requests")
