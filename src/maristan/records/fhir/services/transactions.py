"""A transaction bundle becomes drafts: ids given, references resolved, every problem found, nothing written yet."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from maristan.records.fhir.fhir import Body, effective_time, read_identifiers
from maristan.records.fhir.models import Resource
from maristan.records.fhir.services.outcomes import Problem
from maristan.records.fhir.services.references import check_references
from maristan.records.fhir.services.validation import Findings, Found, Path, examine, known_types, write_path
from maristan.records.fhir.services.writing import Draft

_ADDRESS = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})")
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(.+)")


@dataclass(slots=True)
class Plan:
    """What a bundle asks for. Without `problems`, `drafts` may be written; `found` were there already (ifNoneExist)."""

    drafts: list[Draft] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)  # per entry: its Draft, or the (type, id) found
    addresses: dict[str, str] = field(default_factory=dict)  # fullUrl -> Type/id
    references: list[Found] = field(default_factory=list)

    def refuse(self, path: Path, code: str, words: str) -> None:
        self.problems.append(Problem(write_path(path), code, words))


def plan_transaction(bundle: Any) -> Plan:
    """Read a transaction bundle (POST, PUT and DELETE entries). All its problems are in the plan, none is raised."""
    plan = Plan()
    entries = _entries(bundle, plan)
    for number, entry in enumerate(entries):
        _plan_entry(entry, (((), "Bundle.entry"), number), plan)
    _refuse_doubles(plan)
    _resolve(plan)
    if not plan.problems:
        written = {(draft.type, draft.id) for draft in plan.drafts if draft.body is not None}
        plan.problems += check_references(plan.references, written=written)
    return plan


def prepare(body: Body, path: Path = ()) -> Findings:
    """Examine one body, its times and its inner references; what remains in `references` points outside of it."""
    findings = examine(body, path)
    if findings.problems:
        return findings
    _check_times(body, path or ((), body["resourceType"]), findings)
    contained = {each.get("id") for each in body.get("contained", ())}
    outside = []
    for found in findings.references:
        reference = found.value["reference"]
        if not reference.startswith("#"):
            outside.append(found)
        elif len(reference) > 1 and reference[1:] not in contained:
            findings.add((found.path, "reference"), "not-found", _("%(id)s is not contained here.") % {"id": reference})
    findings.references = outside
    return findings


def _check_times(body: Body, path: Path, findings: Findings) -> None:
    try:
        start, end = effective_time(body)
    except (ValueError, OverflowError):
        return findings.add(path, "value", _("Its time is outside the calendar."))
    if start and end and end < start:
        findings.add(path, "value", _("Its time ends before it begins."))
    return None


def _entries(bundle: Any, plan: Plan) -> Sequence[Any]:
    at: Path = ((), "Bundle")
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        plan.refuse(at, "structure", _("A FHIR Bundle is expected."))
        return ()
    if bundle.get("type") != "transaction":
        words = _("A bundle of type transaction is expected, this one is %(type)s.")
        plan.refuse((at, "type"), "value", words % {"type": str(bundle.get("type"))[:40]})
        return ()
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        plan.refuse((at, "entry"), "structure", _("A list of entries is expected."))
        return ()
    return entries


def _plan_entry(entry: Any, path: Path, plan: Plan) -> None:
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict) or not isinstance(request.get("url"), str):
        return plan.refuse((path, "request"), "required", _("Each entry needs a request with a method and a url."))
    plan_method = {"POST": _plan_post, "PUT": _plan_put, "DELETE": _plan_delete}.get(str(request.get("method")))
    if plan_method is None:
        words = _("%(method)s is not possible here: POST, PUT or DELETE.") % {"method": str(request.get("method"))[:20]}
        return plan.refuse(((path, "request"), "method"), "not-supported", words)
    return plan_method(entry, request, path, plan)


def _plan_post(entry: dict, request: dict, path: Path, plan: Plan) -> None:
    body = entry.get("resource")
    findings = _examined(body, path, plan)
    if findings is None:
        return None
    if request["url"] != body["resourceType"]:
        words = _("The url says %(url)s, the resource is of type %(type)s.")
        words %= {"url": request["url"][:60], "type": body["resourceType"]}
        return plan.refuse(((path, "request"), "url"), "value", words)
    condition = request.get("ifNoneExist")
    if condition:
        matches = find_by_condition(body["resourceType"], condition, ((path, "request"), "ifNoneExist"), plan)
        if matches:
            return _answer_found(entry, (body["resourceType"], matches[0]), plan)
    return _add(entry, body, _id_from(entry.get("fullUrl")), findings, path, plan, creating=True)


def _answer_found(entry: dict, key: tuple[str, str], plan: Plan) -> None:
    plan.found.append(key)
    plan.answers.append(key)
    _name(entry, *key, plan)


def _plan_put(entry: dict, request: dict, path: Path, plan: Plan) -> None:
    body = entry.get("resource")
    findings = _examined(body, path, plan)
    if findings is None:
        return None
    address = _ADDRESS.fullmatch(request["url"])
    if not address or address[1] != body["resourceType"] or body.get("id") != address[2]:
        words = _("The url must be %(type)s/ followed by the id that the resource carries.")
        return plan.refuse(((path, "request"), "url"), "value", words % {"type": body["resourceType"]})
    expected = _expected(request, path, plan)
    return _add(entry, body, address[2], findings, path, plan, expected=expected)


def _plan_delete(entry: dict, request: dict, path: Path, plan: Plan) -> None:
    address = _ADDRESS.fullmatch(request["url"])
    if not address or address[1] not in known_types():
        return plan.refuse(((path, "request"), "url"), "value", _("Type/id is expected."))
    expected = _expected(request, path, plan)
    draft = Draft(address[1], address[2], None, path, expected=expected)
    plan.drafts.append(draft)
    plan.answers.append(draft)
    return None


def _expected(request: dict, path: Path, plan: Plan) -> int | None:
    if "ifMatch" not in request:
        return None
    match = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', str(request["ifMatch"]))
    if not match:
        plan.refuse(((path, "request"), "ifMatch"), "value", _('W/"version" is expected.'))
    return int(match[1]) if match else None


def _examined(body: Any, path: Path, plan: Plan) -> Findings | None:
    findings = prepare(body, (path, "resource"))
    plan.problems += findings.problems
    return None if findings.problems else findings


def _add(entry: dict, body: Body, id_: str, findings: Findings, path: Path, plan: Plan, **kind: Any) -> None:
    body["id"] = id_
    strip_server_meta(body)
    draft = Draft(body["resourceType"], id_, body, (path, "resource"), **kind)
    plan.drafts.append(draft)
    plan.answers.append(draft)
    plan.references += findings.references
    _name(entry, draft.type, id_, plan)


def strip_server_meta(body: Body) -> None:
    """Version and time are the store's own columns: what a client says of them is not kept."""
    meta = body.get("meta")
    if isinstance(meta, dict) and (meta.pop("versionId", None), meta.pop("lastUpdated", None)) and not meta:
        del body["meta"]


