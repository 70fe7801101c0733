"""The one door: what comes back equals what went in, strangers are refused, hidden facts do not exist, all audited.

One resource, who may pass, what is sensitive, and transactions.
"""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from maristan.core.audit.models import AuditLine
from maristan.records.access.services import AccessRefused
from maristan.records.fhir.models import Resource, ResourceVersion
from maristan.records.fhir.services import Conflict, Gone, Invalid, NotFound, Store
from maristan.records.fhir.services.bodies import Decimal
from maristan.records.patients.models import Person
from tests.records.access.factories import UserFactory
from tests.records.fhir.bodies import encounter, heart_rate, post, put, restricted, transaction
from tests.records.fhir.factories import store_patient_of
from tests.records.patients.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def last_line(action="record.read"):
    return AuditLine.objects.filter(action=action).order_by("-id").first()


def without_meta(body):
    return {name: value for name, value in body.items() if name not in ("meta", "id")}


class TestOneResource:
    def test_comes_back_as_it_went_in(self, store, person):
        sent = heart_rate(person, note=[{"text": "calme"}])
        made = store.create(sent)
        read = store.read("Observation", made["id"])
        assert without_meta(read) == without_meta(sent)
        assert read["meta"]["versionId"] == "1"

    def test_a_decimal_keeps_its_zeros(self, store, person):
        made = store.create(heart_rate(person, Decimal("72.50")))
        body = ResourceVersion.objects.get(type="Observation", fhir_id=made["id"]).body
        assert '"value":72.50' in body

    def test_is_found_by_native_columns(self, store, person):
        made = store.create(heart_rate(person))
        row = Resource.objects.get(type="Observation", fhir_id=made["id"])
        assert (row.person_id, row.code, row.code_system) == (person.pk, "8867-4", "http://loinc.org")
        assert row.starts_at == datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
        assert row.status == "final"

    def test_an_update_adds_a_version(self, store, person):
        made = store.create(heart_rate(person))
        store.update({**heart_rate(person, 80), "id": made["id"]}, expected_version=1)
        assert [version.version for version in store.history("Observation", made["id"])] == [2, 1]
        assert store.vread("Observation", made["id"], 1)["valueQuantity"]["value"] == 72
        assert store.read("Observation", made["id"])["valueQuantity"]["value"] == 80

    def test_an_update_against_an_old_version_is_refused(self, store, person):
        made = store.create(heart_rate(person))
        store.update({**heart_rate(person, 80), "id": made["id"]}, expected_version=1)
        with pytest.raises(Conflict):
            store.update({**heart_rate(person, 90), "id": made["id"]}, expected_version=1)
        assert store.read("Observation", made["id"])["valueQuantity"]["value"] == 80

    def test_the_same_content_makes_no_version(self, store, person):
        made = store.create(heart_rate(person))
        store.update({**heart_rate(person), "id": made["id"]})
        assert ResourceVersion.objects.filter(fhir_id=made["id"]).count() == 1

    def test_a_deleted_one_is_gone_and_keeps_its_history(self, store, person):
        made = store.create(heart_rate(person))
        store.delete("Observation", made["id"])
        with pytest.raises(Gone):
            store.read("Observation", made["id"])
        assert store.search("Observation", person=person) == []
        assert [version.deleted for version in store.history("Observation", made["id"])] == [True, False]

    def test_a_fact_stays_with_the_person_it_was_recorded_for(self, store, person, shell):
        other = PersonFactory()
        store_patient_of(other)
        made = store.create(heart_rate(person))
        with pytest.raises(Conflict, match="stays with the person"):
            shell.update({**heart_rate(other), "id": made["id"]})

    def test_all_problems_are_named_at_once(self, store, person):
        body = heart_rate(person, status="bogus", surprise=1) | {"code": {"coding": "x"}}
        with pytest.raises(Invalid) as refused:
            store.create(body)
        assert {problem.path for problem in refused.value.problems} == {
            "Observation.status",
            "Observation.surprise",
            "Observation.code.coding",
        }
        assert Resource.objects.filter(type="Observation").count() == 0

    def test_a_reference_to_nobody_is_refused(self, store, person):
        body = heart_rate(person, performer=[{"reference": "Practitioner/nobody"}])
        with pytest.raises(Invalid, match="Practitioner/nobody does not exist"):
            store.create(body)

    def test_our_people_and_places_may_be_referred_to(self, store, person, nurse, ward):
        start = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
        body = encounter(person, ward, start=start)
        body["participant"] = [{"individual": {"reference": f"Practitioner/{nurse.pk}"}}]
        made = store.create(body)
        row = Resource.objects.get(fhir_id=made["id"])
        assert (row.service, row.establishment) == (ward, ward.establishment)

    def test_a_fact_happens_where_its_encounter_does(self, store, person, ward):
        made = store.create(encounter(person, ward, start=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)))
        one = store.create(heart_rate(person, encounter={"reference": f"Encounter/{made['id']}"}))
        assert Resource.objects.get(fhir_id=one["id"]).service == ward


