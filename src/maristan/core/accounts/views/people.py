"""People and their posts, within the place of whoever manages them."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maristan.core.accounts import queries, rules, services
from maristan.core.accounts.forms import GivePostForm, NewAccountForm, ReasonForm
from maristan.core.accounts.models import Role, User
from maristan.core.ui.rules import requires

A_PAGE = 50


@requires(rules.can_manage_people)
def people(request: HttpRequest) -> HttpResponse:
    """Who works within my place, and who has left it."""
    text, role = request.GET.get("q", ""), request.GET.get("role", "")
    found = queries.search_people(request.user.post, text=text, role=role, former="former" in request.GET)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    posts = queries.posts_of(page, within=request.user.post)
    context = {
        "page": page,
        "lines": [(person, posts[person.pk]) for person in page],
        "roles": Role.objects.all(),
        "text": text,
        "role": role,
        "former": "former" in request.GET,
    }
    return render(request, "accounts/people.html", context)


@requires(rules.can_manage_people)
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: each post with its giver and reason; posts are given and ended from here."""
    subject = _person(request, pk)
    form = GivePostForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid() and _give(form, subject, by=request.user):
        return redirect("accounts:person", pk=pk)
    return render(request, "accounts/person.html", _facts(request, subject) | {"form": form}, status=_status(form))


@requires(rules.can_manage_people)
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """End a post, saying why."""
    post = get_object_or_404(queries.posts_within(request.user.post).running(), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.end_post(post, by=request.user, reason=form.cleaned_data["reason"])
        return redirect("accounts:person", pk=post.user_id)
    return render(request, "accounts/end_post.html", {"post": post, "form": form}, status=_status(form))


@requires(rules.can_manage_people)
def new_person(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once, on the page that answers."""
    form = NewAccountForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            user, password = services.create_account(by=request.user, **form.account_facts())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "accounts/first_password.html", {"person": user, "password": password})
    return render(request, "accounts/new_person.html", {"form": form}, status=_status(form))


@requires(rules.can_manage_people)
def new_password(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a new first password to someone who forgot theirs."""
    subject = _person(request, pk)
    if request.method == "POST":
        password = services.give_new_password(subject, by=request.user)
        return render(request, "accounts/first_password.html", {"person": subject, "password": password})
    return render(request, "accounts/new_password.html", {"person": subject})


def _person(request: HttpRequest, pk: uuid.UUID) -> User:
    """The person, if they have worked within the reader's place; another establishment's answer 404."""
    return get_object_or_404(queries.people_within(request.user.post), pk=pk)


def _facts(request: HttpRequest, subject: User) -> dict[str, Any]:
    posts = list(queries.posts_within(request.user.post).filter(user=subject).order_by("-starts_at"))
    return {
        "person": subject,
        "running": [(post, queries.group_rights(post.role.permissions)) for post in posts if post.is_running],
        "other": [post for post in posts if not post.is_running],
        "is_self": subject == request.user,
    }


def _give(form: GivePostForm, subject: User, *, by: User) -> bool:
    try:
        services.give_post(subject, by=by, **form.post_facts())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
