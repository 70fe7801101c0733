"""What the database itself holds about versions, whoever writes."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from maristan.records.fhir.models import ResourceVersion

NOW = datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC)


def make_version(version=1, fhir_id="a"):
    return ResourceVersion.objects.create(
        type="Basic", fhir_id=fhir_id, version=version, body="{}", sha256=b"0" * 32, at=NOW, audit_id=uuid.uuid4()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE fhir_resourceversion SET body = '{}'",
        "UPDATE fhir_resourceversion SET author_id = NULL",
        "DELETE FROM fhir_resourceversion",
        "TRUNCATE fhir_resourceversion CASCADE",
        "DROP TABLE fhir_resourceversion CASCADE",
        "ALTER TABLE fhir_resourceversion OWNER TO maristan_service",
    ],
)
def test_the_service_cannot_alter_or_remove_a_version(attack):
    make_version()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert ResourceVersion.objects.count() == 1


@pytest.mark.django_db
def test_a_version_number_is_used_once():
    make_version()
    make_version(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(2)
