"""Roles: which rights each of them holds, and who holds it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from maristan.core.accounts import queries, rules, services
from maristan.core.accounts.forms import NewRoleForm, RoleForm
from maristan.core.accounts.models import Post, Role
from maristan.core.ui import registries
from maristan.core.ui.rules import requires

HOLDERS_SHOWN = 20


@requires(rules.can_compose_roles)
def roles(request: HttpRequest) -> HttpResponse:
    """Every role, how many rights it holds and how many people hold it."""
    context = {"roles": queries.roles_with_counts(), "rights_in_all": len(registries.permissions.entries)}
    return render(request, "accounts/roles.html", context)


@requires(rules.can_compose_roles)
def role(request: HttpRequest, code: str) -> HttpResponse:
    """One role: its names, its rights by area, its holders."""
    subject = get_object_or_404(Role, code=code)
    form = RoleForm(request.POST if request.method == "POST" else None, instance=subject)
    if form.is_valid():
        try:
            services.change_role(subject, by=request.user, **form.facts())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("accounts:roles")
    holders = Post.objects.running().filter(role=subject).with_places()
    context = {"role": subject, "form": form, "holders": holders[:HOLDERS_SHOWN], "count": holders.count()}
    return render(request, "accounts/role.html", context, status=422 if form.errors else 200)


@requires(rules.can_compose_roles)
def new_role(request: HttpRequest) -> HttpResponse:
    """A role of the territory's own making."""
    form = NewRoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.create_role(by=request.user, **form.facts())
        return redirect("accounts:roles")
    return render(request, "accounts/role.html", {"form": form}, status=422 if form.errors else 200)
