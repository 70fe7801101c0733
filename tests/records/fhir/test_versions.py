"""The proof of the versions: whatever the owner of the database changes is found and named."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from maristan.records.fhir.models import ResourceVersion
from maristan.records.fhir.services import COMMAND, Conflict, Store
from maristan.records.fhir.services.versions import check_versions
from maristan.records.patients.models import Person
from tests.records.fhir.bodies import heart_rate
from tests.records.fhir.factories import store_patient_of
from tests.records.patients.factories import PersonFactory

ATTACKS = {
    "body": (
        "UPDATE fhir_resourceversion SET body = replace(body, '72', '99') WHERE fhir_id = %s AND version = 1",
        "_history/1",
    ),
    "author": (
        "UPDATE fhir_resourceversion SET author_id = gen_random_uuid() WHERE fhir_id = %s AND version = 2",
        "_history/2",
    ),
    "time": (
        "UPDATE fhir_resourceversion SET at = at - interval '1 day' WHERE fhir_id = %s AND version = 2",
        "_history/2",
    ),
    "seal": ("UPDATE fhir_resourceversion SET sha256 = sha256('x') WHERE fhir_id = %s AND version = 2", "_history/2"),
    "line": (
        "UPDATE fhir_resourceversion SET audit_id = gen_random_uuid() WHERE fhir_id = %s AND version = 2",
        "audit line",
    ),
    "first": ("DELETE FROM fhir_resourceversion WHERE fhir_id = %s AND version = 1", "_history/2"),
    "undone": (
        "UPDATE fhir_resource SET version = 1, current_id = "
        "(SELECT id FROM fhir_resourceversion v WHERE v.fhir_id = %s AND version = 1) "
        "WHERE type = 'Observation'",
        "shows version 1",
    ),
    "hidden": ("UPDATE fhir_resource SET deleted = true WHERE fhir_id = %s", "shows version 2"),
    "all": (
        "WITH gone AS (DELETE FROM fhir_resource WHERE fhir_id = %s) "
        "DELETE FROM fhir_resourceversion WHERE type = 'Observation'",
        "audit line",
    ),
}


@pytest.fixture
def measure(ledger, ward):
    """A heart rate with two versions, in a database of its own that its owner may attack."""
    person = PersonFactory()
    store_patient_of(person)
    store = Store(by=COMMAND)
    made = store.create(heart_rate(person))
    store.update({**heart_rate(person, 80), "id": made["id"]})
    return made["id"]


def as_owner(query, *arguments):
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE fhir_resourceversion DISABLE TRIGGER USER")
        cursor.execute(query, arguments)


def test_an_untouched_store_is_whole(measure):
    proof = check_versions()
    assert proof.faults == []
    assert (proof.versions, proof.resources, proof.lines) == (3, 2, 3)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_owner_is_found_out(attack, measure):
    query, named = ATTACKS[attack]
    as_owner(query, measure)
    assert any(named in fault for fault in check_versions().faults)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET at = at"])
def test_even_the_owner_is_refused_in_ordinary_operation(measure, statement):
    with pytest.raises(ProgrammingError, match="never changed"), connections["owner"].cursor() as cursor:
        cursor.execute(statement.format("fhir_resourceversion"))


def test_of_many_writers_at_one_version_one_wins(measure):
    """The others wait for the row, then see that they are late: no lost update, no fork of the history."""
    person = Person.objects.get()
    start = threading.Barrier(4)

    def write(number):
        start.wait()
        try:
            Store(by=COMMAND).update({**heart_rate(person, number), "id": measure}, expected_version=2)
            return "written"
        except Conflict:
            return "late"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, range(90, 94)))
    assert sorted(answers) == ["late", "late", "late", "written"]
    versions = ResourceVersion.objects.filter(fhir_id=measure).values_list("version", flat=True)
    assert sorted(versions) == [1, 2, 3]
    assert check_versions().faults == []


def test_a_write_that_fails_late_leaves_nothing(measure):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Store(by=COMMAND).create(heart_rate(Person.objects.get(), 50))
        raise ZeroDivisionError
    assert check_versions().faults == []
