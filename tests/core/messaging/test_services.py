"""The outbox never tells a fact twice, nor an unsafe contact, nor too late; what comes in is stored once."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project
from django.db import IntegrityError, transaction

from maristan.core.audit.models import AuditLine
from maristan.core.messaging.models import InboundMessage, Message, OptOut
from maristan.core.messaging.services import (
    allow_contact,
    cancel_messages,
    count_segments,
    deliver_due,
    forbid_contact,
    kinds,
    mark_read,
    notify_user,
    receive_message,
)
from maristan.core.messaging.services.gateways import DrawerGateway
from maristan.core.messaging.services.outbox import _after_quiet_hours
from maristan.core.messaging.signals import message_answered
from maristan.core.ui import clock
from tests.core.messaging.factories import queue

pytestmark = pytest.mark.django_db
DRAWER = {"sms": DrawerGateway(), "email": DrawerGateway()}
HER = "+213550000001"


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings):
    settings.QUIET_HOURS = ""


def states() -> list[str]:
    return list(Message.objects.order_by("queued_at").values_list("state", flat=True))


def test_one_fact_is_told_once_to_one_address():
    assert queue().pk == queue().pk
    deliver_due(DRAWER)
    queue()
    assert deliver_due(DRAWER) == 0
    assert states() == ["sent"]


def test_a_fact_rolled_back_leaves_no_message():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        1 / 0  # noqa: B018
    assert states() == []


def test_an_unsafe_contact_gets_nothing_queued_before_or_after(physician):
    patient = uuid.uuid4()
    queue(fact="before", patient_id=patient)
    rule = forbid_contact(patient, by=physician, channel="sms", address=HER, reason="violence")
    queue(fact="after", patient_id=patient)
    queue(fact="elsewhere", address="+213550000009", patient_id=patient)
    deliver_due(DRAWER)
    assert list(Message.objects.order_by("fact").values_list("fact", "state", "held_because")) == [
        ("after", "held", "unsafe"),
        ("before", "held", "unsafe"),
        ("elsewhere", "sent", ""),
    ]
    allow_contact(rule, by=physician)
    queue(fact="later", patient_id=patient)
    deliver_due(DRAWER)
    assert Message.objects.get(fact="later").state == "sent"
    assert list(AuditLine.objects.filter(patient_id=patient).order_by("at").values_list("action", flat=True)) == [
        "messaging.forbid",
        "messaging.allow",
    ]


def test_a_rule_without_channel_forbids_every_way(physician):
    patient = uuid.uuid4()
    forbid_contact(patient, by=physician, reason="violence")
    queue(patient_id=patient)
    queue("email", "her@example.dz", patient_id=patient)
    assert states() == ["held", "held"]


@pytest.mark.parametrize("word", ["STOP", " stop. ", "Arrêt", "توقف"])
def test_stop_in_each_language_ends_messages(word):
    queue(fact="waiting")
    receive_message("http", "r1", sender="00213550000001", body=word)
    queue(fact="after")
    deliver_due(DRAWER)
    assert states() == ["held", "held"]
    receive_message("http", "r2", sender=HER, body="START")
    assert not OptOut.objects.filter(until__isnull=True).exists()


def test_what_has_passed_is_not_sent():
    queue(expires_at=clock.now() + datetime.timedelta(hours=1))
    with clock.moved(hours=2):
        deliver_due(DRAWER)
    assert Message.objects.values_list("state", "held_because").get() == ("held", "too_late")


def test_what_is_cancelled_is_not_sent():
    queue(fact="visit 7")
    assert cancel_messages("messaging.test", "visit 7") == 1
    assert deliver_due(DRAWER) == 0


def test_an_answer_goes_to_the_newest_message_that_expects_one_and_is_announced_once():
    heard = []
    message_answered.connect(
        lambda **facts: heard.append((facts["message"].fact, facts["body"])), weak=False, dispatch_uid="test"
    )
    soon = clock.now() + datetime.timedelta(hours=2)
    queue(fact="old", answer_until=soon)
    queue(fact="silent")
    deliver_due(DRAWER)
    with clock.moved(minutes=1):
        queue(fact="new", answer_until=soon)
        deliver_due(DRAWER)
    for reference in ("a", "a", "b", "c"):
        receive_message("http", reference, sender=HER, body="1")
    message_answered.disconnect(dispatch_uid="test")
    assert heard == [("new", "1"), ("old", "1")]
    assert InboundMessage.objects.count() == 3


def test_a_receiver_that_fails_leaves_the_answer_to_be_repeated():
    def fail(**_facts):
        raise RuntimeError

    queue(answer_until=clock.now() + datetime.timedelta(hours=2))
    deliver_due(DRAWER)
    message_answered.connect(fail, weak=False, dispatch_uid="test")
    with pytest.raises(RuntimeError):
        receive_message("http", "a", sender=HER, body="1")
    message_answered.disconnect(dispatch_uid="test")
    assert InboundMessage.objects.count() == 0
    assert receive_message("http", "a", sender=HER, body="1").answers is not None


def test_a_late_answer_answers_nothing():
    queue(answer_until=clock.now() + datetime.timedelta(minutes=30))
    deliver_due(DRAWER)
    with clock.moved(minutes=31):
        assert receive_message("http", "a", sender=HER, body="1").answers is None


@pytest.mark.parametrize(
    ("hour", "expected"), [((20, 59), (1, 20, 59)), ((21, 0), (2, 8, 0)), ((3, 0), (1, 8, 0)), ((8, 0), (1, 8, 0))]
)
def test_quiet_hours_move_what_is_not_urgent(settings, hour, expected):
    settings.QUIET_HOURS = "21:00-08:00"
    zone = ZoneInfo(project.TIME_ZONE)
    moment = datetime.datetime(2026, 11, 1, *hour, tzinfo=zone)
    moved = _after_quiet_hours(moment, "sms", urgent=False).astimezone(zone)
    assert (moved.day, moved.hour, moved.minute) == expected
    assert _after_quiet_hours(moment, "sms", urgent=True) == moment
    assert _after_quiet_hours(moment, "email", urgent=False) == moment


def test_segments_follow_the_alphabets():
    assert [count_segments(text) for text in ("a" * 160, "a" * 161, "é" * 160, "م" * 70, "م" * 71)] == [1, 2, 1, 1, 2]


@pytest.mark.parametrize("language", [code for code, _name in project.LANGUAGES])
def test_every_kind_that_promises_one_segment_keeps_it(language):
    long = [kind.code for kind in kinds.all() if kind.sms and kind.one_segment and kind.segments(language) > 1]
    assert long == []


@pytest.mark.parametrize("language", [code for code, _name in project.LANGUAGES])
def test_every_kind_has_words_for_its_sample(language):
    for kind in kinds.all():
        for channel in ("sms", "email", "in_app"):
            if kind.has(channel):
                subject, body = kind.words(channel, language, kind.sample)
                assert body
                assert "{" not in subject + body


def test_a_member_of_staff_is_told_on_screen_and_by_the_addresses_at_hand(physician):
    physician.email, physician.telephone = "dr@example.dz", ""
    assert {message.channel for message in notify_user(physician, "messaging.test", fact="f", values={})} == {"email"}


def test_nobody_marks_the_notices_of_another(physician, admin):
    notice = Message.objects.create(
        kind="k",
        fact="f",
        channel="in_app",
        recipient=physician,
        language="fr",
        body="b",
        state="delivered",
        sent_at=clock.now(),
    )
    assert mark_read([notice], by=admin) == 0
    assert mark_read([notice], by=physician) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"channel": "sms", "address": ""},
        {"channel": "in_app", "recipient": None},
        {"channel": "sms", "address": HER, "state": "sent", "sent_at": None},
        {"channel": "sms", "address": HER, "state": "held"},
    ],
)
def test_the_database_refuses_what_must_never_be(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**{"kind": "k", "fact": "f", "language": "fr", "body": "b", **broken})
