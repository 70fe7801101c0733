"""What this area shows outside: care relations, audit labels."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_action
from maristan.records.access.services import Relation, register_relation_provider
from maristan.records.fhir.queries.relations import find_encounter, relation_end

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
}


def relation_by_encounter(person_id: uuid.UUID, user: Any) -> Relation | None:
    """Who takes part in an encounter reads the record: during it, and for 30 days after."""
    encounter = find_encounter(person_id, user)
    return Relation(_("an encounter in your service"), relation_end(encounter)) if encounter else None


register_relation_provider("encounter", relation_by_encounter)
for code, label in ACTIONS.items():
    register_action(code, label)
