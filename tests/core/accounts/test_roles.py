import pytest

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.accounts.models import Role
from maristan.core.accounts.services import sync_default_roles
from maristan.core.ui import registries

pytestmark = pytest.mark.django_db


@pytest.fixture
def later_right():
    """A right that a later release declares for nurses."""
    right = registries.permissions.register(registries.Permission("later.right", "Later", ("nurse",)))
    yield right
    del registries.permissions.entries[right.code]


def test_migrations_bring_every_default_role_in_three_languages():
    roles = Role.objects.in_bulk(field_name="code")
    assert set(roles) >= set(DEFAULT_ROLES)
    assert all(role.name_fr and role.name_ar and role.name_en for role in roles.values())


def test_each_default_right_reaches_the_roles_it_names():
    roles = Role.objects.in_bulk(field_name="code")
    missing = [
        (right.code, code)
        for right in registries.permissions.all()
        for code in right.roles
        if right.code not in roles[code].permissions
    ]
    assert missing == []


def test_what_the_administrator_took_away_stays_away(later_right):
    Role.objects.filter(code="nurse").update(permissions=[], name_fr="Infirmière")
    sync_default_roles()
    nurse = Role.objects.get(code="nurse")
    assert (nurse.permissions, nurse.name_fr) == (["later.right"], "Infirmière")
    Role.objects.filter(code="nurse").update(permissions=[])
    sync_default_roles()
    assert Role.objects.get(code="nurse").permissions == []


def test_what_the_administrator_added_stays():
    nurse = Role.objects.get(code="nurse")
    nurse.permissions.append("audit.view")
    nurse.save()
    sync_default_roles()
    assert "audit.view" in Role.objects.get(code="nurse").permissions


def test_a_second_run_changes_nothing(django_assert_num_queries):
    sync_default_roles()
    with django_assert_num_queries(1):
        sync_default_roles()
