"""Who saw a record: for the person it is about, and for those who answer for it."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from maristan.core.ui.rules import requires
from maristan.records.access import queries, rules, services
from maristan.records.access.enums import Basis
from maristan.records.access.forms import WordsForm
from maristan.records.access.models import Question
from maristan.records.patients.models import Person

PAGE = 40


@requires(rules.can_see_own)
def seen_by(request: HttpRequest) -> HttpResponse:
    """Who saw my record, by day, in plain words."""
    person = _own(request)
    page = Paginator(queries.lines_of(person), PAGE).get_page(request.GET.get("page"))
    asked = {question.line: question for question in person.access_questions.filter(asked_by=request.user)}
    days = queries.looks_by_day(person, page, apart=asked)
    context = {"person": person, "page": page, "days": days, "asked": asked}
    return render(request, "access/seen_by.html", context)


@requires(rules.can_see_own)
def ask(request: HttpRequest, line_id: uuid.UUID) -> HttpResponse:
    """Ask why somebody looked at my record; the answer is shown here."""
    person = _own(request)
    line = get_object_or_404(AuditLine, pk=line_id, patient_id=person.pk)
    question = Question.objects.filter(line=line.pk, asked_by=request.user).first()
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_question(person, by=request.user, line=line.pk, words=form.cleaned_data["words"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("Your question is sent. The answer will be shown here."))
            return redirect("access:ask", line.pk)
    look = queries.read_looks(person, [line])[0]
    context = {"look": look, "form": form, "question": question}
    return render(request, "access/ask.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> Person:
    return get_object_or_404(Person, account=request.user)


@requires(rules.can_see_accesses)
def seen(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Who saw this record, for its physician and the data protection officer; the person goes to their own page."""
    person = get_object_or_404(Person.objects.select_related("commune", "mother"), pk=person_id)
    if person.account_id == request.user.pk:
        return redirect("access:seen_by")
    if not rules.can_review.test(request.user):
        raise Http404
    if not rules.can_oversee.test(request.user):
        _require_relation(person, request)
    page = Paginator(queries.lines_of(person), PAGE).get_page(request.GET.get("page"))
    record_event("access.seen", by=request.user, patient=person.pk, entity="AuditLine", purpose="HOPERAT")
    context = {"person": person, "page": page, "days": queries.looks_by_day(person, page)}
    context["can_open"] = request.user.may("record.read")
    return render(request, "access/seen.html", context)


def _require_relation(person: Person, request: HttpRequest) -> None:
    """A physician answers for own patients only: a record opened in an emergency does not show its other readers."""
    if services.require_access(person, by=request.user).basis != Basis.RELATION:
        raise PermissionDenied("no care relation")
