import datetime
import threading

import pytest
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from maristan.core.audit.models import AuditLine
from maristan.records.patients.models import Identifier, Person
from maristan.records.patients.queries import find_likely_duplicates, history_of, search_people
from maristan.records.patients.services import (
    ChangedMeanwhile,
    LikelyDuplicates,
    TooManySearches,
    add_identifier,
    add_telephone,
    correct_person,
    declare_death,
    end_identifier,
    find_people,
    identify_unknown,
    name_newborn,
    register_newborn,
    register_person,
    register_unknown,
)
from maristan.records.patients.services.search import MOST_A_MINUTE
from maristan.records.patients.signals import person_registered, person_saved
from tests.records.patients.factories import PersonFactory, TelephoneFactory

HAYET = {
    "family_fr": "Boudjemaa",
    "given_fr": "Hayet",
    "family_ar": "بوجمعة",
    "given_ar": "حياة",
    "sex": "female",
    "birth_date": datetime.date(1959, 3, 12),
    "birth_precision": "day",
}
NIN = "925590312000148337"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def lines(action):
    return AuditLine.objects.filter(action=action)


@pytest.mark.django_db
class TestRegistration:
    def test_a_person_gets_a_number_of_the_house_a_line_and_two_announcements(self, nurse):
        heard = []
        saved = person_saved.connect(lambda sender, person, by, **_: heard.append(("saved", person)), weak=False)
        registered = person_registered.connect(lambda sender, person, by, **_: heard.append((by, person)), weak=False)
        try:
            person = register_person(by=nurse, **HAYET, telephones=["0661 23 45 67"])
        finally:
            person_saved.disconnect(saved)
            person_registered.disconnect(registered)
        assert heard == [("saved", person), (nurse, person)]
        assert person.registered_in == nurse.post.service.establishment
        (number,) = person.identifiers.all()
        assert number.written.startswith("25-1")
        assert [phone.number for phone in person.telephones.all()] == ["+213661234567"]
        assert lines("patients.register").get().patient_id == person.pk

    def test_a_receiver_that_fails_undoes_the_registration(self, nurse):
        def fail(**_):
            raise RuntimeError("the record cannot be opened")

        person_registered.connect(fail)
        try:
            with pytest.raises(RuntimeError):
                register_person(by=nurse, **HAYET)
        finally:
            person_registered.disconnect(fail)
        assert Person.objects.count() == 0

    def test_a_misspelled_fact_is_an_error(self, nurse):
        with pytest.raises(FieldDoesNotExist):
            register_person(by=nurse, **HAYET, fathers_name="Ahmed")

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({**HAYET, "family_fr": "", "given_fr": "", "family_ar": "", "given_ar": ""}, "Give a name"),
            ({**HAYET, "birth_date": datetime.date(2090, 1, 1)}, "in the future"),
            ({**HAYET, "identifiers": [{"domain": "nin", "value": "123"}]}, "18 digits"),
            ({**HAYET, "telephones": ["12"]}, "too short"),
        ],
    )
    def test_what_cannot_be_true_is_refused_in_words(self, nurse, facts, words):
        with pytest.raises(ValidationError, match=words):
            register_person(by=nurse, **facts)
        assert Person.objects.count() == 0

    @pytest.mark.parametrize(
        "facts",
        [
            {"naming": "named", "family_fr": "", "given_fr": "", "family_ar": "", "given_ar": ""},
            {"naming": "newborn"},
            {"naming": "unknown"},
            {"birth_precision": "unknown"},
            {"birth_date": datetime.date(2090, 1, 1)},
            {"deceased_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)},
        ],
    )
    def test_the_database_refuses_it_too(self, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.bulk_create([Person(**{**HAYET, "search_words": "", **facts})])


@pytest.mark.django_db
class TestLikelyDuplicates:
    def reasons(self, **facts):
        return [list(map(str, candidate.reasons)) for candidate in find_likely_duplicates({**HAYET, **facts})]

    def test_the_same_person_is_shown_and_must_be_set_apart(self, nurse):
        known = PersonFactory()
        with pytest.raises(LikelyDuplicates) as shown:
            register_person(by=nurse, seen=[], **HAYET)
        assert [candidate.person for candidate in shown.value.candidates] == [known]
        person = register_person(by=nurse, seen=[known.pk], **HAYET)
        assert lines("patients.register").get(patient_id=person.pk).detail["set_apart"] == [str(known.pk)]

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({}, ["same family and given names", "same birth date"]),
            (
                {"family_fr": "Hayet", "given_fr": "Boudjemaa", "family_ar": "", "given_ar": ""},
                ["exchanged", "same birth"],
            ),
            ({"birth_date": datetime.date(1959, 12, 3)}, ["same family", "day and month of birth exchanged"]),
            ({"birth_date": datetime.date(1959, 3, 22)}, ["same family", "differs by one digit"]),
            (
                {"family_fr": "Boujemaa", "given_fr": "Hayat", "family_ar": "", "given_ar": ""},
                ["sound the same", "same birth"],
            ),
            (
                {"birth_date": datetime.date(1960, 1, 1), "birth_precision": "presumed"},
                ["same family", "year of birth close"],
            ),
        ],
    )
    def test_each_likeness_has_its_words(self, facts, words):
        PersonFactory()
        (found,) = self.reasons(**facts)
        assert all(any(part in reason for reason in found) for part in words)

    def test_across_scripts(self):
        PersonFactory(family_fr="", given_fr="")
        assert self.reasons(family_ar="", given_ar="") == [
            ["names written differently that sound the same", "same birth date"]
        ]

    def test_a_namesake_born_in_another_year_is_nobody(self):
        PersonFactory(birth_date=datetime.date(1987, 7, 30))
        assert self.reasons() == []

    def test_twins_are_not_each_other(self):
        PersonFactory(given_fr="Lynda", given_ar="ليندة")
        assert self.reasons() == []

    def test_a_common_name_does_not_hide_the_same_birth_date(self):
        PersonFactory.create_batch(3, birth_date=datetime.date(1959, 6, 1))
        known = PersonFactory()
        assert find_likely_duplicates(HAYET)[0].person == known

    def test_a_shared_strong_number_is_enough(self, nurse):
        other = PersonFactory(family_fr="Ferhati", given_fr="Lamine", family_ar="", given_ar="", sex="male")
        add_identifier(other, by=nurse, domain="nin", value=NIN)
        facts = {**HAYET, "identifiers": [{"domain": "nin", "value": NIN}]}
        assert [candidate.person for candidate in find_likely_duplicates(facts)] == [other]


