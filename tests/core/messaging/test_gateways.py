"""Messages leave by real conversations: SMTP, HTTP and SMPP peers that refuse, throttle, vanish and come back."""

import datetime
import threading

import pytest

from maristan.core.messaging.models import InboundMessage, Message
from maristan.core.messaging.services import deliver_due, release_stale_claims, send_again
from maristan.core.messaging.services.gateways import HttpGateway, SmppGateway, SmtpGateway
from maristan.core.ui import clock
from tests.core.messaging.factories import queue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings):
    settings.QUIET_HOURS = ""


@pytest.fixture
def smpp(smsc):
    gateway = SmppGateway(f"smpp://maristan:secret@127.0.0.1:{smsc.port}?from=MARISTAN", timeout=3)
    yield gateway
    gateway.close()


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


class TestSmtp:
    def test_a_mail_in_arabic_arrives_whole(self, smtp_server):
        message = queue("email", "someone@example.dz", language="ar-dz")
        deliver_due({"email": SmtpGateway(f"smtp://127.0.0.1:{smtp_server.port}?from=a@example.dz")})
        assert state_of(message) == "sent"
        (mail,) = smtp_server.took()
        assert mail["to"] == ["someone@example.dz"]
        assert mail["text"].strip() == message.body
        assert mail["id"] == f"<{message.pk}@example.dz>"

    def test_a_temporary_refusal_waits_and_a_final_one_fails(self, smtp_server):
        later, never = queue("email", "later@example.dz"), queue("email", "never@example.dz")
        deliver_due({"email": SmtpGateway(f"smtp://127.0.0.1:{smtp_server.port}")})
        assert (state_of(later), state_of(never)) == ("waiting", "failed")
        assert later.next_try_at > clock.now()
        assert "550" in never.last_error

    def test_a_server_away_loses_nothing(self, smtp_server):
        smtp_server.kill()
        message = queue("email", "someone@example.dz")
        gateway = {"email": SmtpGateway(f"smtp://127.0.0.1:{smtp_server.port}")}
        deliver_due(gateway)
        assert state_of(message) == "waiting"
        smtp_server.start()
        with clock.moved(minutes=2):
            deliver_due(gateway)
        assert state_of(message) == "sent"
        assert len(smtp_server.took()) == 1

    def test_a_server_that_dies_while_taking_leaves_the_message_in_doubt_and_never_twice(self, smtp_server):
        message = queue("email", "cut@example.dz")
        gateway = {"email": SmtpGateway(f"smtp://127.0.0.1:{smtp_server.port}")}
        deliver_due(gateway)
        smtp_server.kill()
        smtp_server.start()
        with clock.moved(days=2):
            deliver_due(gateway)
        assert state_of(message) == "uncertain"
        assert len(smtp_server.took()) == 1


class TestHttp:
    def test_an_answer_lost_on_the_way_is_asked_again_and_taken_once(self, http_gateway):
        message = queue()
        gateway = {"sms": HttpGateway(f"http://127.0.0.1:{http_gateway.port}/sms", "shared")}
        http_gateway.ask(mood="fail")
        deliver_due(gateway)
        assert state_of(message) == "waiting"
        http_gateway.ask(mood="take")
        with clock.moved(minutes=2):
            deliver_due(gateway)
        assert state_of(message) == "sent"
        assert [taken["to"] for taken in http_gateway.took()] == [message.address]

    def test_a_worker_that_died_while_sending_is_taken_over(self, http_gateway):
        message = queue()
        Message.objects.filter(pk=message.pk).update(state="sending", claimed_at=clock.now())
        gateway = {"sms": HttpGateway(f"http://127.0.0.1:{http_gateway.port}/sms", "shared")}
        release_stale_claims(gateway)
        assert state_of(message) == "sending"
        with clock.moved(minutes=4):
            release_stale_claims(gateway)
            deliver_due(gateway)
        assert state_of(message) == "sent"

    def test_a_refused_number_fails_with_its_reason(self, http_gateway):
        message = queue()
        http_gateway.ask(mood="refuse")
        deliver_due({"sms": HttpGateway(f"http://127.0.0.1:{http_gateway.port}/sms", "shared")})
        assert state_of(message) == "failed"
        assert message.last_error == "HTTP 422"


