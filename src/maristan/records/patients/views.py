"""Finding a person, registering them, correcting what is known of them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maristan.core.audit.services import record_event
from maristan.core.territory.models import Division
from maristan.core.ui.rules import requires
from maristan.records.patients import services
from maristan.records.patients.enums import Domain, Naming
from maristan.records.patients.forms import (
    IdentifierForm,
    IdentityForm,
    NewbornForm,
    RegistrationForm,
    TelephoneForm,
    UnknownForm,
    begin_from_search,
)
from maristan.records.patients.models import Identifier, Person, Telephone
from maristan.records.patients.queries import COUNT_LIMIT, history_of
from maristan.records.patients.rules import can_read_record, can_register, can_search

SHOWN = 20


@requires(can_search)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Search as one types; without script, a plain form."""
    text = request.GET.get("q", "")
    context: dict[str, Any] = {"text": text.strip(), "count_limit": COUNT_LIMIT}
    status = 200
    try:
        context["answer"] = services.find_people(text, by=request.user, run=request.session, limit=SHOWN)
        context["opens_record"] = can_read_record.test(request.user, None)
    except services.TooManySearches:
        context["is_slowed"], status = True, 429
    context["may_register"] = can_register.test(request.user, None)
    template = "patients/_hits.html" if request.htmx else "patients/people.html"
    return render(request, template, context, status=200 if request.htmx else status)


