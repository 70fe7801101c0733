"""Who may open the pages of accounts."""

from typing import Any

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.accounts.models import Post, Role, User
from tests.permission_table import Row, World

MANAGERS = ("admin", "director", "hr")


def all_get(code: int) -> dict[str, int]:
    return dict.fromkeys(DEFAULT_ROLES, code)


def managers(code: int) -> dict[str, int]:
    return dict.fromkeys(MANAGERS, code)


def build(world: World) -> None:
    """A nurse here, whom the managers may see; one in another wilaya, whom they may not."""
    world.colleague = _nurse("colleague", service=world.same_house_service)
    world.far_nurse = _nurse("far", establishment=world.stranger)


def _nurse(username: str, **place: Any) -> Post:
    user = User.objects.create(username=username, password="none", last_name=username.title())
    return Post.objects.create(user=user, role=Role.objects.get(code="nurse"), reason="Test", **place)


def person(world: World) -> dict:
    return {"pk": world.colleague.user.pk}


def far_person(world: World) -> dict:
    return {"pk": world.far_nurse.user.pk}


ROWS = [
    Row("account_login", roles=all_get(302), anonymous=200),
    Row("account_logout", roles=all_get(200)),
    Row("account_inactive", roles=all_get(200), anonymous=200),
    Row("account_reauthenticate", roles=all_get(200)),
    Row("account_change_password", roles=all_get(200)),
    Row("mfa_authenticate", roles=all_get(302), anonymous=302),
    Row("mfa_index", roles=all_get(200)),
    Row("mfa_reauthenticate", roles=all_get(302)),  # without a second factor, the password is asked
    Row("mfa_activate_totp", roles=all_get(200)),
    Row("mfa_deactivate_totp", roles=all_get(404)),
    Row("mfa_view_recovery_codes", roles=all_get(302)),
    Row("mfa_generate_recovery_codes", roles=all_get(200)),
    Row("accounts:lock", roles=all_get(302)),
    Row("accounts:lock_now", roles=all_get(302), method="post"),
    Row("accounts:stay", roles=all_get(204), method="post"),
    Row("accounts:rights", roles=all_get(200)),
    Row("accounts:posts", roles=all_get(200)),
    Row("accounts:choose_post", roles=all_get(302), method="post"),
    Row("accounts:people", roles=managers(200)),
    Row("accounts:new_person", roles=managers(200)),
    Row("accounts:new_person", roles=managers(422), method="post"),
    Row("accounts:person", roles=managers(200), kwargs=person, elsewhere=404, elsewhere_kwargs=far_person),
    Row(
        "accounts:person",
        roles=managers(422),
        absent=None,
        kwargs=person,
        elsewhere=422,
        method="post",
    ),
    Row("accounts:new_password", roles=managers(200), kwargs=person, elsewhere=404, elsewhere_kwargs=far_person),
    Row(
        "accounts:end_post",
        roles=managers(200),
        kwargs=lambda world: {"pk": world.colleague.pk},
        elsewhere=404,
        elsewhere_kwargs=lambda world: {"pk": world.far_nurse.pk},
    ),
    Row(
        "accounts:new_password",
        roles=managers(200),
        kwargs=person,
        elsewhere=404,
        elsewhere_kwargs=far_person,
        method="post",
    ),
    Row("accounts:roles", roles={"admin": 200}),
    Row("accounts:new_role", roles={"admin": 200}),
    Row("accounts:role", roles={"admin": 200}, kwargs=lambda world: {"code": "nurse"}),
    Row("accounts:role", roles={"admin": 422}, kwargs=lambda world: {"code": "nurse"}, absent=None, method="post"),
]
