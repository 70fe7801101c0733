import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maristan.core.audit.models import AuditLine
from maristan.records.patients.models import Person
from maristan.records.patients.services import register_unknown
from tests.records.patients.factories import IdentifierFactory, PersonFactory, TelephoneFactory

pytestmark = pytest.mark.django_db
HAYET = {"family_fr": "Boudjemaa", "given_fr": "Hayet", "sex": "female", "birth": "12/03/1959"}


def page(answer):
    return answer.content.decode()


@pytest.mark.parametrize("persons", [1, 3])
def test_the_search_shows_both_scripts_with_a_fixed_number_of_queries(desk, django_assert_num_queries, persons):
    PersonFactory.create_batch(persons)
    desk.get("/patients/")  # the session and the post are read once
    with django_assert_num_queries(13):
        answer = desk.get("/patients/", {"q": "boudj"}, headers={"HX-Request": "true"})
    assert page(answer).count("BOUDJEMAA Hayet") == persons
    assert page(answer).count("بوجمعة حياة") == persons
    assert "<html" not in page(answer)


def test_how_many_more_is_said(desk):
    PersonFactory.create_batch(23)
    assert "3 others" in page(desk.get("/patients/", {"q": "boudjemaa"}))


def test_nobody_found_leads_to_a_registration_that_keeps_what_was_typed(desk):
    answer = page(desk.get("/patients/", {"q": "Zerdani Nour"}))
    assert "/patients/register/?q=Zerdani%20Nour" in answer
    form = page(desk.get("/patients/register/", {"q": "Zerdani Nour"}))
    assert 'value="Zerdani"' in form
    assert 'value="Nour"' in form


def test_a_search_answer_shows_no_number_and_no_parent(desk):
    person = IdentifierFactory(person=PersonFactory(father_given_fr="Mokdad", address="Cité Daksi")).person
    answer = page(desk.get("/patients/", {"q": "boudjemaa"}))
    assert person.identifiers.get().value not in answer
    assert "Mokdad" not in answer
    assert "Daksi" not in answer


def test_registering_opens_the_record(desk):
    answer = desk.post("/patients/register/", {**HAYET, "telephone": "0661 23 45 67", "commune": "الخروب"})
    person = Person.objects.get()
    assert answer["Location"] == person.get_absolute_url()
    assert (person.birth_date, person.birth_precision) == (datetime.date(1959, 3, 12), "day")
    assert person.commune.name_fr == "El Khroub"


def test_a_likely_duplicate_is_shown_before_saving_and_the_clerk_may_insist(desk):
    known = PersonFactory()
    answer = page(desk.post("/patients/register/", {**HAYET, "given_fr": "Hayat"}))
    assert Person.objects.count() == 1
    assert "Already registered?" in answer
    assert known.get_absolute_url() in answer
    assert "It is another person: register anyway" in answer
    desk.post("/patients/register/", {**HAYET, "given_fr": "Hayat", "seen": str(known.pk)})
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "born", "precision"),
    [
        ({"birth": "03/1959"}, datetime.date(1959, 3, 1), "month"),
        ({"birth": "1959"}, datetime.date(1959, 1, 1), "year"),
        ({"birth": "1959", "presumed": "on"}, datetime.date(1959, 1, 1), "presumed"),
        ({"birth": "١٢/٠٣/١٩٥٩"}, datetime.date(1959, 3, 12), "day"),
        ({"birth": ""}, None, "unknown"),
    ],
)
def test_a_birth_date_is_kept_as_far_as_it_is_known(desk, typed, born, precision):
    desk.post("/patients/register/", {**HAYET, **typed})
    person = Person.objects.get()
    assert (person.birth_date, person.birth_precision) == (born, precision)


