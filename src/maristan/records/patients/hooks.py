"""What this area shows outside: permissions, menu, search, labels of the audit."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maristan.core.audit.services import register_action, register_names, register_person_search
from maristan.core.ui.registries import Hit, MenuEntry, SearchSource, menu, register_permissions, search_sources
from maristan.records.patients.models import Person
from maristan.records.patients.queries import PersonHit, search_people
from maristan.records.patients.rules import can_read_record
from maristan.records.patients.services import TooManySearches, find_people

STAFF_AT_DESK = ("nurse", "midwife", "physician", "reception", "callagent", "regulator", "crew")

register_permissions(
    [
        ("patients.search", _("Search persons"), (*STAFF_AT_DESK, "pharmacist", "laboratory", "archivist")),
        ("patients.register", _("Register and correct persons"), STAFF_AT_DESK),
    ]
)
menu.register(MenuEntry("people", _("Patients"), "patients:people", "users", "patients.search", order=10))

for code, label in (
    ("search", _("Searched persons")),
    ("read", _("Read an identity")),
    ("register", _("Registered the person")),
    ("correct", _("Corrected the identity")),
    ("name_newborn", _("Gave the newborn its names")),
    ("identify", _("Identified the unknown person")),
    ("declare_death", _("Marked the person as deceased")),
    ("link_account", _("Opened the record to the citizen's account")),
    ("add_identifier", _("Added a number")),
    ("end_identifier", _("Ended a number")),
    ("add_telephone", _("Added a telephone")),
    ("end_telephone", _("Ended a telephone")),
    ("import", _("Imported the identity")),
    ("invent", _("Added invented people")),
):
    register_action(f"patients.{code}", label)


def _search(request: HttpRequest, text: str, limit: int) -> tuple[list[Hit], int]:
    try:
        answer = find_people(text, by=request.user, run=request.session, limit=limit)
    except TooManySearches:
        return [], 0
    opens_record = can_read_record.test(request.user, None)
    return [_hit(hit, opens_record) for hit in answer.hits], answer.more


def _hit(hit: PersonHit, opens_record: bool) -> Hit:
    person = hit.person
    url = person.get_absolute_url() if opens_record else reverse("patients:identity", args=[person.pk])
    facts = [person.sex_words, person.age_words, person.birth_words, str(person.commune or ""), hit.matched]
    return Hit(url, person.name, " · ".join(filter(None, facts)), person.other_name)


search_sources.register(SearchSource("people", _("Patients"), "patients.search", _search, order=10))
register_names("person", lambda ids: {pk: person.name for pk, person in Person.objects.in_bulk(ids).items()})
register_person_search(lambda text: [hit.person.pk for hit in search_people(text, limit=50)[0]])