@pytest.mark.django_db
class TestNumbers:
    def test_a_number_another_holds_is_kept_as_disputed(self, nurse):
        first, second = PersonFactory(), PersonFactory()
        assert not add_identifier(first, by=nurse, domain="nin", value=NIN).is_disputed
        assert add_identifier(second, by=nurse, domain="nin", value="9255 9031 2000 148337").is_disputed
        assert lines("patients.add_identifier").filter(detail__disputed=True).count() == 1

    def test_a_number_that_ended_may_be_given_again(self, nurse):
        first, second = PersonFactory(), PersonFactory()
        end_identifier(add_identifier(first, by=nurse, domain="nin", value=NIN), by=nurse)
        assert not add_identifier(second, by=nurse, domain="nin", value=NIN).is_disputed

    def test_a_family_may_share_a_chifa_number(self, nurse):
        first, second = PersonFactory(), PersonFactory()
        add_identifier(first, by=nurse, domain="chifa", value="255904120033", rank=0)
        assert not add_identifier(second, by=nurse, domain="chifa", value="255904120033", rank=1).is_disputed

    def test_two_establishments_may_give_the_same_number(self, nurse, ward):
        from maristan.core.territory.models import Establishment

        other = Establishment.objects.create(
            code="25-eph-04", kind="eph", name_fr="EPH", wilaya=ward.establishment.wilaya
        )
        first, second = PersonFactory(), PersonFactory()
        add_identifier(first, by=nurse, domain="number", value="250148337", establishment=ward.establishment)
        kept = add_identifier(second, by=nurse, domain="number", value="250148337", establishment=other)
        assert not kept.is_disputed

    def test_the_same_telephone_twice_is_refused_in_words(self, nurse):
        person = TelephoneFactory().person
        with pytest.raises(ValidationError, match="already has this telephone"):
            add_telephone(person, by=nurse, number="0661234567")


