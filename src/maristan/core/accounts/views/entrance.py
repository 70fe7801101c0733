"""The door: sign-in, second factor, lock and quick re-entry. allauth's views under our own pages."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from maristan.core.accounts import demo
from maristan.core.accounts.forms import UnlockForm
from maristan.core.accounts.services import has_second_factor, sessions
from maristan.core.ui.rules import is_signed_in, public, requires


class SignIn(account.LoginView):
    """User name or e-mail, and password; in the demo, also one click."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(**kwargs) | {
            "demo_people": demo.accounts_by_role() if settings.DEMO else None,
            "demo_password": demo.PASSWORD if settings.DEMO else None,
        }


sign_in = public(SignIn.as_view())
sign_out = requires(is_signed_in)(account.LogoutView.as_view(template_name="accounts/sign_out.html"))
inactive = public(account.AccountInactiveView.as_view(template_name="accounts/inactive.html"))
enter_code = public(mfa.AuthenticateView.as_view(template_name="accounts/enter_code.html"))
confirm_password = requires(is_signed_in)(account.ReauthenticateView.as_view(template_name="accounts/confirm.html"))
confirm_code = requires(is_signed_in)(mfa.ReauthenticateView.as_view(template_name="accounts/confirm.html"))


@requires(is_signed_in)
def lock(request: HttpRequest) -> HttpResponse:
    """The locked screen: the same person comes back to the page they left, another signs in instead."""
    target = safe_target(request)
    if not sessions.is_locked(request.session):
        return redirect(target)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if sessions.unlock_session(request, secret=form.cleaned_data["secret"]):
            return redirect(target)
        if not request.user.is_authenticated:
            return redirect("account_login")
        form.add_error("secret", sessions.WRONG_SECRET)
    context = {"form": form, "next": target, "has_code": has_second_factor(request.user), "user": AnonymousUser()}
    return render(request, "accounts/lock.html", context, status=422 if form.errors else 200)


@requires(is_signed_in)
@require_POST
def lock_now(request: HttpRequest) -> HttpResponse:
    """Lock by hand, on leaving the post."""
    target = safe_target(request)
    sessions.lock_session(request, reason="asked")
    return lock_redirect(target)


@requires(is_signed_in)
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Somebody is typing on a page: the stamp was written on the way here."""
    return HttpResponse(status=204)


def too_many_attempts(request: HttpRequest) -> HttpResponse:
    """429: who guesses waits."""
    return render(request, "accounts/too_many.html", status=429)


def lock_redirect(target: str) -> HttpResponse:
    return redirect(reverse("accounts:lock", query={"next": target}))


def safe_target(request: HttpRequest) -> str:
    """Where to go afterwards: a path of this site, else home."""
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours and target.startswith("/") else "/"