class TestWhoMayPass:
    def test_a_stranger_is_refused_and_it_is_written_down(self, stranger, person):
        with pytest.raises(AccessRefused):
            Store(by=stranger).open_chart(person)
        line = last_line("access.refused")
        assert (line.actor_id, line.patient_id, line.outcome) == (stranger.pk, person.pk, "refused")

    @pytest.mark.parametrize("passage", ["read", "history", "search", "update", "delete", "transaction", "export"])
    def test_a_stranger_passes_nowhere(self, passage, stranger, store, person):
        made = store.create(heart_rate(person))
        theirs, id_ = Store(by=stranger), made["id"]
        tries = {
            "read": lambda: theirs.read("Observation", id_),
            "history": lambda: theirs.history("Observation", id_),
            "search": lambda: theirs.search("Observation", person=person),
            "update": lambda: theirs.update({**heart_rate(person, 99), "id": id_}),
            "delete": lambda: theirs.delete("Observation", id_),
            "transaction": lambda: theirs.transaction(transaction(post(heart_rate(person)))),
            "export": lambda: theirs.export(person),
        }
        with pytest.raises(AccessRefused):
            tries[passage]()
        assert AuditLine.objects.filter(actor_id=stranger.pk, outcome="refused", patient_id=person.pk).exists()
        assert ResourceVersion.objects.filter(type="Observation").count() == 1

    def test_nobody_moves_a_fact_out_of_a_record_that_is_closed_to_them(self, stranger, store, person):
        made = store.create(heart_rate(person))
        with pytest.raises(AccessRefused):
            Store(by=stranger).update({"resourceType": "Basic", "id": made["id"], **heart_rate(person)})

    def test_a_citizen_reads_their_own_record_and_writes_nothing_there(self, person):
        user = UserFactory()
        Person.objects.filter(pk=person.pk).update(account=user)
        person.refresh_from_db()
        user.post = None
        assert Store(by=user).open_chart(person).counts() == {"Patient": 1}
        assert last_line().purpose == "PATRQT"
        with pytest.raises(PermissionDenied):
            Store(by=user).create(heart_rate(person))

    def test_a_chart_is_one_line(self, store, person, nurse):
        before = AuditLine.objects.count()
        chart = store.open_chart(person)
        chart.resources("Observation")
        chart.resources(["Condition", "Encounter"])
        assert AuditLine.objects.count() == before + 1
        assert (last_line().actor_id, last_line().patient_id) == (nurse.pk, person.pk)

    def test_a_refused_write_leaves_a_line_and_nothing_else(self, store, person):
        with pytest.raises(Invalid):
            store.transaction(transaction(post(heart_rate(person)), post(heart_rate(person, status="bogus"))))
        line = last_line("record.transaction")
        assert line.outcome == "refused"
        assert line.detail["problems"] == [["Bundle.entry[1].resource.status", "code-invalid"]]
        assert not Resource.objects.filter(type="Observation").exists()


