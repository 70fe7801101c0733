"""What this area shows outside: permissions, menu, the pieces of the bar, labels of its audit lines."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.enums import AccountKind
from maristan.core.accounts.models import Role, User
from maristan.core.accounts.services.sessions import is_locked, lock_delay
from maristan.core.audit.services import register_action, register_names
from maristan.core.ui import registries

registries.register_permissions(
    [
        ("accounts.manage", _("Give and end the posts of people, within one's own place"), ("admin", "director", "hr")),
        ("accounts.roles", _("Compose the roles: which rights each of them holds"), ("admin",)),
    ]
)

register_names("user", lambda ids: {pk: user.name for pk, user in User.objects.in_bulk(ids).items()})
register_names("role", lambda codes: {role.code: str(role) for role in Role.objects.filter(code__in=codes)})

registries.menu.register(
    registries.MenuEntry("accounts.people", _("People"), "accounts:people", "users", "accounts.manage", order=70)
)
registries.menu.register(
    registries.MenuEntry("accounts.roles", _("Roles"), "accounts:roles", "shield-check", "accounts.roles", order=71)
)


def _place(request: HttpRequest) -> dict | None:
    """Where I work: the posts of the session's owner, the chosen one first named."""
    user = request.user
    if not user.is_authenticated or user.post is None:
        return None
    return {"post": user.post, "posts": user.running_posts}


def _who(request: HttpRequest) -> dict | None:
    """Who I am, and the seconds before this screen locks."""
    user = request.user
    if not user.is_authenticated or is_locked(request.session):
        return None
    seen = request.session.get("seen_at", timezone.now().timestamp())
    left = max(0, int(seen + lock_delay(user) - timezone.now().timestamp()))
    return {"user": user, "left": left, "delay": lock_delay(user), "is_citizen": user.kind == AccountKind.CITIZEN}


registries.bar_items.register(registries.BarItem("accounts.place", "place", "accounts/_place.html", _place))
registries.bar_items.register(registries.BarItem("accounts.who", "who", "accounts/_who.html", _who))
registries.bar_items.register(registries.BarItem("accounts.citizen", "citizen", "accounts/_citizen.html", _who))

for code, label in (
    ("accounts.sign_in", _("Sign-in")),
    ("accounts.sign_out", _("Sign-out")),
    ("accounts.lock", _("Screen locked")),
    ("accounts.unlock", _("Screen unlocked")),
    ("accounts.confirm", _("Identity not confirmed")),
    ("accounts.choose_post", _("Change of post in a session")),
    ("accounts.change_password", _("Password changed")),
    ("accounts.give_password", _("New first password given")),
    ("accounts.add_factor", _("Second factor added")),
    ("accounts.remove_factor", _("Second factor removed")),
    ("accounts.create", _("Account opened")),
    ("accounts.give_post", _("Post given")),
    ("accounts.end_post", _("Post ended")),
    ("accounts.create_role", _("Role created")),
    ("accounts.change_role", _("Role changed")),
):
    register_action(code, label)