def test_two_desks_at_once_never_give_one_number_to_two_people(ledger):
    people = [PersonFactory(), PersonFactory()]
    start, outcomes = threading.Barrier(2), []

    def desk(person):
        try:
            start.wait()
            outcomes.append(add_identifier(person, by=None, domain="nin", value=NIN).is_disputed)
        finally:
            connection.close()

    threads = [threading.Thread(target=desk, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    assert Identifier.objects.filter(value=NIN, is_disputed=False).count() == 1


@pytest.mark.django_db
class TestNewbornsAndUnknownPersons:
    def test_twins_are_numbered_and_named_later(self, nurse):
        mother, day = PersonFactory(), timezone.localdate()
        first = register_newborn(mother, by=nurse, birth_date=day, sex="male")
        assert first.name_fr == "Nouveau-né de BOUDJEMAA Hayet"
        second = register_newborn(mother, by=nurse, birth_date=day, sex="female")
        first.refresh_from_db()
        assert [first.name_fr[-3:], second.name_fr[-3:]] == ["(1)", "(2)"]
        named = name_newborn(second, by=nurse, family_fr="Saadi", given_fr="Lina")
        assert (named.name_fr, named.mother) == ("SAADI Lina", mother)
        assert named in [hit.person for hit in search_people("saadi lina")[0]]

    def test_a_newborn_is_found_by_the_mothers_name(self, nurse):
        child = register_newborn(PersonFactory(), by=nurse, birth_date=timezone.localdate(), sex="male")
        assert child in [hit.person for hit in search_people("boudjemaa")[0]]

    def test_an_unknown_person_is_called_by_a_number_that_still_finds_them_once_identified(self, nurse):
        person = register_unknown(by=nurse)
        number = person.call_number
        assert number == person.identifiers.get().written
        identified = identify_unknown(person, by=nurse, **HAYET)
        assert identified.name_fr == "BOUDJEMAA Hayet"
        assert [hit.person for hit in search_people(number)[0]] == [identified]

    def test_identifying_somebody_registered_stops_for_a_look(self, nurse):
        known, person = PersonFactory(), register_unknown(by=nurse, age=60)
        with pytest.raises(LikelyDuplicates) as shown:
            identify_unknown(person, by=nurse, **HAYET)
        assert [candidate.person for candidate in shown.value.candidates] == [known]

    def test_only_a_newborn_is_named(self, nurse):
        with pytest.raises(ValidationError, match="already has a name"):
            name_newborn(PersonFactory(), by=nurse, given_fr="Lina")


@pytest.mark.django_db
class TestCorrection:
    def test_the_history_says_what_was_before(self, nurse):
        person = correct_person(PersonFactory(), by=nurse, given_fr="Hayat", sex="unknown")
        (change,) = history_of(person)
        assert [(str(label), before, str(after)) for label, before, after in change.fields] == [
            ("given name", "Hayet", "Hayat"),
            ("sex", "female", "not known"),
        ]
        assert change.by == "Amina Kerrouche"

    def test_nothing_changed_writes_nothing(self, nurse):
        person = correct_person(PersonFactory(), by=nurse, given_fr="Hayet")
        assert (person.revision, lines("patients.correct").count()) == (1, 0)

    def test_a_change_made_meanwhile_is_not_overwritten(self, nurse):
        person = PersonFactory()
        correct_person(person, by=nurse, revision=1, given_fr="Hayat")
        with pytest.raises(ChangedMeanwhile):
            correct_person(person, by=nurse, revision=1, given_fr="Houria")

    def test_the_search_follows_the_name(self, nurse):
        person = correct_person(PersonFactory(), by=nurse, family_fr="Zerrouki", family_ar="")
        assert [hit.person for hit in search_people("zerrouki")[0]] == [person]
        assert search_people("boudjemaa")[0] == []

    def test_the_age_stops_at_death(self, nurse):
        died = datetime.datetime(2020, 6, 1, 12, tzinfo=datetime.UTC)
        assert declare_death(PersonFactory(), by=nurse, at=died).age_words == "61 years"


@pytest.mark.django_db
class TestSearchOnBehalf:
    def test_typing_on_is_one_search_and_one_line(self, nurse):
        run = {}
        for text in ("bo", "bou", "boud", "boudjemaa", "boudjemaa h"):
            find_people(text, by=nurse, run=run)
        assert [line.detail["text"] for line in lines("patients.search")] == ["bo"]

    def test_another_name_is_another_search(self, nurse):
        run = {}
        for text in ("boudjemaa", "ferhati"):
            find_people(text, by=nurse, run=run)
        assert {line.detail["text"] for line in lines("patients.search")} == {"boudjemaa", "ferhati"}

    def test_without_a_session_every_search_has_its_line(self, nurse):
        for text in ("bo", "bou"):
            find_people(text, by=nurse)
        assert lines("patients.search").count() == 2

    def test_one_letter_does_not_open_a_long_search(self, nurse):
        run = {}
        for text in ("b", "boudjemaa"):
            find_people(text, by=nurse, run=run)
        assert lines("patients.search").count() == 2

    def test_walking_through_the_names_is_stopped_and_told(self, nurse):
        for _ in range(MOST_A_MINUTE):
            find_people("12", by=nurse)
        with pytest.raises(TooManySearches):
            for _ in range(MOST_A_MINUTE + 1):  # a minute may have turned
                find_people("boudjemaa", by=nurse)
        assert lines("patients.search").filter(outcome="refused").count() == 1
