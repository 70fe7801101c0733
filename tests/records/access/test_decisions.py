"""Whether a record opens: the same answer as a plain reading of the rule, in every situation."""

import datetime
import uuid

import pytest
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maristan.core.audit.models import AuditLine
from maristan.records.access.enums import Basis
from maristan.records.access.models import BreakGlass, CareRelation, RecordLabel
from maristan.records.access.services import AccessRefused, Relation, decide_access, may_know, require_access
from maristan.records.access.services.decisions import providers
from tests.core.territory.factories import EstablishmentFactory, ServiceFactory, WilayaFactory
from tests.records.access.factories import CareRelationFactory, at_work
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
times = st.integers(-3, 3).map(lambda hours: NOW + hours * HOUR)
spans = st.tuples(times, st.none() | st.integers(1, 4)).map(
    lambda span: (span[0], span[1] and span[0] + span[1] * HOUR)
)
relations = st.fixed_dictionaries(
    {"holder": st.sampled_from(["my service", "same house", "elsewhere", "me", "colleague"]), "span": spans}
)
openings = st.fixed_dictionaries(
    {"mine": st.booleans(), "this": st.booleans(), "starts": times, "ended": st.booleans()}
)
situations = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["nurse", "physician", "laboratory", "reception", "dpo", "citizen"]),
        "post": st.sampled_from(["service", "establishment", "wilaya"]),
        "owner": st.booleans(),
        "relations": st.lists(relations, max_size=3),
        "openings": st.lists(openings, max_size=2, unique_by=lambda opening: (opening["mine"], opening["this"])),
        "label": st.none() | st.sampled_from(["R", "V"]),
    }
)


@pytest.fixture
def ward():
    return ServiceFactory()


@pytest.fixture
def nurse(ward):
    return at_work("nurse", ward)


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def provider():
    """A relation provider of a higher area, taken away after the test."""
    known = {}
    providers.relations["test"] = lambda person_id, user: known.get((person_id, user.pk))
    yield known
    del providers.relations["test"]


class World:
    """One situation, laid in the database, and read again without it by `oracle`."""

    def __init__(self, situation: dict) -> None:
        house = EstablishmentFactory()
        self.service, self.same_house = ServiceFactory(establishment=house), ServiceFactory(establishment=house)
        self.elsewhere = ServiceFactory()
        places = {"service": self.service, "establishment": house, "wilaya": house.wilaya}
        self.user = at_work(situation["role"], places[situation["post"]])
        self.colleague = at_work("nurse", self.elsewhere)
        self.person = PersonFactory(account=self.user if situation["owner"] else None)
        self.other = PersonFactory()
        self.laid = []
        for relation in situation["relations"]:
            self.relate(relation)
        for opening in situation["openings"]:
            self.open(opening)
        if situation["label"]:
            RecordLabel.objects.create(
                person=self.person, sensitivity=situation["label"], given_by=self.colleague, starts_at=NOW - HOUR
            )

    def relate(self, relation: dict) -> None:
        starts, ends = relation["span"]
        services = {"my service": self.service, "same house": self.same_house, "elsewhere": self.elsewhere}
        people = {"me": self.user, "colleague": self.colleague}
        holder = {"service": services.get(relation["holder"]), "user": people.get(relation["holder"])}
        if ends is None and CareRelation.objects.filter(person=self.person, ends_at=None, **holder).exists():
            return  # the database refuses a second open one
        self.laid.append(relation)
        CareRelationFactory(person=self.person, starts_at=starts, ends_at=ends, given_by=self.colleague, **holder)

    def open(self, opening: dict) -> None:
        ended = opening["starts"] + HOUR if opening["ended"] else None
        BreakGlass.objects.create(
            person=self.person if opening["this"] else self.other,
            user=self.user if opening["mine"] else self.colleague,
            reason="life",
            words="x",
            starts_at=opening["starts"],
            expires_at=opening["starts"] + HOUR,
            ended_at=ended,
            ending="hand" if ended else "",
            start_line=uuid.uuid4(),
            end_line=uuid.uuid4() if ended else None,
        )


