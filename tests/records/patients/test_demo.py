import datetime

import pytest

from maristan.core.accounts.models import User
from maristan.core.territory.models import Division
from maristan.records.patients import demo
from maristan.records.patients.models import Identifier, NameWord, Person, Telephone
from maristan.records.patients.queries import search_people

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 10, 24)


@pytest.fixture
def places():
    wilaya = Division.objects.create(level="wilaya", code="25", name_fr="Constantine")
    for code, people in (("2501", 450_000), ("2506", 180_000)):
        Division.objects.create(level="commune", code=code, name_fr=code, population=people, wilaya=wilaya)


def test_the_demo_has_its_people_and_its_inhabitants(places, monkeypatch):
    monkeypatch.setattr(demo, "INHABITANTS", 200)
    citizen = User.objects.create_user("citizen")
    demo.load_demo(today=TODAY)
    assert Person.objects.count() == len(demo.PEOPLE) + 200
    hayet = Person.objects.get(pk=demo.person_id("boudjemaa"))
    assert (hayet.name_fr, hayet.name_ar, hayet.birth_words) == ("BOUDJEMAA Hayet", "بوجمعة حياة", "12/03/1959")
    assert hayet.account == citizen
    child = Person.objects.get(pk=demo.person_id("kerbouche_newborn"))
    assert child.name_fr == "Nouveau-né de KERBOUCHE ép. BOUCHELAGHEM Amel"
    assert Person.objects.get(pk=demo.person_id("diabetic_child")).age_on(TODAY) == 9
    assert [hit.person for hit in search_people("25-0151999")[0]] == [Person.objects.get(naming="unknown")]


def test_a_second_run_adds_nothing(places, monkeypatch):
    monkeypatch.setattr(demo, "INHABITANTS", 20)
    demo.load_demo(today=TODAY)
    before = [model.objects.count() for model in (Person, Identifier, Telephone, NameWord)]
    demo.load_demo(today=TODAY)
    assert [model.objects.count() for model in (Person, Identifier, Telephone, NameWord)] == before


def test_inhabitants_are_found_by_the_same_words_as_registered_people(places, monkeypatch):
    monkeypatch.setattr(demo, "INHABITANTS", 50)
    demo.load_demo(today=TODAY)
    assert [person.search_words for person in Person.objects.all()] == [
        person.found_by() for person in Person.objects.all()
    ]


def test_keys_and_numbers_are_each_their_own():
    assert len({person.key for person in demo.PEOPLE}) == len(demo.PEOPLE)
    assert len({person.number for person in demo.PEOPLE}) == len(demo.PEOPLE)
