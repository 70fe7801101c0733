"""What this area shows outside: care relations, audit labels, the ward on the home page."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maristan.core.audit.services import register_action
from maristan.core.ui import registries
from maristan.records.access.services import Relation, register_relation_provider
from maristan.records.fhir.queries.relations import find_encounter, relation_end
from maristan.records.fhir.services.wards import WardPatient, list_ward

ACTIONS = {
    "record.read": _("read the record"),
    "record.search": _("searched in the record"),
    "record.history": _("read earlier versions"),
    "record.create": _("added to the record"),
    "record.update": _("changed the record"),
    "record.delete": _("removed from the record"),
    "record.transaction": _("added to the record"),
    "record.import": _("imported into the record"),
    "record.export": _("exported the record"),
    "record.print": _("printed the record"),
    "record.ward": _("read the list of a ward"),
}


def relation_by_encounter(person_id: uuid.UUID, user: Any) -> Relation | None:
    """Who takes part in an encounter reads the record: during it, and for 30 days after."""
    encounter = find_encounter(person_id, user)
    return Relation(_("an encounter in your service"), relation_end(encounter)) if encounter else None


def _ward(request: HttpRequest) -> list[WardPatient] | None:
    """Patients of the reader's ward, read once a request; None outside of a ward."""
    if not hasattr(request, "ward_patients"):
        service = request.user.post.service
        request.ward_patients = list_ward(service, by=request.user) if service else None
    return request.ward_patients


def show_my_patients(request: HttpRequest) -> dict[str, Any] | None:
    patients = _ward(request)
    return None if patients is None else {"patients": patients}


def show_critical(request: HttpRequest) -> dict[str, Any] | None:
    """Critical results that nobody acknowledged, newest first."""
    patients = _ward(request)
    results = [(patient, result) for patient in patients or () for result in patient.critical]
    return {"results": sorted(results, key=lambda pair: pair[1].when, reverse=True)} if results else None


def count_ward(request: HttpRequest) -> tuple[Any, Any] | None:
    patients = _ward(request)
    if not patients:
        return None
    worrying = sum(patient.level != "" for patient in patients)
    words = ngettext("%(count)s to look at", "%(count)s to look at", worrying) % {"count": worrying}
    return len(patients), words


registries.register_permissions(
    [("record.print", _("print a record"), ("nurse", "midwife", "physician", "pharmacist"))]
)
registries.menu.register(registries.MenuEntry("ward", _("My patients"), "fhir:ward", "bed", "record.read", order=20))
registries.tiles.register(registries.Tile("ward", _("My ward"), "fhir:ward", "bed", "record.read", count_ward))
registries.panels.register(
    registries.Panel("critical", "record.read", "fhir/_critical.html", show_critical, column="work", order=10)
)
registries.panels.register(
    registries.Panel("my_patients", "record.read", "fhir/_my_patients.html", show_my_patients, column="people")
)
register_relation_provider("encounter", relation_by_encounter)
for code, label in ACTIONS.items():
    register_action(code, label)
