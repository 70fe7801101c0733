"""The review of emergency accesses: the queue, one access, figures; one's own; citizens' questions."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maristan.core.territory.models import Establishment, Service
from maristan.core.ui.rules import requires
from maristan.records.access import queries, rules, services
from maristan.records.access.forms import VerdictForm, WordsForm
from maristan.records.access.models import BreakGlass

PAGE = 25


@requires(rules.can_review)
def review(request: HttpRequest) -> HttpResponse:
    """What waits for a verdict, oldest first; `?all` shows also what has been judged, newest first."""
    mine = queries.accesses_judged_by(request.user)
    everything = "all" in request.GET
    rows = mine.order_by("-starts_at") if everything else queries.waiting(mine).order_by("starts_at")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "everything": everything,
        "questions": queries.questions_to(request.user).filter(answered_at=None).count(),
        "requests": queries.requests_to(request.user).count(),
    }
    return render(request, "access/review.html", context)


@requires(rules.can_review)
def access(request: HttpRequest, access_id: uuid.UUID) -> HttpResponse:
    """One access: who, why, what was opened under it, what was said; the verdict."""
    found = get_object_or_404(queries.accesses_judged_by(request.user), pk=access_id)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_verdict(found, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The verdict is written."))
            return redirect("access:review")
    context = {
        "access": found,
        "form": form,
        "lines": queries.opened_under(found)[:200],
        "verdicts": found.verdicts.select_related("judge"),
        "explanations": found.explanations.all(),
    }
    return render(request, "access/access.html", context, status=422 if form.errors else 200)


@requires(rules.can_review)
def figures(request: HttpRequest) -> HttpResponse:
    """Emergency accesses by month and service."""
    rows = queries.figures(request.user)
    services_by_id = Service.objects.select_related("establishment").in_bulk({row["service"] for row in rows} - {None})
    places = Establishment.objects.in_bulk({row["establishment"] for row in rows} - {None})
    for row in rows:
        row["service"] = services_by_id.get(row["service"])
        row["establishment"] = places.get(row["establishment"])
    return render(request, "access/figures.html", {"rows": rows})


@requires(rules.can_break_glass)
def mine(request: HttpRequest) -> HttpResponse:
    """The records I opened in an emergency: those still open, and what was said of the others."""
    rows = queries.with_verdict(BreakGlass.objects.filter(user=request.user)).order_by("-starts_at")
    page = Paginator(rows.prefetch_related("verdicts__judge", "explanations"), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/mine.html", {"page": page, "form": WordsForm()})


@requires(rules.can_break_glass)
@require_POST
def explain(request: HttpRequest, access_id: uuid.UUID) -> HttpResponse:
    """Say more about an access of mine."""
    found = get_object_or_404(BreakGlass, pk=access_id, user=request.user)
    form = WordsForm(request.POST)
    if form.is_valid():
        services.explain_access(found, by=request.user, words=form.cleaned_data["words"])
        messages.success(request, _("Your explanation is added."))
    else:
        messages.error(request, _("Write a few words first."))
    return redirect("access:mine")


@requires(rules.can_oversee)
def questions(request: HttpRequest) -> HttpResponse:
    """What citizens ask about who saw their record, unanswered first."""
    rows = (
        queries.questions_to(request.user)
        .select_related("person", "establishment")
        .order_by(F("answered_at").desc(nulls_first=True), "asked_at")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = queries.lines_asked(page)
    asked = [(question, lines.get(question.line)) for question in page]
    return render(request, "access/questions.html", {"page": page, "rows": asked})


@requires(rules.can_oversee)
@require_POST
def answer(request: HttpRequest, question_id: uuid.UUID) -> HttpResponse:
    """Answer a citizen's question."""
    question = get_object_or_404(queries.questions_to(request.user), pk=question_id)
    form = WordsForm(request.POST)
    try:
        if form.is_valid():
            services.answer_question(question, by=request.user, answer=form.cleaned_data["words"])
            messages.success(request, _("The answer is sent."))
        else:
            messages.error(request, _("Write a few words first."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("access:questions")
