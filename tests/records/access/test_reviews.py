"""The review: who judges whom, what stands, what the citizen reads of it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from maristan.core.audit.services import record_event
from maristan.records.access import queries
from maristan.records.access.enums import RelationSource
from maristan.records.access.models import CareRelation, Verdict
from maristan.records.access.services import (
    answer_question,
    answer_request,
    ask_question,
    ask_relation,
    close_relation,
    decide_access,
    explain_access,
    give_verdict,
    open_relation,
)
from maristan.records.patients.signals import person_registered
from tests.core.territory.factories import ServiceFactory, WilayaFactory
from tests.records.access.factories import at_work, open_in_emergency
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def access(nurse, physician, person):
    """A nurse of the emergency department opened the record of a patient of `physician`."""
    open_relation(person, by=physician, service=physician.post.service, reason="Suivie", responsible=physician)
    return open_in_emergency(person, nurse)


def judge(access, by, judgement="justified", words="Malaise constaté, lecture brève."):
    return give_verdict(access, by=by, judgement=judgement, words=words)


def waits_for(user):
    return set(queries.waiting(queries.accesses_judged_by(user)))


def test_it_waits_at_once_for_the_officer_and_the_responsible_physician(access, officer, physician):
    assert waits_for(officer) == waits_for(physician) == {access}


def test_it_waits_for_no_physician_who_is_not_responsible_and_for_no_officer_of_another_wilaya(access, ward):
    stranger, far = at_work("physician", ward), at_work("dpo", WilayaFactory())
    assert waits_for(stranger) == waits_for(far) == set()
    for outsider in (stranger, far):
        with pytest.raises(PermissionDenied):
            judge(access, outsider)


def test_nobody_judges_their_own_access(person, physician, wilaya):
    other = at_work("physician", ServiceFactory(establishment__wilaya=wilaya))
    open_relation(person, by=physician, user=physician, reason="Suivie", responsible=other)
    access = open_in_emergency(person, other)
    access.told.add(other)
    assert access not in queries.accesses_judged_by(other)
    with pytest.raises(PermissionDenied):
        judge(access, other)


def test_the_database_refuses_a_judge_who_opened_it(access, officer, nurse):
    facts = {"break_glass": access, "judgement": "justified", "words": "x"}
    with pytest.raises(IntegrityError, match="verdict_by_another"), transaction.atomic():
        Verdict.objects.create(opened_by=nurse, judge=nurse, **facts)
    with pytest.raises(IntegrityError, match="verdict_of_who_opened"), transaction.atomic():
        Verdict.objects.create(opened_by=officer, judge=nurse, **facts)


def test_a_verdict_ends_the_wait(access, officer, physician):
    judge(access, officer)
    assert waits_for(officer) == waits_for(physician) == set()


def test_a_second_verdict_stands_and_the_first_stays(access, officer, physician):
    judge(access, physician, "unjustified")
    judge(access, officer, "justified")
    assert queries.accesses_judged_by(officer).get().standing == "justified"
    assert [verdict.judgement for verdict in access.verdicts.all()] == ["unjustified", "justified"]


def test_two_verdicts_at_once_cannot_both_stand(access, officer):
    first = judge(access, officer)
    with pytest.raises(IntegrityError, match="verdict_stands_alone"), transaction.atomic():
        Verdict.objects.create(
            break_glass=access,
            number=first.number,
            opened_by=access.user,
            judge=officer,
            judgement="justified",
            words="x",
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE access_verdict SET judgement = 'justified'", "DELETE FROM access_verdict"]
)
def test_the_service_can_neither_change_nor_remove_a_verdict(access, officer, statement):
    judge(access, officer, "unjustified")
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Verdict.objects.get().judgement == "unjustified"


def test_asked_to_explain_it_waits_for_the_nurse_then_for_the_judge_again(access, officer, nurse):
    judge(access, officer, "to_explain", "Pourquoi les consultations de 2019 ?")
    assert waits_for(officer) == set()
    explain_access(access, by=nurse, words="Je cherchais le groupe sanguin.")
    assert waits_for(officer) == {access}


def test_only_the_one_who_opened_explains(access, physician):
    with pytest.raises(PermissionDenied):
        explain_access(access, by=physician, words="À sa place")


def test_a_verdict_needs_words(access, officer):
    with pytest.raises(ValidationError):
        judge(access, officer, words=" ")


def test_what_was_opened_is_what_was_read_while_it_was_open(access, nurse, person):
    record_event("record.read", by=nurse, patient=person.pk, purpose="ETREAT")
    record_event("record.read", by=nurse, patient=PersonFactory().pk)
    assert [line.action for line in queries.opened_under(access)] == ["record.read"]


def test_figures_count_each_opening_once_with_the_verdict_that_stands(access, nurse, officer, person):
    other = open_in_emergency(PersonFactory(), nurse)
    judge(access, officer, "unjustified")
    judge(access, officer, "unjustified")
    (row,) = queries.figures(officer)
    assert (row["count"], row["open"], row["unjustified"], row["service"]) == (2, 1, 1, other.service_id)


def test_registering_somebody_opens_the_record_to_ones_service(nurse, person):
    person_registered.send(sender=None, person=person, by=nurse)
    person_registered.send(sender=None, person=person, by=nurse)
    relation = CareRelation.objects.get(person=person)
    assert (relation.service, relation.source) == (nurse.post.service, RelationSource.REGISTRATION)
    assert decide_access(person, by=nurse).allowed


def test_registering_without_a_service_opens_nothing(person, wilaya):
    person_registered.send(sender=None, person=person, by=at_work("callagent", wilaya))
    assert not CareRelation.objects.exists()


def test_a_closed_relation_opens_nothing_and_may_be_opened_again(nurse, person):
    relation = open_relation(person, by=nurse, service=nurse.post.service, reason="Admise")
    close_relation(relation, by=nurse)
    assert not decide_access(person, by=nurse).allowed
    assert open_relation(person, by=nurse, service=nurse.post.service, reason="Revenue") != relation


def test_a_relation_says_why(nurse, person):
    with pytest.raises(ValidationError):
        open_relation(person, by=nurse, service=nurse.post.service)


def test_the_responsible_physician_gives_access_on_request(access, person, physician, emergency):
    asker = at_work("physician", emergency)
    request = ask_relation(person, by=asker, words="Avis de cardiologie demandé")
    assert list(queries.requests_to(physician)) == [request]
    answer_request(request, by=physician, accepted=True)
    decision = decide_access(person, by=asker)
    assert decision.allowed
    assert decision.until - timezone.now() < 31 * DAY


def test_a_declined_request_opens_nothing_and_nobody_else_may_answer(access, person, physician, officer, emergency):
    asker = at_work("physician", emergency)
    request = ask_relation(person, by=asker, words="Avis demandé")
    for outsider in (officer, asker):
        with pytest.raises(PermissionDenied):
            answer_request(request, by=outsider, accepted=True)
    answer_request(request, by=physician, accepted=False)
    assert not decide_access(person, by=asker).allowed


def test_a_citizen_asks_once_about_a_line_and_reads_one_answer(access, person, nurse, officer, wilaya):
    person.account = at_work("citizen", wilaya)
    person.save()
    question = ask_question(person, by=person.account, line=access.start_line, words="Qui est-ce ?")
    assert list(queries.questions_to(officer)) == [question]
    with pytest.raises(ValidationError):
        ask_question(person, by=person.account, line=access.start_line, words="Encore ?")
    answer_question(question, by=officer, answer="Une infirmière des urgences.")
    with pytest.raises(ValidationError):
        answer_question(question, by=officer, answer="Autre réponse")
