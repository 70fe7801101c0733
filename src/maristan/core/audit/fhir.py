"""Audit lines as FHIR R4 (4.0.1) AuditEvent: pure mapping, after IHE BALP and the DICOM audit codes.

Break-glass is a Security Alert (110113) with Emergency Override Started (110127) or Stopped (110138) and the purpose
ETREAT; a refusal keeps the type of what was refused, with outcome 4.
"""

import base64
from typing import Any, NamedTuple

from maristan.core.audit.enums import Outcome
from maristan.core.audit.models import AuditLine

DCM = "http://dicom.nema.org/resources/ontology/DCM"
REST = "http://hl7.org/fhir/restful-interaction"
ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
SOURCE_TYPE = "http://terminology.hl7.org/CodeSystem/security-source-type"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
ROLE = "urn:maristan:role"


class Kind(NamedTuple):
    """The type of an event, its subtype, and the letter of what it does (C, R, U, D, E)."""

    type: tuple[str, str]
    letter: str
    subtype: tuple[str, str, str] | None = None


_RECORD = ("110110", "Patient Record")
_QUERY = ("110112", "Query")
_SIGN_IN = ("110114", "User Authentication")
_ALERT = ("110113", "Security Alert")
_EXPORT = ("110106", "Export")
_IMPORT = ("110107", "Import")
_ACTIVITY = ("110100", "Application Activity")

_READ = ("R", (REST, "read", "read"))
_CREATE = ("C", (REST, "create", "create"))
_UPDATE = ("U", (REST, "update", "update"))
_DELETE = ("D", (REST, "delete", "delete"))
_VERBS = {
    **dict.fromkeys(("read", "view", "seen", "history"), _READ),
    **dict.fromkeys(("register", "create", "write", "add", "open"), _CREATE),
    **dict.fromkeys(("edit", "update", "change", "close", "correct"), _UPDATE),
    **dict.fromkeys(("delete", "remove", "cancel"), _DELETE),
}
_KINDS = {
    "search": Kind(_QUERY, "E", (REST, "search", "search")),
    "export": Kind(_EXPORT, "R"),
    "print": Kind(_EXPORT, "R"),
    "import": Kind(_IMPORT, "C"),
    "sign_in": Kind(_SIGN_IN, "E", (DCM, "110122", "Login")),
    "unlock": Kind(_SIGN_IN, "E", (DCM, "110122", "Login")),
    "confirm": Kind(_SIGN_IN, "E", (DCM, "110122", "Login")),
    "sign_out": Kind(_SIGN_IN, "E", (DCM, "110123", "Logout")),
    "lock": Kind(_SIGN_IN, "E", (DCM, "110123", "Logout")),
    "break_glass": Kind(_ALERT, "E", (DCM, "110127", "Emergency Override Started")),
    **dict.fromkeys(
        ("break_glass_end", "end_break_glass", "close_break_glass"),
        Kind(_ALERT, "E", (DCM, "110138", "Emergency Override Stopped")),
    ),
}
_OUTCOMES = {Outcome.SUCCESS: "0", Outcome.REFUSED: "4", Outcome.FAILED: "8"}


def to_fhir(line: AuditLine) -> dict[str, Any]:
    """The AuditEvent of a line. Its id is the line's; its entities are the person, the thing, and the query if any."""
    kind = kind_of(line)
    event = {
        "resourceType": "AuditEvent",
        "id": str(line.id),
        "type": _coding(DCM, *kind.type),
        "action": kind.letter,
        "recorded": line.at.isoformat(timespec="milliseconds"),
        "outcome": _OUTCOMES[line.outcome],
        "outcomeDesc": f"{line.action}: {line.outcome}",
        "purposeOfEvent": [_purpose(line)],
        "agent": [_agent(line)],
        "source": {"observer": {"display": "Maristan"}, "type": [_coding(SOURCE_TYPE, "4", "Application Server")]},
        "entity": [*_patient(line), *_thing(line), *_query(line, kind)],
    }
    if kind.subtype:
        event["subtype"] = [_coding(*kind.subtype)]
    return {name: value for name, value in event.items() if value != []}


def kind_of(line: AuditLine) -> Kind:
    """Type and subtype from the verb of an action; about a person it is a Patient Record event, else an activity."""
    verb = line.action.rpartition(".")[2]
    if verb in _KINDS:
        return _KINDS[verb]
    letter, subtype = _VERBS.get(verb.partition("_")[0], ("E", None))
    return Kind(_RECORD if line.patient_id else _ACTIVITY, letter, subtype)


def _coding(system: str, code: str, display: str) -> dict[str, str]:
    return {"system": system, "code": code, "display": display}


def _purpose(line: AuditLine) -> dict[str, Any]:
    return {"coding": [{"system": REASON, "code": line.purpose}]}


def _agent(line: AuditLine) -> dict[str, Any]:
    agent: dict[str, Any] = {"requestor": True, "purposeOfUse": [_purpose(line)]}
    if line.actor_id:
        agent["who"] = {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{line.actor_id}"}}
        agent["altId"] = str(line.actor_id)
    if line.actor_name:
        agent["name"] = line.actor_name
    if line.role:
        agent["role"] = [{"coding": [{"system": ROLE, "code": line.role}], "text": f"{line.role}, {line.place}"}]
    if line.address:
        agent["network"] = {"address": line.address, "type": "2"}
    return agent


def _patient(line: AuditLine) -> list[dict[str, Any]]:
    if not line.patient_id:
        return []
    return [
        {
            "what": {"reference": f"Patient/{line.patient_id}"},
            "type": _coding(ENTITY_TYPE, "1", "Person"),
            "role": _coding(OBJECT_ROLE, "1", "Patient"),
        }
    ]


def _thing(line: AuditLine) -> list[dict[str, Any]]:
    if not line.entity:
        return []
    return [
        {
            "what": {"identifier": {"value": f"{line.entity}/{line.entity_id}"}, "display": line.entity},
            "type": _coding(ENTITY_TYPE, "2", "System Object"),
            "role": _coding(OBJECT_ROLE, "4", "Domain Resource"),
        }
    ]


def _query(line: AuditLine, kind: Kind) -> list[dict[str, Any]]:
    text = line.detail.get("text") if kind.type == _QUERY else None
    if not text:
        return []
    return [
        {
            "type": _coding(ENTITY_TYPE, "2", "System Object"),
            "role": _coding(OBJECT_ROLE, "24", "Query"),
            "query": base64.b64encode(str(text).encode()).decode(),
        }
    ]
