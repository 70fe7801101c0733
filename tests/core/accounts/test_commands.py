import pytest
from click.testing import CliRunner

from maristan.core.accounts.commands import command
from maristan.core.accounts.models import Post, User
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import UserFactory
from tests.core.territory.factories import ServiceFactory, WilayaFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str):
    return CliRunner().invoke(command, arguments)


def test_an_empty_installation_gets_its_first_administrator():
    WilayaFactory(code="25")
    done = run("create-admin", "mounir", "--wilaya", "25", "--family-name", "Hamdi")
    assert done.exit_code == 0, done.output
    mounir = User.objects.get(username="mounir")
    assert mounir.check_password(done.output.strip().rsplit(" ", 1)[1])
    assert mounir.password_is_temporary
    assert [(post.role.code, post.place.code) for post in mounir.posts.all()] == [("admin", "25")]
    assert AuditLine.objects.get(action="accounts.create").role == "system"


def test_a_territory_must_be_loaded_first():
    done = run("create-admin", "mounir", "--wilaya", "25", "--family-name", "Hamdi")
    assert (done.exit_code, User.objects.count()) == (2, 0)
    assert "maristan territory load" in done.output


def test_anyone_is_opened_in_a_service():
    service = ServiceFactory(establishment__code="25-chu-01", code="medint")
    arguments = ("--role", "nurse", "--place", "25-chu-01:medint", "--family-name", "Bouras", "--reason", "Essai")
    assert run("create", "ines", *arguments).exit_code == 0
    assert Post.objects.get(user__username="ines").service == service
    assert run("list").output.startswith("ines\tnurse\t")


@pytest.mark.parametrize(("role", "place"), [("nurse", "nowhere"), ("wizard", "25")])
def test_an_unknown_code_is_a_mistake_of_usage(role, place):
    WilayaFactory(code="25")
    done = run("create", "ines", "--role", role, "--place", place, "--family-name", "B", "--reason", "x")
    assert (done.exit_code, User.objects.count()) == (2, 0)


def test_a_taken_name_is_refused_in_words():
    WilayaFactory(code="25")
    UserFactory(username="mounir")
    done = run("create-admin", "mounir", "--wilaya", "25", "--family-name", "Hamdi")
    assert (done.exit_code, User.objects.count()) == (1, 1)


def test_a_new_password_from_the_machine():
    user = UserFactory(username="amina")
    done = run("new-password", "amina")
    user.refresh_from_db()
    assert user.check_password(done.output.strip().rsplit(" ", 1)[1])