class TestSmpp:
    def test_french_leaves_in_one_segment_and_arabic_in_its_own_alphabet(self, smsc, smpp):
        queue(fact="fr")
        queue(fact="ar", language="ar-dz")
        deliver_due({"sms": smpp})
        french, arabic = smsc.took()
        assert (french["coding"], arabic["coding"]) == (0, 8)
        assert arabic["text"] == Message.objects.get(fact="ar").body
        assert french["to"] == "213550000001"

    def test_a_receipt_makes_it_delivered(self, smsc, smpp):
        message = queue()
        deliver_due({"sms": smpp})
        assert state_of(message) == "sent"
        answer = ask_while_listening(
            smsc,
            smpp,
            source_addr="213550000001",
            destination_addr="MARISTAN",
            esm_class=4,
            short_message=f"id:{message.reference} sub:001 dlvrd:001 stat:DELIVRD err:000",
        )
        assert answer == "0"
        assert state_of(message) == "delivered"

    def test_an_answer_comes_in_once_even_when_the_gateway_repeats_it(self, smsc, smpp):
        message = queue(answer_until=clock.now() + datetime.timedelta(hours=2))
        deliver_due({"sms": smpp})
        for _time in range(2):
            ask_while_listening(
                smsc,
                smpp,
                source_addr="213550000001",
                destination_addr="MARISTAN",
                short_message="1",
                sequence_number=77,
            )
        (inbound,) = InboundMessage.objects.all()
        assert (inbound.answers, inbound.body, inbound.sender) == (message, "1", "+213550000001")

    def test_throttling_waits_and_a_bad_number_fails(self, smsc, smpp):
        first, second = queue(fact="a"), queue("sms", "+213550000002", fact="b")
        smsc.ask(mood="throttle")
        deliver_due({"sms": smpp}, most=1)
        assert state_of(first) == "waiting"
        smsc.ask(mood="refuse")
        deliver_due({"sms": smpp})
        assert state_of(second) == "failed"

    def test_a_killed_gateway_comes_back_and_nothing_is_lost(self, smsc, smpp):
        first = queue(fact="a")
        deliver_due({"sms": smpp})
        smsc.kill()
        second = queue(fact="b")
        deliver_due({"sms": smpp})
        smsc.start()
        with clock.moved(hours=1):
            deliver_due({"sms": smpp})
        states = {state_of(first), state_of(second)}
        assert states <= {"sent", "uncertain"}
        assert len(smsc.took()) == len([state for state in (first.state, second.state) if state == "sent"])

    def test_a_gateway_that_vanishes_while_taking_never_gets_it_twice(self, smsc, smpp, admin):
        message = queue()
        smsc.ask(mood="vanish")
        deliver_due({"sms": smpp})
        smsc.kill()
        smsc.start()
        with clock.moved(days=1):
            deliver_due({"sms": smpp})
            assert state_of(message) == "uncertain"
            assert len(smsc.took()) == 1
            send_again(message, by=admin)
            deliver_due({"sms": smpp})
        assert state_of(message) == "sent"

    def test_a_wrong_password_says_so_and_waits(self, smsc):
        message = queue()
        deliver_due({"sms": SmppGateway(f"smpp://maristan:wrong@127.0.0.1:{smsc.port}")})
        assert state_of(message) == "waiting"
        assert "127.0.0.1" in message.last_error


def ask_while_listening(smsc, smpp, **facts) -> str:
    """The SMSC delivers to us while we listen; returns the status of our answer."""
    said = []
    asking = threading.Thread(target=lambda: said.append(smsc.ask(**facts)))
    asking.start()
    for _second in range(20):
        smpp.listen(0.3)
        if said:
            break
    asking.join(10)
    return said[0]
