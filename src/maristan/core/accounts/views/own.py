"""One's own account: what I may do and who said so, where I work, password and second factor."""

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from maristan.core.accounts.models import Post
from maristan.core.accounts.queries import group_rights
from maristan.core.accounts.services import requires_second_factor
from maristan.core.accounts.services.sessions import choose_post as choose
from maristan.core.ui.rules import is_signed_in, requires


class ChangePassword(account.PasswordChangeView):
    """The present password, then the new one; other open sessions of this account end."""

    template_name = "accounts/change_password.html"
    success_url = reverse_lazy("mfa_index")


class AddFactor(totp.ActivateTOTPView):
    """Enrolment. The session that enrols has proved the factor; its recovery codes are then shown."""

    template_name = "accounts/add_factor.html"

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session["second_factor"] = str(self.request.user.pk)
        self.request.session["recovery_codes_to_keep"] = self.did_generate_recovery_codes
        return response


class MakeCodes(codes.GenerateRecoveryCodesView):
    template_name = "accounts/make_codes.html"

    def form_valid(self, form: Form) -> HttpResponse:
        self.request.session["recovery_codes_to_keep"] = True
        return super().form_valid(form)


change_password = requires(is_signed_in)(ChangePassword.as_view())
add_factor = requires(is_signed_in)(AddFactor.as_view())
remove_factor = requires(is_signed_in)(totp.DeactivateTOTPView.as_view(template_name="accounts/remove_factor.html"))
make_codes = requires(is_signed_in)(MakeCodes.as_view())


@requires(is_signed_in)
def rights(request: HttpRequest) -> HttpResponse:
    """My posts, now and before: role, place, since, until, given by whom and why, and what each allows."""
    posts = Post.objects.filter(user=request.user).with_places().select_related("given_by", "ended_by")
    running = [(post, group_rights(post.role.permissions)) for post in posts if post.is_running]
    other = [post for post in posts if not post.is_running]
    return render(request, "accounts/rights.html", {"running": running, "other": other})


@requires(is_signed_in)
def security(request: HttpRequest) -> HttpResponse:
    """Password and second factor of this account."""
    proofs = {proof.type: proof.wrap() for proof in Authenticator.objects.filter(user=request.user)}
    kept = proofs.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "factor": proofs.get(Authenticator.Type.TOTP),
        "codes_left": len(kept.get_unused_codes()) if kept else 0,
        "is_required": requires_second_factor(request.user),
    }
    return render(request, "accounts/security.html", context)


@requires(is_signed_in)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown until their owner says that they are printed or written down; never again after."""
    if request.method == "POST":
        request.session.pop("recovery_codes_to_keep", None)
        return redirect("ui:home")
    kept = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    if not request.session.get("recovery_codes_to_keep") or kept is None:
        return redirect("mfa_index")
    return render(request, "accounts/recovery_codes.html", {"codes": kept.wrap().get_unused_codes()})


@requires(is_signed_in)
def posts(request: HttpRequest) -> HttpResponse:
    """Where I work: the posts I may choose for this session."""
    return render(request, "accounts/choose_post.html")


@requires(is_signed_in)
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Work in another of my posts from now on, in this session."""
    choose(request, request.POST.get("post", ""))
    return redirect("ui:home")