def test_an_estimated_age_is_a_year(desk):
    desk.post("/patients/register/", {**HAYET, "birth": "", "age": "40"})
    assert Person.objects.get().birth_words == f"about {timezone.localdate().year - 40}"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"birth": "31/02/1959"}, "Write the birth date as"),
        ({"birth": "01/01/2090"}, "in the future"),
        ({"age": "30"}, "not both"),
        ({"nin": "123"}, "18 digits"),
        ({"telephone": "12"}, "too short"),
        ({"commune": "Atlantis"}, "No commune has this name"),
        ({"family_fr": "", "given_fr": ""}, "Give a name in one script"),
    ],
)
def test_each_mistake_is_told_and_nothing_is_lost(desk, wrong, words):
    answer = page(desk.post("/patients/register/", {**HAYET, "father_given_fr": "Mokdad", **wrong}))
    assert words in answer
    assert 'value="Mokdad"' in answer
    assert Person.objects.count() == 0


def test_an_unknown_person_needs_nothing(desk):
    desk.post("/patients/register/unknown/", {})
    assert Person.objects.get().call_number.startswith("25-")


def test_a_disputed_number_is_told(desk):
    held = IdentifierFactory(value="925590312000148337")
    other = PersonFactory(family_fr="Ferhati", given_fr="Lamine", family_ar="", given_ar="")
    data = {"domain": "nin", "value": held.value}
    answer = desk.post(f"/patients/{other.pk}/numbers/", data, follow=True)
    assert "kept as disputed" in page(answer)


def test_a_wrong_number_is_told_beside_its_field(desk):
    person = PersonFactory()
    assert "18 digits" in page(desk.post(f"/patients/{person.pk}/numbers/", {"domain": "nin", "value": "1"}))


def test_reading_an_identity_is_audited(desk):
    person = TelephoneFactory().person
    desk.get(f"/patients/{person.pk}/")
    assert AuditLine.objects.get(action="patients.read").patient_id == person.pk


def test_correcting_goes_through_the_page(desk):
    person = PersonFactory()
    form = page(desk.get(f"/patients/{person.pk}/correct/"))
    assert 'value="12/03/1959"' in form
    desk.post(f"/patients/{person.pk}/correct/", {**HAYET, "given_fr": "Hayat", "revision": "1"})
    person.refresh_from_db()
    assert (person.given_fr, person.revision) == ("Hayat", 2)


def test_two_clerks_on_one_form_the_second_is_told(desk):
    person = PersonFactory()
    desk.post(f"/patients/{person.pk}/correct/", {**HAYET, "given_fr": "Hayat", "revision": "1"})
    answer = desk.post(f"/patients/{person.pk}/correct/", {**HAYET, "given_fr": "Houria", "revision": "1"})
    assert "changed this person meanwhile" in page(answer)


def test_identifying_an_unknown_person_goes_through_the_same_page(desk, nurse):
    person = register_unknown(by=nurse)
    assert "Identify the unknown person" in page(desk.get(f"/patients/{person.pk}/correct/"))
    desk.post(f"/patients/{person.pk}/correct/", {**HAYET, "revision": "1"})
    person.refresh_from_db()
    assert person.naming == "named"


def test_another_persons_number_is_not_ended_through_this_one(desk):
    number, other = IdentifierFactory(), PersonFactory()
    assert desk.post(f"/patients/{other.pk}/numbers/{number.pk}/end/").status_code == 404


def test_the_global_search_finds_people(desk):
    PersonFactory()
    assert "BOUDJEMAA Hayet" in page(desk.get("/search/", {"q": "boudj"}, headers={"HX-Request": "true"}))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_search_breaks_the_page(desk, text):
    from maristan.records.patients.models import SearchRate

    SearchRate.objects.all().delete()
    assert desk.get("/patients/", {"q": text}).status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {name: st.text(max_size=20) for name in ("family_fr", "given_ar", "sex", "birth", "age", "telephone", "nin")}
        | {name: st.text(max_size=20) for name in ("chifa", "chifa_rank", "cnie", "commune", "seen", "presumed")}
    )
)
def test_no_form_breaks_the_registration(desk, data):
    assert desk.post("/patients/register/", data).status_code in (200, 302)
