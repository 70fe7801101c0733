import base64
import re

import pytest

from maristan.core.audit.fhir import DCM, to_fhir
from tests.core.audit.factories import AuditLineFactory

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def event(action: str, **facts) -> dict:
    return to_fhir(AuditLineFactory.build(action=action, **facts))


@pytest.mark.parametrize(
    ("action", "code", "letter", "subtype"),
    [
        ("record.read", "110110", "R", "read"),
        ("record.write", "110110", "C", "create"),
        ("patients.register", "110110", "C", "create"),
        ("patients.edit_address", "110110", "U", "update"),
        ("record.search", "110112", "E", "search"),
        ("patients.search", "110112", "E", "search"),
        ("accounts.sign_in", "110114", "E", "110122"),
        ("accounts.sign_out", "110114", "E", "110123"),
        ("audit.export", "110106", "R", None),
        ("record.print", "110106", "R", None),
        ("record.import", "110107", "C", None),
        ("access.break_glass", "110113", "E", "110127"),
        ("access.break_glass_end", "110113", "E", "110138"),
    ],
)
def test_each_action_has_its_codes(action, code, letter, subtype):
    found = event(action)
    assert (found["type"]["system"], found["type"]["code"], found["action"]) == (DCM, code, letter)
    assert [coding["code"] for coding in found.get("subtype", [])] == ([subtype] if subtype else [])


def test_an_action_about_no_person_is_an_activity_of_the_application():
    assert event("territory.edit", patient_id=None)["type"]["code"] == "110100"


@pytest.mark.parametrize(("outcome", "code"), [("success", "0"), ("refused", "4"), ("failed", "8")])
def test_the_outcome_is_a_code_of_fhir(outcome, code):
    assert event("record.read", outcome=outcome)["outcome"] == code


def test_break_glass_carries_the_purpose_of_emergency():
    found = event("access.break_glass", purpose="ETREAT")
    assert found["purposeOfEvent"][0]["coding"][0]["code"] == "ETREAT"
    assert found["agent"][0]["purposeOfUse"][0]["coding"][0]["code"] == "ETREAT"


@pytest.mark.parametrize(
    "facts", [{}, {"actor_id": None, "actor_name": "", "role": "", "address": None, "patient_id": None}]
)
@pytest.mark.parametrize("action", ["record.read", "patients.search", "page.refused", "access.break_glass"])
def test_what_fhir_requires_is_there(action, facts):
    found = event(action, **facts)
    assert found["resourceType"] == "AuditEvent"
    assert INSTANT.fullmatch(found["recorded"])
    assert found["type"]["code"]
    assert found["source"]["observer"]["display"]
    assert [agent["requestor"] for agent in found["agent"]] == [True]
    assert found["action"] in set("CRUDE")
    assert empty_parts(found) == []


def empty_parts(value, path="AuditEvent") -> list[str]:
    """FHIR allows no empty string, list, object or null anywhere."""
    if value in (None, "", [], {}):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, part in items for place in empty_parts(part, f"{path}.{name}")]


def test_the_person_and_the_query_are_entities():
    line = AuditLineFactory.build(action="patients.search", detail={"text": "بوجمعة"})
    person, query = to_fhir(line)["entity"]
    assert person["what"]["reference"] == f"Patient/{line.patient_id}"
    assert base64.b64decode(query["query"]).decode() == "بوجمعة"