@requires(can_register)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a person; likely duplicates are shown first, and set apart on purpose."""
    form = RegistrationForm(_posted(request), initial=begin_from_search(request.GET.get("q", "")[:120]))
    candidates: list = []
    if request.method == "POST" and form.is_valid():
        try:
            person = services.register_person(by=request.user, seen=form.cleaned_data["seen"], **form.facts())
        except services.LikelyDuplicates as likely:
            candidates = likely.candidates
        except ValidationError as error:
            _show(form, error)
        else:
            return _registered(request, person)
    context = {"form": form, "candidates": candidates, "communes": _communes(request)}
    context["seen"] = " ".join(str(candidate.person.pk) for candidate in candidates)
    context["opens_record"] = can_read_record.test(request.user, None)
    return render(request, "patients/register.html", context)


@requires(can_register)
@require_http_methods(["GET", "POST"])
def register_unknown(request: HttpRequest) -> HttpResponse:
    """Somebody who cannot say who they are: one key, a number, and care can begin."""
    form = UnknownForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        person = services.register_unknown(
            by=request.user, sex=facts["sex"] or "unknown", age=facts["age"], marks=facts["marks"]
        )
        return _registered(request, person)
    return render(request, "patients/unknown.html", {"form": form})


@requires(can_register)
@require_http_methods(["GET", "POST"])
def register_newborn(request: HttpRequest, mother_id: uuid.UUID) -> HttpResponse:
    mother = get_object_or_404(Person.objects.exclude(naming=Naming.NEWBORN), pk=mother_id)
    today = timezone.localdate().strftime("%d/%m/%Y")
    form = NewbornForm(_posted(request), initial={"birth": today})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            child = services.register_newborn(mother, by=request.user, sex=facts["sex"], birth_date=facts["birth"])
        except ValidationError as error:
            _show(form, error)
        else:
            return _registered(request, child)
    return render(request, "patients/newborn.html", {"form": form, "mother": mother})


@requires(can_search)
@require_GET
def identity(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """All that is known of who a person is, and how it came to be known; nothing medical."""
    person = _person(person_id)
    record_event("patients.read", by=request.user, patient=person.pk, entity="Person", entity_id=str(person.pk))
    return _identity_page(request, person)


@requires(can_register)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Correct a person, give a newborn its names, or say who an unknown person is: one form, three verbs."""
    person = _person(person_id)
    form = IdentityForm(_posted(request), instance=_copy_of(person))
    candidates: list = []
    if request.method == "POST" and form.is_valid():
        try:
            _save_correction(request, person, form.facts())
        except services.LikelyDuplicates as likely:
            candidates = likely.candidates
        except services.ChangedMeanwhile:
            form.add_error(
                None, _("Somebody else changed this person meanwhile: look at the page again, then correct.")
            )
        except ValidationError as error:
            _show(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("patients:identity", person_id=person.pk)
    elif request.method == "GET":
        record_event("patients.read", by=request.user, patient=person.pk, entity="Person", entity_id=str(person.pk))
    context = {"form": form, "person": person, "candidates": candidates, "communes": _communes(request)}
    context["seen"] = " ".join(str(candidate.person.pk) for candidate in candidates)
    context["revision"] = request.POST.get("revision") or person.revision
    return render(request, "patients/correct.html", context)


@requires(can_register)
@require_POST
def add_identifier(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    person, form = _person(person_id), IdentifierForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        own = {"establishment": services.establishment_of(request.user)} if facts["domain"] == Domain.NUMBER else {}
        try:
            added = services.add_identifier(person, by=request.user, **facts, **own)
        except ValidationError as error:
            _show(form, error)
        else:
            _say_disputed(request, [added])
            return redirect("patients:identity", person_id=person.pk)
    return _identity_page(request, person, identifier_form=form)


@requires(can_register)
@require_POST
def end_identifier(request: HttpRequest, person_id: uuid.UUID, identifier_id: int) -> HttpResponse:
    identifier = get_object_or_404(Identifier, pk=identifier_id, person_id=person_id, ends_on=None)
    services.end_identifier(identifier, by=request.user)
    return redirect("patients:identity", person_id=person_id)


@requires(can_register)
@require_POST
def add_telephone(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    person, form = _person(person_id), TelephoneForm(request.POST)
    if form.is_valid():
        try:
            services.add_telephone(person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _show(form, error)
        else:
            return redirect("patients:identity", person_id=person.pk)
    return _identity_page(request, person, telephone_form=form)


@requires(can_register)
@require_POST
def end_telephone(request: HttpRequest, person_id: uuid.UUID, telephone_id: int) -> HttpResponse:
    telephone = get_object_or_404(Telephone, pk=telephone_id, person_id=person_id, ends_on=None)
    services.end_telephone(telephone, by=request.user)
    return redirect("patients:identity", person_id=person_id)


@requires(can_register)
@require_POST
def declare_death(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Mark a person as deceased at an unknown moment; the certificate is the business of the record."""
    services.declare_death(_person(person_id), by=request.user)
    return redirect("patients:identity", person_id=person_id)


def _identity_page(request: HttpRequest, person: Person, **forms: Form) -> HttpResponse:
    context = {
        "person": person,
        "identifiers": person.identifiers.select_related("establishment"),
        "telephones": person.telephones.all(),
        "newborns": person.newborns.select_related("mother").order_by("birth_date", "birth_rank"),
        "history": history_of(person),
        "may_register": can_register.test(request.user, None),
        "opens_record": can_read_record.test(request.user, None),
        "identifier_form": IdentifierForm(auto_id="number_%s"),
        "telephone_form": TelephoneForm(auto_id="telephone_%s"),
        **forms,
    }
    return render(request, "patients/identity.html", context)


def _save_correction(request: HttpRequest, person: Person, facts: dict[str, Any]) -> None:
    revision = request.POST.get("revision", "")
    options = {"by": request.user, "revision": int(revision) if revision.isdecimal() else person.revision}
    if person.naming == Naming.NEWBORN:
        services.name_newborn(person, **options, **facts)
    elif person.naming == Naming.UNKNOWN:
        services.identify_unknown(person, seen=_uuids(request.POST.get("seen", "")), **options, **facts)
    else:
        services.correct_person(person, **options, **facts)


def _registered(request: HttpRequest, person: Person) -> HttpResponse:
    messages.success(request, _("%(name)s is registered.") % {"name": person.name})
    _say_disputed(request, person.identifiers.filter(is_disputed=True))
    if can_read_record.test(request.user, None):
        return redirect(person)
    return redirect("patients:identity", person_id=person.pk)


def _say_disputed(request: HttpRequest, identifiers: Any) -> None:
    for identifier in identifiers:
        if identifier.is_disputed:
            messages.warning(
                request,
                _("%(number)s belongs to another person: it is kept as disputed until the identity officer settles it.")
                % {"number": identifier},
            )


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, even nothing at all; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def _show(form: Form, error: ValidationError) -> None:
    """Put what a service refused beside the fields it names."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def _person(person_id: uuid.UUID) -> Person:
    return get_object_or_404(Person.objects.select_related("mother", "commune", "birth_commune"), pk=person_id)


def _copy_of(person: Person) -> Person:
    """Another instance for the form, which writes on it; the service reads the row again under a lock."""
    return Person.objects.get(pk=person.pk)


def _communes(request: HttpRequest) -> list[Division]:
    """Communes of the wilaya where the user works, for the list under the fields."""
    house = services.establishment_of(request.user)
    wilaya = house.wilaya if house else getattr(request.user.post, "division", None)
    return list(Division.objects.filter(level="commune", wilaya=wilaya, valid_until=None)) if wilaya else []


def _uuids(text: str) -> set[uuid.UUID]:
    found = set()
    for word in text.split():
        try:
            found.add(uuid.UUID(word))
        except ValueError:
            continue
    return found
