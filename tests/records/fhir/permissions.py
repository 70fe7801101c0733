"""Who opens which page of a record: those whose ward or establishment has the patient."""

from django.utils import timezone

from maristan.records.fhir.services import COMMAND, Store
from tests.permission_table import Row
from tests.records.fhir.bodies import encounter
from tests.records.fhir.factories import store_patient_of
from tests.records.patients.factories import PersonFactory


def build(world):
    """A patient in the ward of the nurse and the physician, and one that only the midwife's ward has."""
    world.chart_person, world.chart_elsewhere = PersonFactory(), PersonFactory(given_fr="Amel")
    for person, service in ((world.chart_person, world.service), (world.chart_elsewhere, world.other_service)):
        store_patient_of(person)
        Store(by=COMMAND).create(encounter(person, service, start=timezone.now()))


def here(world):
    return {"person_id": world.chart_person.pk}


def elsewhere(world):
    return {"person_id": world.chart_elsewhere.pk}


PAGES = ["record", "timeline", "treatments", "vitals", "results", "documents", "encounters", "search", "print"]
READERS = dict.fromkeys(("nurse", "physician", "pharmacist", "laboratory"), 200)
ROWS = [
    Row("fhir:ward", roles=dict.fromkeys(("nurse", "midwife", "physician", "pharmacist", "laboratory"), 200)),
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
