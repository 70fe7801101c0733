"""Pages of messaging, and the HTTP gateway's entrance."""

import json

import pytest

from maristan.core.messaging.models import InboundMessage, Message
from maristan.core.messaging.services.gateways.http import sign
from maristan.core.ui import clock
from tests.core.messaging.factories import queue
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(client, settings):
    settings.SMS_GATEWAY_SECRET = "shared"

    def call(facts: object, signature: str = ""):
        body = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
        return client.post(
            "/messaging/inbound/",
            body,
            content_type="application/json",
            headers={"X-Signature": signature or sign("shared", body)},
        )

    return call


def test_the_gateway_brings_a_message_once(gateway):
    facts = {"reference": "g1", "from": "+213550000001", "text": "oui"}
    assert [gateway(facts).status_code for _time in range(2)] == [200, 200]
    assert InboundMessage.objects.count() == 1


def test_an_unsigned_call_is_refused_and_stores_nothing(gateway):
    assert gateway({"reference": "g1", "from": "1", "text": "x"}, signature="wrong").status_code == 403
    assert InboundMessage.objects.count() == 0


def test_without_a_shared_secret_nothing_comes_in(gateway, settings):
    settings.SMS_GATEWAY_SECRET = ""
    assert gateway({"reference": "g", "from": "1", "text": "x"}, signature=sign("", b"{}")).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"{}", b'{"reference": 1}', b"\xff\xfe", b'"x"'])
def test_a_broken_call_is_told_so(gateway, body):
    assert gateway(body).status_code == 400
    assert InboundMessage.objects.count() == 0


def test_a_receipt_makes_a_message_delivered(gateway):
    message = queue()
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now(), gateway="http", reference="h1")
    assert gateway({"type": "receipt", "reference": "h1", "delivered": True}).status_code == 200
    message.refresh_from_db()
    assert message.state == "delivered"


@pytest.mark.parametrize("count", [1, 3])
def test_the_journal_asks_the_same_however_long_it_is(world, django_assert_num_queries, count):
    for number in range(count):
        queue(fact=f"f{number}", address=f"+21355000000{number}")
    with django_assert_num_queries(JOURNAL_QUERIES):
        page = world.clients["admin"].get("/messaging/")
    assert page.content.decode().count("+21355000000") == count


JOURNAL_QUERIES = 8


def test_the_drawer_exists_in_the_demo_only(world, settings):
    settings.DEMO = False
    assert world.clients["admin"].get("/messaging/drawer/").status_code == 404


def test_an_unsafe_contact_is_added_and_ended_on_the_page(world):
    patient = PersonFactory().pk
    client = world.clients["reception"]
    client.post(f"/messaging/contacts/{patient}/", {"channel": "sms", "address": "+213550000001", "reason": "violence"})
    page = client.get(f"/messaging/contacts/{patient}/").content.decode()
    assert "+213550000001" in page
    rule = page.split("/messaging/contacts/end/")[1].split("/")[0]
    client.post(f"/messaging/contacts/end/{rule}/")
    assert "+213550000001" not in client.get(f"/messaging/contacts/{patient}/").content.decode()


def test_a_notice_leads_to_its_page_and_is_then_read(world):
    notice = Message.objects.create(
        kind="k",
        fact="f",
        channel="in_app",
        recipient=world.users["nurse"],
        language="fr",
        subject="s",
        body="b",
        state="delivered",
        sent_at=clock.now(),
        link="/territory/",
    )
    answer = world.clients["nurse"].post(f"/messaging/notices/{notice.pk}/open/")
    assert answer["Location"] == "/territory/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_contacts_of_somebody_else_s_patient_are_refused(world):
    """An unsafe contact tells of violence: who reads records needs a reason for this one too."""
    answer = world.clients["nurse"].get(f"/messaging/contacts/{PersonFactory().pk}/")
    assert answer.status_code == 403
