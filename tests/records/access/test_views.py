"""The pages: a closed record shows nothing medical, and what is done there is done."""

import re

import pytest
from django.urls import reverse

from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from maristan.core.ui.rules import is_signed_in, requires
from maristan.records.access.models import BreakGlass, CareRelation, Question, RecordLabel
from maristan.records.access.services import open_relation, require_access
from tests.records.access.factories import PASSWORD, at_work, open_in_emergency
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db


@requires(is_signed_in)
def view_of_a_higher_area(request, person_id):
    """Stands for any page above this area: it only asks, and knows nothing of the refusal's page."""
    from maristan.records.patients.models import Person

    require_access(Person.objects.get(pk=person_id), by=request.user)


@pytest.fixture
def higher_area(settings):
    """An address of a higher area beside ours."""
    import types

    from django.urls import path

    from maristan.config import urls

    module = types.ModuleType("tests_urls")
    module.urlpatterns = [*urls.urlpatterns, path("higher/<uuid:person_id>/", view_of_a_higher_area)]
    module.handler403 = urls.handler403
    settings.ROOT_URLCONF = module


@pytest.fixture
def own_record(wilaya):
    return PersonFactory(account=at_work("citizen", wilaya))


def address(name, *args):
    return reverse(f"access:{name}", args=args)


def test_any_page_of_a_higher_area_answers_with_the_closed_record(higher_area, signed_in, nurse, person):
    answer = signed_in(nurse).get(f"/higher/{person.pk}/")
    assert answer.status_code == 403
    assert "BOUDJEMAA Hayet" in answer.text
    reference = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", answer.text[answer.text.index("a-ref") :]).group()
    assert AuditLine.objects.get(pk=reference).outcome == "refused"


def test_a_refusal_is_one_line_in_the_audit(signed_in, nurse, person):
    signed_in(nurse).get(address("break_glass", person.pk))
    assert AuditLine.objects.filter(outcome="refused").count() == 1


def test_the_form_opens_the_record_and_leads_to_it(signed_in, nurse, person):
    data = {"reason": "life", "words": "Malaise, perte de connaissance", "password": PASSWORD}
    answer = signed_in(nurse).post(address("break_glass", person.pk), data)
    assert (answer.status_code, answer.url) == (302, person.get_absolute_url())
    assert BreakGlass.objects.get(person=person).user == nurse


@pytest.mark.parametrize(
    "fault", [{"password": "faux"}, {"reason": ""}, {"reason": "curiosity"}, {"words": "court"}, {"password": ""}]
)
def test_a_faulty_form_opens_nothing_and_says_what_to_do(signed_in, nurse, person, fault):
    data = {"reason": "life", "words": "Malaise, perte de connaissance", "password": PASSWORD} | fault
    answer = signed_in(nurse).post(address("break_glass", person.pk), data)
    assert (answer.status_code, "m-err" in answer.text) == (422, True)
    assert PASSWORD not in answer.text
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_hidden_record_answers_as_if_absent(signed_in, nurse, person, method):
    RecordLabel.objects.create(person=person, sensitivity="R", reason="x", given_by=nurse)
    answer = getattr(signed_in(nurse), method)(address("break_glass", person.pk))
    absent = getattr(signed_in(nurse), method)(address("break_glass", PersonFactory.build().pk))
    assert (answer.status_code, absent.status_code) == (404, 404)
    assert "BOUDJEMAA" not in answer.text


def test_a_role_without_the_right_sees_the_other_ways_only(signed_in, ward, person):
    answer = signed_in(at_work("laboratory", ward)).get(address("break_glass", person.pk))
    assert answer.status_code == 403
    assert 'type="password"' not in answer.text


def test_declaring_the_relation_there_opens_the_record_to_the_service(signed_in, nurse, person):
    answer = signed_in(nurse).post(address("relations", person.pk), {"reason": "Admise aux urgences"})
    assert answer.url == person.get_absolute_url()
    assert CareRelation.objects.get(person=person).service == nurse.post.service


