"""The refusal, in the chart's frame, and the form that breaks the glass."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from maristan.core.accounts.models import User
from maristan.core.ui.rules import check, requires
from maristan.core.ui.views import refused as plain_refusal
from maristan.records.access import rules, services
from maristan.records.access.enums import Basis
from maristan.records.access.forms import BreakGlassForm, RelationForm, WordsForm
from maristan.records.access.models import BreakGlass, RelationRequest
from maristan.records.patients.models import Person

LOCKED_TABS = (
    gettext_lazy("Summary"),
    gettext_lazy("Timeline"),
    gettext_lazy("Treatments"),
    gettext_lazy("Vital signs"),
    gettext_lazy("Results"),
    gettext_lazy("Stays"),
    gettext_lazy("Documents"),
    gettext_lazy("Accesses"),
)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 403 of every page: a closed record shows why and the ways left, anything else the plain page."""
    if isinstance(exception, services.AccessRefused):
        return _show_closed(request, exception.person, reference=exception.reference)
    return plain_refusal(request, exception)


@requires(rules.can_read_records)
def break_glass(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask to open a closed record, or to extend; the record itself as soon as it is open."""
    if request.method == "POST":
        check(request, rules.can_break_glass)
    person = get_object_or_404(Person.objects.select_related("commune", "mother"), pk=person_id)
    if request.method == "POST":
        return _break(request, person)
    decision = services.require_access(person, by=request.user)
    if decision.basis == Basis.BREAK_GLASS and "extend" in request.GET:
        return _show_closed(request, person, running=decision)
    return redirect(person.get_absolute_url())


def _break(request: HttpRequest, person: Person) -> HttpResponse:
    if services.decide_access(person, by=request.user).hidden:
        raise Http404
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            services.break_glass(person, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(person.get_absolute_url())
    return _show_closed(request, person, form=form, status=422)


def _form(request: HttpRequest, data: dict | None = None) -> BreakGlassForm:
    return BreakGlassForm(data, needs_code=services.needs_code(request.user))


def _show_closed(request: HttpRequest, person: Person, *, status: int = 403, **found: object) -> HttpResponse:
    """The page of a closed record: identity, nothing medical, the ordinary ways, the form, what follows."""
    user, now = request.user, timezone.now()
    service = user.post.service if user.post else None
    context = {
        "person": person,
        "form": _form(request) if rules.can_break_glass.test(user) else None,
        "open_words": _open_words(),
        "locked_tabs": LOCKED_TABS,
        "review_days": settings.BREAK_GLASS_REVIEW_DAYS,
        "closes_at": now + services.duration(),
        "now": now,
        "responsible": User.objects.filter(pk__in=services.responsible_for(person)).order_by("last_name"),
        "service": service if service and user.may("access.relate", service) else None,
        "relation_form": RelationForm(auto_id="id_relation_%s"),
        "ask_form": WordsForm(auto_id="id_ask_%s"),
        "asked": RelationRequest.objects.filter(person=person, user=user, accepted=None).first(),
        **found,
    }
    return render(request, "access/closed.html", context, status=status)


def _open_words() -> str:
    """The button names how long: nobody opens a record without knowing it."""
    minutes = settings.BREAK_GLASS_MINUTES
    hours, rest = divmod(minutes, 60)
    if rest:
        return ngettext("Open the record for %(count)s minute", "Open the record for %(count)s minutes", minutes) % {
            "count": minutes
        }
    return ngettext("Open the record for %(count)s hour", "Open the record for %(count)s hours", hours) % {
        "count": hours
    }


@requires(rules.can_read_records)
@require_POST
def end(request: HttpRequest, access_id: uuid.UUID) -> HttpResponse:
    """Close before time a record opened in an emergency."""
    opened = get_object_or_404(BreakGlass, pk=access_id, user=request.user)
    services.end_break_glass(opened, by=request.user)
    messages.success(request, _("The record is closed again."))
    return redirect("access:mine")