def _name(entry: dict, type_: str, id_: str, plan: Plan) -> None:
    full = entry.get("fullUrl")
    if isinstance(full, str):
        plan.addresses[full] = f"{type_}/{id_}"


def _id_from(full_url: Any) -> str:
    """The identifier a new resource gets: the one its urn:uuid already carries, so that a bundle sent twice is seen."""
    if isinstance(full_url, str) and full_url.startswith("urn:uuid:"):
        try:
            return str(uuid.UUID(full_url[9:]))
        except ValueError:
            pass
    return str(uuid.uuid4())


def _refuse_doubles(plan: Plan) -> None:
    seen: set[tuple[str, str]] = set()
    for draft in plan.drafts:
        if (draft.type, draft.id) in seen:
            words = _("%(type)s/%(id)s stands twice in this bundle. Keep one of them.")
            plan.refuse(draft.path, "duplicate", words % {"type": draft.type, "id": draft.id})
        seen.add((draft.type, draft.id))


def _resolve(plan: Plan) -> None:
    """Write the stored address over every reference that names an entry of this bundle, or a condition."""
    conditional = []
    for found in plan.references:
        reference = found.value["reference"]
        if reference in plan.addresses:
            found.value["reference"] = plan.addresses[reference]
        elif "?" in reference and _CONDITIONAL.fullmatch(reference):
            conditional.append(found)
    if conditional:
        _resolve_conditions(conditional, plan)


def _resolve_conditions(conditional: list[Found], plan: Plan) -> None:
    inside = _identifiers_inside(plan)
    answers: dict[str, str | None] = {}
    for found in conditional:
        reference = found.value["reference"]
        if reference not in answers:
            answers[reference] = _answer(found, inside, plan)
        if answers[reference]:
            found.value["reference"] = answers[reference]


def _answer(found: Found, inside: dict[tuple[str, str], str], plan: Plan) -> str | None:
    type_, condition = _CONDITIONAL.fullmatch(found.value["reference"]).groups()
    path = (found.path, "reference")
    if (type_, _identifier_of(condition)) in inside:
        return f"{type_}/{inside[type_, _identifier_of(condition)]}"
    before = len(plan.problems)
    matches = find_by_condition(type_, condition, path, plan)
    if not matches and len(plan.problems) == before:
        words = _("Nothing here answers %(reference)s. Import what it names first.")
        plan.refuse(path, "not-found", words % {"reference": found.value["reference"][:120]})
    return f"{type_}/{matches[0]}" if matches else None


def _identifiers_inside(plan: Plan) -> dict[tuple[str, str], str]:
    named = {}
    for draft in plan.drafts:
        for identifier in read_identifiers((draft.body or {}).get("identifier")):
            named[draft.type, identifier] = draft.id
    return named


def find_by_condition(type_: str, condition: Any, path: Path, plan: Plan) -> list[str]:
    """The ids that answer `identifier=system|value` (or `_id=…`); any other condition, and two answers, are refused."""
    asked = parse_qsl(condition) if isinstance(condition, str) else []
    if len(asked) != 1 or asked[0][0] not in ("identifier", "_id"):
        plan.refuse(path, "not-supported", _("Only identifier=system|value or _id=… is possible here."))
        return []
    name, value = asked[0]
    stored = Resource.objects.filter(type=type_, deleted=False)
    if name == "_id":
        stored = stored.filter(fhir_id=value)
    else:
        stored = stored.filter(identifiers__contains=[value]).exclude(identifiers=[])
    matches = list(stored.values_list("fhir_id", flat=True)[:2])
    if len(matches) > 1:
        plan.refuse(path, "multiple-matches", _("More than one resource answers %(what)s.") % {"what": value[:100]})
        return []
    return matches


def _identifier_of(condition: str) -> str:
    asked = parse_qsl(condition)
    return asked[0][1] if len(asked) == 1 and asked[0][0] == "identifier" else ""