def test_the_physician_named_there_is_the_responsible_one_and_can_be_asked(signed_in, nurse, physician, person):
    open_relation(person, by=physician, service=physician.post.service, reason="Suivie", responsible=physician)
    page = signed_in(nurse).get(address("break_glass", person.pk))
    assert physician.name in page.text
    signed_in(nurse).post(address("ask_relation", person.pk), {"words": "Avis pour la garde"})
    assert physician.name in signed_in(nurse).get(address("break_glass", person.pk)).text
    assert "Avis pour la garde" in signed_in(physician).get(address("requests")).text


def test_an_officer_gives_the_verdict_on_the_page(signed_in, nurse, officer, person):
    access = open_in_emergency(person, nurse)
    client = signed_in(officer)
    assert nurse.name in client.get(address("review")).text
    answer = client.post(address("access", access.pk), {"judgement": "justified", "words": "Urgence réelle."})
    assert answer.url == address("review")
    assert nurse.name not in client.get(address("review")).text.split("<main", 1)[1]
    assert access.verdicts.get().judge == officer


def test_the_page_of_an_access_shows_what_was_read(signed_in, nurse, officer, person):
    access = open_in_emergency(person, nurse)
    record_event("record.print", by=nurse, patient=person.pk, purpose="ETREAT")
    assert "Nothing was read" not in signed_in(officer).get(address("access", access.pk)).text
    assert signed_in(officer).get(address("access", access.pk)).context["lines"].get().action == "record.print"


def test_a_citizen_reads_who_why_and_from_where(signed_in, own_record, nurse):
    open_in_emergency(own_record, nurse)
    page = signed_in(own_record.account).get(address("seen_by"))
    assert nurse.name in page.text
    assert nurse.post.service.name_fr in page.text
    assert page.context["days"][0][1][0].looks[0].flags


def test_a_citizen_sees_nothing_of_others_and_is_not_shown_to_themselves(signed_in, own_record, nurse, person):
    record_event("record.read", by=nurse, patient=person.pk)
    record_event("record.read", by=own_record.account, patient=own_record.pk)
    assert signed_in(own_record.account).get(address("seen_by")).context["days"] == []
    assert signed_in(own_record.account).get(address("seen", person.pk)).status_code == 404


def test_a_citizen_asks_about_a_line_of_their_own_record_only(signed_in, own_record, nurse, officer, person):
    line = record_event("record.read", by=nurse, patient=own_record.pk)
    other = record_event("record.read", by=nurse, patient=person.pk)
    client = signed_in(own_record.account)
    assert client.post(address("ask", line), {"words": "Pourquoi ce jour-là ?"}).status_code == 302
    assert client.post(address("ask", other), {"words": "Et l'autre ?"}).status_code == 404
    question = Question.objects.get()
    signed_in(officer).post(address("answer", question.pk), {"words": "Pour un pansement."})
    assert "Pour un pansement." in signed_in(own_record.account).get(address("ask", line)).text


@pytest.mark.parametrize("many", [1, 3])
def test_the_review_costs_the_same_for_one_and_for_three(signed_in, officer, many, nurse, django_assert_num_queries):
    for _ in range(many):
        open_in_emergency(PersonFactory(), nurse)
    client = signed_in(officer)
    with django_assert_num_queries(10):
        client.get(address("review"))


@pytest.mark.parametrize("many", [1, 3])
def test_who_saw_costs_the_same_for_one_and_for_three(
    signed_in, own_record, emergency, many, django_assert_num_queries
):
    for _ in range(many):
        open_in_emergency(own_record, at_work("nurse", emergency))
    client = signed_in(own_record.account)
    with django_assert_num_queries(12):
        client.get(address("seen_by"))


@pytest.mark.parametrize("many", [1, 3])
def test_my_accesses_cost_the_same_for_one_and_for_three(signed_in, nurse, many, django_assert_num_queries):
    for _ in range(many):
        open_in_emergency(PersonFactory(), nurse)
    client = signed_in(nurse)
    with django_assert_num_queries(8):
        client.get(address("mine"))
