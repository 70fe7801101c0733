import pytest

from maristan.core.accounts.models import Post, Role, User
from maristan.core.accounts.services import sync_default_roles
from maristan.core.territory.models import Division, Establishment, Service
from tests.core.audit.conftest import ledger  # noqa: F401 what two desks commit at once needs a database of its own


@pytest.fixture
def ward(db):
    wilaya = Division.objects.create(level="wilaya", code="25", name_fr="Constantine", name_ar="قسنطينة")
    Division.objects.create(level="commune", code="2506", name_fr="El Khroub", name_ar="الخروب", wilaya=wilaya)
    chu = Establishment.objects.create(code="25-chu-01", kind="chu", name_fr="CHU", name_ar="م.ا.ج", wilaya=wilaya)
    return Service.objects.create(establishment=chu, code="urg", name_fr="Urgences", name_ar="الاستعجالات")


@pytest.fixture
def nurse(ward):
    """A nurse of the emergency ward, at work."""
    sync_default_roles()
    user = User.objects.create_user("amina", first_name="Amina", last_name="Kerrouche", language="en")
    user.post = Post.objects.create(user=user, role=Role.objects.get(code="nurse"), service=ward, reason="Test")
    return user


@pytest.fixture
def desk(client, nurse):
    """The nurse's browser."""
    client.force_login(nurse)
    client.cookies["language"] = "en"
    return client
