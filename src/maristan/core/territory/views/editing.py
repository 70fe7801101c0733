"""Changing places, each by those who answer for it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maristan.core.territory.forms import PART_FORMS, EstablishmentForm, NewEstablishmentForm
from maristan.core.territory.models import Establishment, Room, Service, Site, Unit
from maristan.core.territory.rules import can_edit
from maristan.core.territory.services import place_of, save_establishment, save_part
from maristan.core.territory.services.places import Part
from maristan.core.territory.views.places import home_of
from maristan.core.ui.rules import check, requires


@requires(can_edit)
def new_establishment(request: HttpRequest) -> HttpResponse:
    """Open an establishment in my wilaya."""
    place = Establishment(wilaya=home_of(request))
    check(request, can_edit, place)
    return _establishment_page(request, NewEstablishmentForm(request.POST or None, instance=place))


@requires(can_edit)
def edit_establishment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an establishment, its contacts and its opening hours."""
    place = get_object_or_404(Establishment.objects.select_related("wilaya", "commune__parent"), pk=pk)
    check(request, can_edit, place)
    return _establishment_page(request, EstablishmentForm(request.POST or None, instance=place))


@requires(can_edit)
def add_site(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, Site(establishment=get_object_or_404(Establishment, pk=pk)))


@requires(can_edit)
def add_service(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, Service(establishment=get_object_or_404(Establishment, pk=pk)))


@requires(can_edit)
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, Unit(service=get_object_or_404(Service, pk=pk)))


@requires(can_edit)
def add_room(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, Room(service=get_object_or_404(Service, pk=pk)))


@requires(can_edit)
def edit_site(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, get_object_or_404(Site, pk=pk))


@requires(can_edit)
def edit_service(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, get_object_or_404(Service, pk=pk))


@requires(can_edit)
def edit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, get_object_or_404(Unit, pk=pk))


@requires(can_edit)
def edit_room(request: HttpRequest, pk: int) -> HttpResponse:
    return _part_page(request, get_object_or_404(Room, pk=pk))


def _establishment_page(request: HttpRequest, form: EstablishmentForm) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            changes = save_establishment(
                form.instance, by=request.user, contacts=form.contacts(), hours=form.cleaned_data["hours"]
            )
        except ValidationError as refusal:
            _tell(form, refusal)
        else:
            return _done(request, changes, form.instance)
    return _form(request, form, form.instance if form.instance.pk else None)


def _part_page(request: HttpRequest, part: Part) -> HttpResponse:
    check(request, can_edit, place_of(part))
    form = PART_FORMS[part._meta.model_name](request.POST or None, instance=part)
    if request.method == "POST" and form.is_valid():
        try:
            changes = save_part(form.instance, by=request.user, hours=form.cleaned_data.get("hours"))
        except ValidationError as refusal:
            _tell(form, refusal)
        else:
            return _done(request, changes, _page_of(part))
    return _form(request, form, _page_of(part))


def _page_of(part: Part) -> Establishment | Service:
    """Where a part is shown."""
    if isinstance(part, Unit | Room):
        return part.service
    return part if isinstance(part, Service) and part.pk else part.establishment


def _tell(form: ModelForm, refusal: ValidationError) -> None:
    """A refusal that names a field of the form stands beside it; the rest stands above."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


def _done(request: HttpRequest, changes: dict[str, Any], page: Establishment | Service) -> HttpResponse:
    words = _("Saved. The change is in the history.") if changes else _("Nothing was changed.")
    messages.success(request, words)
    return redirect(page)


def _form(request: HttpRequest, form: ModelForm, back: Establishment | Service | None) -> HttpResponse:
    context = {
        "form": form,
        "back": back,
        "title": form.instance._meta.verbose_name,
        "is_new": form.instance.pk is None,
    }
    return render(request, "territory/edit.html", context, status=400 if form.errors else 200)
