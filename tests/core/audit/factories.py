"""Lines as they stand in the journal, of any time."""

from datetime import UTC, datetime
from uuid import uuid4

import factory

from maristan.core.audit.models import AuditLine, sortable_uuid


class AuditLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AuditLine

    at = factory.LazyFunction(lambda: datetime.now(UTC))
    id = factory.LazyAttributeSequence(
        lambda line, number: sortable_uuid(int(line.at.timestamp() * 1000), number, number)
    )
    action = "record.read"
    actor_id = factory.LazyFunction(uuid4)
    actor_name = "Amina Kerrouche"
    role = "nurse"
    place = "Chirurgie A, CHU Dr Benbadis"
    patient_id = factory.LazyFunction(uuid4)
    address = "10.1.2.3"
    request_id = factory.LazyFunction(uuid4)
