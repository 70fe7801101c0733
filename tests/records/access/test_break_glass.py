"""Breaking the glass: limited in time, once at a time, with one start and one end in the audit."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from maristan.core.audit.models import AuditLine
from maristan.core.messaging.models import Message
from maristan.core.ui.models import LiveEvent
from maristan.records.access.enums import Basis
from maristan.records.access.models import BreakGlass, RecordLabel
from maristan.records.access.services import close_expired, decide_access, end_break_glass, open_relation
from tests.core.territory.factories import WilayaFactory
from tests.records.access.factories import at_work, open_in_emergency
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)


def lines(action, access):
    return AuditLine.objects.filter(action=action, entity_id=str(access.pk), outcome="success")


def test_it_opens_this_record_to_this_user_and_no_other(nurse, person):
    open_in_emergency(person, nurse)
    assert decide_access(person, by=nurse).basis == Basis.BREAK_GLASS
    assert decide_access(person, by=nurse).purpose == "ETREAT"
    assert not decide_access(PersonFactory(), by=nurse).allowed
    assert not decide_access(person, by=at_work("nurse", nurse.post.service)).allowed


def test_it_closes_on_the_second_even_if_no_worker_runs(nurse, person, settings):
    settings.BREAK_GLASS_MINUTES = 60
    opened = open_in_emergency(person, nurse)
    end = opened.starts_at + 60 * MINUTE
    assert decide_access(person, by=nurse, at=end - MINUTE / 60).until == end
    assert not decide_access(person, by=nurse, at=end).allowed


def test_its_duration_is_a_setting(nurse, person, settings):
    settings.BREAK_GLASS_MINUTES = 15
    opened = open_in_emergency(person, nurse)
    assert opened.expires_at - opened.starts_at == 15 * MINUTE


def test_the_start_line_says_who_whose_and_why_but_not_the_free_words(nurse, person):
    opened = open_in_emergency(person, nurse, words="Hématémèse, connaître les anticoagulants")
    line = lines("access.break_glass", opened).get()
    assert (line.pk, line.patient_id, line.actor_id) == (opened.start_line, person.pk, nurse.pk)
    assert (line.purpose, line.detail["reason"]) == ("ETREAT", "life")
    assert "anticoagulants" not in str(line.detail)


def test_a_wrong_password_opens_nothing_and_is_written(nurse, person):
    with pytest.raises(ValidationError):
        open_in_emergency(person, nurse, password="faux")
    assert not decide_access(person, by=nurse).allowed
    assert not BreakGlass.objects.exists()
    assert AuditLine.objects.get(action="access.break_glass").outcome == "failed"


@pytest.mark.parametrize("role", ["laboratory", "reception", "dpo", "citizen"])
def test_other_roles_cannot(role, ward, person):
    with pytest.raises(PermissionDenied):
        open_in_emergency(person, at_work(role, ward))


def test_a_hidden_record_does_not_even_exist(nurse, physician, person):
    RecordLabel.objects.create(person=person, sensitivity="R", reason="x", given_by=physician)
    with pytest.raises(Http404):
        open_in_emergency(person, nurse)


def test_there_is_nothing_to_break_where_a_relation_runs(nurse, person):
    open_relation(person, by=nurse, service=nurse.post.service, reason="Admise ce matin")
    with pytest.raises(ValidationError):
        open_in_emergency(person, nurse)


@pytest.mark.parametrize("words", ["", "   "])
def test_it_needs_words(nurse, person, words):
    with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
        open_in_emergency(person, nurse, words=words)
    assert not BreakGlass.objects.exists()


def test_closed_by_hand_it_has_its_end_at_once(nurse, person):
    opened = end_break_glass(open_in_emergency(person, nurse), by=nurse)
    assert not decide_access(person, by=nurse).allowed
    assert (opened.ending, lines("access.break_glass_end", opened).get().pk) == ("hand", opened.end_line)


def test_nobody_closes_anothers(nurse, physician, person):
    with pytest.raises(PermissionDenied):
        end_break_glass(open_in_emergency(person, nurse), by=physician)


def test_time_over_writes_one_end_dated_when_access_stopped(nurse, person):
    opened = open_in_emergency(person, nurse)
    assert close_expired(at=opened.expires_at - MINUTE) == 0
    assert close_expired(at=opened.expires_at + 30 * MINUTE) == 1
    assert close_expired(at=opened.expires_at + 31 * MINUTE) == 0
    opened.refresh_from_db()
    assert (opened.ending, opened.ended_at) == ("time", opened.expires_at)
    assert lines("access.break_glass_end", opened).count() == 1


def test_a_double_click_opens_once(nurse, person):
    now = timezone.now()
    first = open_in_emergency(person, nurse, at=now)
    assert open_in_emergency(person, nurse, at=now + MINUTE / 60) == first


def test_an_extension_is_a_new_one_that_ends_the_first(nurse, person):
    first = open_in_emergency(person, nurse, at=timezone.now() - 30 * MINUTE)
    second = open_in_emergency(person, nurse)
    first.refresh_from_db()
    assert (first.ending, first.ended_at) == ("extension", second.starts_at)
    assert decide_access(person, by=nurse).until == second.expires_at


def test_one_not_yet_written_off_does_not_block_the_next(nurse, person):
    first = open_in_emergency(person, nurse, at=timezone.now() - 300 * MINUTE)
    second = open_in_emergency(person, nurse)
    first.refresh_from_db()
    assert (first.ending, first.ended_at, second.is_running) == ("time", first.expires_at, True)


def test_every_one_has_exactly_one_start_and_one_end_whatever_happened(nurse, person):
    for ago in (500, 300, 290, 100):
        open_in_emergency(person, nurse, at=timezone.now() - ago * MINUTE)
    end_break_glass(open_in_emergency(PersonFactory(), nurse), by=nurse)
    close_expired()
    for access in BreakGlass.objects.all():
        assert lines("access.break_glass", access).count() == 1, access
        assert lines("access.break_glass_end", access).count() == 1, access


def test_the_responsible_physician_is_told_at_once(nurse, physician, person):
    open_relation(person, by=physician, service=physician.post.service, reason="Suivie", responsible=physician)
    assert list(open_in_emergency(person, nurse).told.all()) == [physician]


def test_the_database_refuses_two_running_at_once_and_an_end_without_its_line(nurse, person):
    opened = open_in_emergency(person, nurse)
    values = opened.__dict__ | {"start_line": person.pk}
    copy = {name: values[name] for name in ("person_id", "user_id", "reason", "words", "expires_at", "start_line")}
    with pytest.raises(IntegrityError, match="break_glass_running_once"), transaction.atomic():
        BreakGlass.objects.create(**copy)
    with pytest.raises(IntegrityError, match="break_glass_end_is_audited"), transaction.atomic():
        BreakGlass.objects.filter(pk=opened.pk).update(ended_at=timezone.now())


def test_the_responsible_physician_and_the_officer_are_told_at_once_and_once(nurse, person, physician, officer):
    stranger = at_work("dpo", WilayaFactory(code="19"))
    open_relation(person, by=physician, user=physician, responsible=physician, reason="suivi")
    opened = open_in_emergency(person, nurse)
    told = Message.objects.filter(fact=f"access.break_glass:{opened.pk}", channel="in_app")
    assert {message.recipient for message in told} == {physician, officer}
    assert stranger not in {message.recipient for message in told}
    assert {message.link for message in told} == {f"/access/review/{opened.pk}/"}
    assert person.family_fr not in "".join(message.subject + message.body for message in told)
    assert set(LiveEvent.objects.values_list("viewer", flat=True)) == {physician.pk, officer.pk}
