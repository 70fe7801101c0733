"""What this area shows outside: permissions, menu, global search."""

from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_names, register_person_search
from maristan.core.ui.registries import register_permissions
from maristan.records.patients.models import Person
from maristan.records.patients.queries import search_people

STAFF_AT_DESK = ("nurse", "midwife", "physician", "reception", "callagent", "regulator", "crew")

register_permissions(
    [
        ("patients.search", _("search persons"), (*STAFF_AT_DESK, "pharmacist", "laboratory", "archivist")),
        ("patients.register", _("register and correct persons"), STAFF_AT_DESK),
    ]
)

register_names("person", lambda ids: {pk: person.name for pk, person in Person.objects.in_bulk(ids).items()})
register_person_search(lambda text: [hit.person.pk for hit in search_people(text, limit=50)[0]])
