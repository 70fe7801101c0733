"""Sign-in and the pages of one's own account."""

from typing import Any

from allauth.account import views as allauth
from django.conf import settings

from maristan.core.accounts import demo
from maristan.core.ui.rules import public


class SignIn(allauth.LoginView):
    """User name or e-mail, and password; in the demo, also one click."""

    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(**kwargs) | {
            "demo_people": demo.accounts_by_role() if settings.DEMO else None,
            "demo_password": demo.PASSWORD if settings.DEMO else None,
        }


sign_in = public(SignIn.as_view())
sign_out = public(allauth.LogoutView.as_view(template_name="accounts/sign_out.html"))
inactive = public(allauth.AccountInactiveView.as_view(template_name="accounts/inactive.html"))