class TestSensitive:
    @pytest.fixture
    def hidden(self, shell, person):
        return shell.create(restricted(heart_rate(person)))

    def test_disappears_for_those_who_may_not_know(self, store, person, hidden):
        shown = store.create(heart_rate(person))
        assert [body["id"] for body in store.search("Observation", person=person)] == [shown["id"]]
        assert store.count("Observation", person=person) == 1
        assert store.open_chart(person).counts()["Observation"] == 1
        assert len(store.open_chart(person).resources("Observation")) == 1
        assert hidden["id"] not in str(store.export(person))

    @pytest.mark.parametrize("passage", ["read", "vread", "history", "update", "delete"])
    def test_answers_as_if_it_did_not_exist(self, passage, store, person, hidden):
        tries = {
            "read": lambda id_: store.read("Observation", id_),
            "vread": lambda id_: store.vread("Observation", id_, 1),
            "history": lambda id_: store.history("Observation", id_),
            "update": lambda id_: store.update({**heart_rate(person), "id": id_}, expected_version=1),
            "delete": lambda id_: store.delete("Observation", id_),
        }
        with pytest.raises(NotFound) as answer:
            tries[passage](hidden["id"])
        assert hidden["id"] in str(answer.value)
        assert ResourceVersion.objects.filter(fhir_id=hidden["id"]).count() == 1

    def test_is_there_for_a_physician(self, physician, person, hidden):
        assert Store(by=physician).read("Observation", hidden["id"])["id"] == hidden["id"]
        assert len(Store(by=physician).open_chart(person).resources("Observation")) == 1

    def test_very_restricted_is_hidden_from_the_physician_too(self, physician, person, shell):
        shell.create(restricted(heart_rate(person), "V"))
        assert Store(by=physician).search("Observation", person=person) == []

    def test_stays_hidden_after_its_deletion(self, store, shell, hidden):
        shell.delete("Observation", hidden["id"])
        with pytest.raises(NotFound) as answer:
            store.read("Observation", hidden["id"])
        assert not isinstance(answer.value, Gone)


class TestTransaction:
    def test_resolves_references_inside(self, store, person, ward):
        start = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
        stay = "urn:uuid:7a4f54b1-07f6-4c65-9d7f-8f3a0ac8e6d0"
        answer = store.transaction(
            transaction(
                post(heart_rate(person, encounter={"reference": stay})),
                post(encounter(person, ward, start=start), stay),
            )
        )
        assert [entry["response"]["status"] for entry in answer["entry"]] == ["201 Created", "201 Created"]
        assert Resource.objects.get(type="Observation").encounter == "7a4f54b1-07f6-4c65-9d7f-8f3a0ac8e6d0"

    def test_is_all_or_nothing(self, store, person):
        made = store.create(heart_rate(person))
        stale = put({**heart_rate(person, 90), "id": made["id"]}, ifMatch='W/"7"')
        with pytest.raises(Conflict):
            store.transaction(transaction(post(heart_rate(person, 75)), stale))
        assert ResourceVersion.objects.filter(type="Observation").count() == 1

    def test_a_condition_finds_what_is_there(self, store, person, shell):
        hospital = {
            "resourceType": "Organization",
            "name": "CHU",
            "identifier": [{"system": "urn:x", "value": "7"}],
        }
        made = shell.create(hospital)
        answer = store.transaction(
            transaction(
                post(dict(hospital), ifNoneExist="identifier=urn:x|7"),
                post(heart_rate(person, performer=[{"reference": "Organization?identifier=urn:x|7"}])),
            )
        )
        assert answer["entry"][0]["response"] == {"status": "200 OK", "location": f"Organization/{made['id']}"}
        assert Resource.objects.get(type="Observation").author == f"Organization/{made['id']}"

    def test_its_line_carries_the_digest_of_its_versions(self, store, person):
        store.transaction(transaction(post(heart_rate(person)), post(heart_rate(person, 80))))
        line = last_line("record.transaction")
        assert (line.patient_id, line.detail["resources"]) == (person.pk, 2)
        assert len(line.detail["digest"]) == 64
        assert ResourceVersion.objects.filter(audit_id=line.id).count() == 2

    def test_writing_two_records_leaves_a_line_in_each(self, shell, person):
        other = PersonFactory()
        store_patient_of(other)
        shell.transaction(transaction(post(heart_rate(person)), post(heart_rate(other))))
        lines = AuditLine.objects.filter(action="record.transaction")
        assert set(lines.values_list("patient_id", flat=True)) == {person.pk, other.pk}


def test_a_chart_reads_newest_first_by_code_in_one_query(store, person, django_assert_num_queries):
    for day in (1, 3, 2):
        store.create(heart_rate(person, 70 + day, at=f"2026-03-0{day}"))
    store.create(heart_rate(person, 1, code={"coding": [{"system": "urn:x", "code": "other"}]}))
    chart = store.open_chart(person)
    with django_assert_num_queries(1):
        found = chart.resources("Observation", codes=["http://loinc.org|8867-4"], limit=2)
    assert [body["valueQuantity"]["value"] for body in found] == [73, 72]


def test_an_update_moves_the_native_columns(store, person):
    made = store.create(heart_rate(person))
    store.update({**heart_rate(person, at="2026-04"), "id": made["id"]})
    row = Resource.objects.get(fhir_id=made["id"])
    assert (row.version, row.code) == (2, "8867-4")
    assert (row.ends_at - row.starts_at).days == 29
