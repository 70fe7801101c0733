import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from maristan.core.ui.rules import public

pytestmark = pytest.mark.usefixtures("ledger")


@public
def plain(request):
    record_event("test.read")
    return HttpResponse("a heart murmur")


@public
def saved(request):
    with transaction.atomic():
        record_event("test.write")
    return HttpResponse("a heart murmur")


@public
def rolled_back(request):
    with transaction.atomic():
        record_event("test.write", detail={"what": "a fact"})
        raise ValueError("in the middle")


@public
def rolled_back_and_caught(request):
    try:
        with transaction.atomic():
            record_event("test.write")
            raise ValueError
    except ValueError:
        return HttpResponse("a heart murmur")


@public
def inner_part_rolled_back(request):
    with transaction.atomic():
        record_event("test.write")
        try:
            with transaction.atomic():
                record_event("test.part")
                raise ValueError
        except ValueError:
            pass
    return HttpResponse("a heart murmur")


@public
def refused_by_a_service(request):
    with transaction.atomic():
        record_event("test.refused", outcome="refused")
        raise PermissionDenied


@public
def refused_by_a_rule(request):
    raise PermissionDenied


@public
def absent(request):
    record_event("test.read")
    raise Http404


@public
def connection_lost(request):
    with transaction.atomic():
        record_event("test.write")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@public
def streamed(request):
    def parts():
        yield b"one "
        record_event("test.export")
        yield b"two"

    return StreamingHttpResponse(parts())


@public
def odd_text(request):
    record_event("test.search", entity_id="nul \x00 and half \ud83d", detail={"text": "\x00\ud83d", "big": "é" * 9000})
    return HttpResponse("a heart murmur")


urlpatterns = [
    path(f"{view.__name__}/", view)
    for view in (
        plain,
        saved,
        rolled_back,
        rolled_back_and_caught,
        inner_part_rolled_back,
        refused_by_a_service,
        refused_by_a_rule,
        absent,
        connection_lost,
        streamed,
        odd_text,
    )
]


@pytest.fixture
def visit(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False, headers={"user-agent": "Ward screen"})
    return lambda view: client.get(f"/{view.__name__}/")


def lines() -> list[tuple[str, str]]:
    return list(AuditLine.objects.order_by("id").values_list("action", "outcome"))


@pytest.mark.parametrize(
    ("view", "status", "expected"),
    [
        (plain, 200, [("test.read", "success")]),
        (saved, 200, [("test.write", "success")]),
        (rolled_back, 500, [("test.write", "failed")]),
        (rolled_back_and_caught, 200, [("test.write", "failed")]),
        (inner_part_rolled_back, 200, [("test.write", "success"), ("test.part", "failed")]),
        (refused_by_a_service, 403, [("test.refused", "refused")]),
        (refused_by_a_rule, 403, [("page.refused", "refused")]),
        (absent, 404, [("test.read", "success")]),
        (connection_lost, 500, [("test.write", "failed")]),
        (odd_text, 200, [("test.search", "success")]),
    ],
)
def test_every_answer_leaves_exactly_its_line(visit, view, status, expected):
    assert visit(view).status_code == status
    assert lines() == expected


def test_a_line_says_from_where(visit):
    response = visit(plain)
    line = AuditLine.objects.get()
    assert (line.address, len(line.agent_hash), line.actor_name) == ("127.0.0.1", 32, "")
    assert response["X-Request-ID"] == str(line.request_id)


def test_a_long_answer_is_sent_after_the_lines_written_while_making_it(visit):
    parts = iter(visit(streamed).streaming_content)
    assert (next(parts), lines()) == (b"one ", [])
    assert (next(parts), lines()) == (b"two", [("test.export", "success")])


@pytest.mark.parametrize("view", [plain, rolled_back, refused_by_a_rule])
def test_nothing_is_shown_when_the_line_cannot_be_written(visit, view):
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_auditline FROM maristan_service")
    response = visit(view)
    assert response.status_code == 503
    assert b"murmur" not in response.content
    assert lines() == []


def test_a_command_is_told_by_the_user_of_the_system(ledger):
    record_event("test.import")
    line = AuditLine.objects.get()
    assert "@" in line.actor_name
    assert (line.role, line.actor_id, line.address) == ("system", None, None)