def oracle(situation: dict) -> Basis:
    """The rule as one would say it to a colleague, with no regard for how it is computed."""
    if situation["owner"]:
        return Basis.OWN
    if situation["role"] not in ("nurse", "physician", "laboratory"):
        return Basis.NONE
    mine = {"service": {"me", "my service"}, "establishment": {"me", "my service", "same house"}, "wilaya": {"me"}}
    for relation in situation["relations"]:
        starts, ends = relation["span"]
        if relation["holder"] in mine[situation["post"]] and starts <= NOW and (ends is None or ends > NOW):
            return Basis.RELATION
    for opening in situation["openings"]:
        if opening["mine"] and opening["this"] and not opening["ended"] and 0 <= (NOW - opening["starts"]) / HOUR < 1:
            return Basis.BREAK_GLASS
    return Basis.NONE


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(situation=situations)
def test_the_decision_is_that_of_a_plain_reading_of_the_rule(situation):
    world = World(situation)
    decision = decide_access(world.person, by=world.user, at=NOW)
    assert decision.basis == oracle({**situation, "relations": world.laid})
    assert decision.allowed == (decision.basis != Basis.NONE)


def test_deciding_costs_one_query_and_one_for_each_provider(nurse, person, provider, django_assert_num_queries):
    with django_assert_num_queries(2):  # ours, and that of the encounters
        assert not decide_access(person, by=nurse).allowed


def test_deciding_writes_nothing(nurse, person):
    before = AuditLine.objects.count()
    decide_access(person, by=nurse)
    assert AuditLine.objects.count() == before


def test_a_relation_known_to_another_area_opens_the_record(nurse, person, provider):
    provider[person.pk, nurse.pk] = Relation("séjour en cours", NOW)
    decision = decide_access(person, by=nurse)
    assert (decision.basis, decision.words, decision.until) == (Basis.RELATION, "séjour en cours", NOW)


def test_a_provider_opens_nothing_beyond_the_role(ward, person, provider):
    clerk = at_work("reception", ward)
    provider[person.pk, clerk.pk] = Relation("séjour en cours")
    assert not decide_access(person, by=clerk).allowed


def test_a_user_without_a_post_reads_nothing(nurse, ward, person):
    CareRelationFactory(person=person, service=ward, given_by=nurse)
    nurse.post = None
    assert not decide_access(person, by=nurse).allowed


def test_a_relation_stops_at_its_last_second(nurse, ward, person):
    end = timezone.now()
    CareRelationFactory(person=person, service=ward, given_by=nurse, starts_at=end - HOUR, ends_at=end)
    assert decide_access(person, by=nurse, at=end - datetime.timedelta(microseconds=1)).allowed
    assert not decide_access(person, by=nurse, at=end).allowed


def test_a_refusal_leaves_a_line_whose_reference_it_gives(nurse, person):
    with pytest.raises(AccessRefused) as refused:
        require_access(person, by=nurse)
    line = AuditLine.objects.get(pk=refused.value.reference)
    assert (line.action, line.outcome, line.patient_id) == ("access.refused", "refused", person.pk)
    assert line.actor_id == nurse.pk


def test_a_labelled_record_is_as_if_it_did_not_exist_for_who_may_not_know(nurse, ward, person):
    RecordLabel.objects.create(person=person, sensitivity="R", reason="psychiatrie", given_by=nurse)
    with pytest.raises(Http404):
        require_access(person, by=nurse)
    with pytest.raises(AccessRefused):
        require_access(person, by=at_work("physician", ward))


def test_a_very_restricted_record_is_hidden_from_physicians_too_but_not_from_those_who_care(ward, person):
    physician = at_work("physician", ward)
    RecordLabel.objects.create(person=person, sensitivity="V", reason="protection", given_by=physician)
    with pytest.raises(Http404):
        require_access(person, by=physician)
    CareRelationFactory(person=person, service=ward, given_by=physician)
    assert require_access(person, by=physician).basis == Basis.RELATION


@pytest.mark.parametrize(
    ("role", "labels", "known"),
    [
        ("nurse", [], True),
        ("nurse", ["N", "M"], True),
        ("nurse", ["R"], False),
        ("nurse", ["HIV"], False),
        ("physician", ["R", "PSY"], True),
        ("physician", ["V"], False),
    ],
)
def test_who_may_know_of_labelled_facts(ward, role, labels, known):
    assert may_know(at_work(role, ward), labels) is known


def test_a_post_in_a_whole_territory_opens_no_record(person):
    wilaya = WilayaFactory()
    physician = at_work("physician", wilaya)
    service = ServiceFactory(establishment__wilaya=wilaya)
    CareRelationFactory(person=person, service=service, given_by=physician)
    assert not decide_access(person, by=physician).allowed
