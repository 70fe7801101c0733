"""Who opens which page of a record: those whose ward or establishment has the patient."""

from django.utils import timezone

from maristan.records.fhir.services import COMMAND, Store
from tests.permission_table import Row
from tests.records.fhir.bodies import encounter
from tests.records.fhir.factories import store_patient_of
from tests.records.patients.factories import PersonFactory


def build(world):
    """A patient whom the wards of nurse, physician and midwife care for, and one who is in nobody's care."""
    world.chart_person, world.chart_elsewhere = PersonFactory(), PersonFactory(given_fr="Amel")
    for person in (world.chart_person, world.chart_elsewhere):
        store_patient_of(person)
    for service in (world.service, world.other_service):
        Store(by=COMMAND).create(encounter(world.chart_person, service, start=timezone.now()))


def here(world):
    return {"person_id": world.chart_person.pk}


def elsewhere(world):
    return {"person_id": world.chart_elsewhere.pk}


PAGES = ["record", "timeline", "treatments", "vitals", "results", "documents", "encounters", "search", "print"]
READERS = dict.fromkeys(("nurse", "midwife", "physician", "pharmacist", "laboratory"), 200)
ROWS = [
    Row("fhir:ward", roles=READERS),
    *(
        Row(
            f"fhir:{page}",
            roles=READERS | ({"laboratory": 403} if page == "print" else {}),
            kwargs=here,
            elsewhere=403,
            elsewhere_kwargs=elsewhere,
        )
        for page in PAGES
    ),
]
