"""Is this body FHIR R4? Structure, number, types, required codes, dates and depth, each problem with its path.

`examine` is the whole border: the rest of the area knows only it. Checks are closures built once per type from the
compiled definitions, so a resource costs some tens of microseconds.
"""

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from maristan.records.fhir.services.bodies import MAX_DEPTH, Decimal
from maristan.records.fhir.services.definitions import load_definitions
from maristan.records.fhir.services.outcomes import Problem

MOST_PROBLEMS = 200
Path = tuple  # (parent path, name or index): joined to text only when there is a problem


class Found(NamedTuple):
    """A Reference in the body: the dictionary itself, where it stands, and the types it may point to."""

    value: dict
    path: Path
    targets: frozenset[str]


@dataclass(slots=True)
class Findings:
    """What `examine` saw: the problems, and the references to resolve."""

    problems: list[Problem] = field(default_factory=list)
    references: list[Found] = field(default_factory=list)
    depth: int = 0

    def add(self, path: Path, code: str, words: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(write_path(path), code, words))


Check = Callable[[Any, Path, Findings], None]


def examine(body: Any, at: Path = ()) -> Findings:
    """Check one resource against R4; `at` is where it stands, as `(parent, name)` pairs."""
    findings = Findings()
    _check_resource(body, at, findings)
    return findings


def write_path(path: Path) -> str:
    """`Bundle.entry[3].resource` from the nested pairs."""
    parts: list[str] = []
    while path:
        path, name = path
        parts.append(f"[{name}]" if isinstance(name, int) else f".{name}")
    return "".join(reversed(parts)).removeprefix(".")


def known_types() -> frozenset[str]:
    """Names of the resource types of R4."""
    return _resources()


@cache
def _resources() -> frozenset[str]:
    return frozenset(load_definitions()["resources"])


def _check_resource(body: Any, path: Path, findings: Findings) -> None:
    if type(body) is not dict:
        return findings.add(path or ((), "resource"), "structure", _("A resource is a JSON object."))
    type_ = body.get("resourceType")
    if not isinstance(type_, str) or type_ not in _resources():
        place = (path, "resourceType")
        return findings.add(place, "value", _("%(type)s is no type of FHIR R4.") % {"type": _short(type_)})
    _checker(type_)(body, path or ((), type_), findings)
    return None


class Structure:
    """The check of a complex type: every element by its own check, then what is missing or chosen twice."""

    def __init__(self, type_: str) -> None:
        self.definition = load_definitions()["types"][type_]
        self.is_resource = type_ in _resources()
        elements = self.definition["elements"]
        self.required = [name for name, element in elements.items() if element[1] and name != "resourceType"]
        self.groups = [(least, frozenset(names)) for least, names in self.definition["choices"]]
        self.checks: dict[str, Check] = {}

    def __call__(self, value: Any, path: Path, findings: Findings) -> None:
        if type(value) is not dict or not value:
            return findings.add(path, "structure", _("An object with at least one element is expected here."))
        if findings.depth >= MAX_DEPTH:
            return findings.add(path, "too-costly", _("Nested more than %(n)d levels deep.") % {"n": MAX_DEPTH})
        if not self.checks:  # filled late: types contain each other
            self.checks = {name: _element_check(element) for name, element in self.definition["elements"].items()}
        findings.depth += 1
        self._check_elements(value, path, findings)
        for name in self.required:
            if name not in value and "_" + name not in value:
                findings.add((path, name), "required", _("%(name)s is required.") % {"name": name})
        if self.groups:
            _check_choices(self.groups, value, path, findings)
        findings.depth -= 1
        return None

    def _check_elements(self, value: dict, path: Path, findings: Findings) -> None:
        checks = self.checks
        for name, item in value.items():
            check = checks.get(name)
            if check is not None:
                check(item, (path, name), findings)
            elif not (self.is_resource and name == "resourceType"):
                _check_other(name, item, checks, path, findings)


@cache
def _checker(type_: str) -> Structure:
    return Structure(type_)


def _check_choices(groups: list, value: dict, path: Path, findings: Findings) -> None:
    for least, names in groups:
        present = names & value.keys()
        if len(present) > 1:
            words = _("Only one of %(names)s may be present.") % {"names": ", ".join(sorted(present))}
            findings.add((path, sorted(present)[1]), "structure", words)
        if least and not present and not any("_" + name in value for name in names):
            findings.add(path, "required", _("One of %(names)s is required.") % {"names": ", ".join(sorted(names))})


def _check_other(name: str, item: Any, checks: dict[str, Check], path: Path, findings: Findings) -> None:
    """An element that is no element: either the extensions of a primitive (`_birthDate`), or unknown."""
    if name[:1] == "_" and name[1:] in checks:
        for each in item if isinstance(item, list) else [item]:
            if each is not None:
                _checker("Element")(each, (path, name), findings)
    else:
        findings.add((path, name), "structure", _("There is no element %(name)s here.") % {"name": _short(name)})


def _element_check(element: list) -> Check:
    kind, _least, most, binding, targets = element
    one = _value_check(kind, binding, targets)
    if most == 1:
        return one

    def check(value: Any, path: Path, findings: Findings) -> None:
        if type(value) is not list or not value:
            return findings.add(path, "structure", _("A list with at least one item is expected here."))
        if most > 0 and len(value) > most:
            findings.add(path, "structure", _("At most %(n)d items are allowed.") % {"n": most})
        for number, item in enumerate(value):
            if item is not None:
                one(item, (path, number), findings)
        return None

    return check


def _value_check(kind: str, binding: int | None, targets: list[str]) -> Check:
    if kind == "code" and binding is not None:
        return _bound_code(binding)
    if kind in PRIMITIVES:
        return _primitive(kind)
    if kind in ("Resource", "xhtml.id"):
        return lambda value, path, findings: _check_resource(value, path, findings)
    if kind == "Reference":
        return _reference(frozenset(targets) - {"Resource"})
    if binding is not None:
        return _bound_concept(kind, binding)
    return lambda value, path, findings: _checker(kind)(value, path, findings)


def _reference(targets: frozenset[str]) -> Check:
    def check(value: Any, path: Path, findings: Findings) -> None:
        _checker("Reference")(value, path, findings)
        if type(value) is dict and type(value.get("reference")) is str:
            findings.references.append(Found(value, path, targets))

    return check


def _bound_code(binding: int) -> Check:
    allowed = frozenset(code for _system, code in load_definitions()["codes"][binding])

    def check(value: Any, path: Path, findings: Findings) -> None:
        if type(value) is not str or value not in allowed:
            some = ", ".join(sorted(allowed)[:8])
            words = _("%(value)s is not one of the codes allowed here (%(some)s).")
            findings.add(path, "code-invalid", words % {"value": _short(value), "some": some})

    return check


def _bound_concept(kind: str, binding: int) -> Check:
    """A CodeableConcept or Coding of a required value set: one coding must come from it, unless there is only text."""
    allowed = frozenset(map(tuple, load_definitions()["codes"][binding]))

    def check(value: Any, path: Path, findings: Findings) -> None:
        before = len(findings.problems)
        _checker(kind)(value, path, findings)
        if len(findings.problems) > before:
            return
        codings = value.get("coding", []) if kind == "CodeableConcept" else [value]
        if codings and not any((c.get("system", ""), c.get("code", "")) in allowed for c in codings):
            some = ", ".join(sorted(code for _system, code in allowed)[:8])
            words = _("No coding is one of the codes allowed here (%(some)s).") % {"some": some}
            findings.add(path, "code-invalid", words)

    return check


_DATE = r"(?!0000)\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?"
_ZONE = r"(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
_FULL = r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
PATTERNS: dict[str, str] = {
    "date": _DATE,
    "dateTime": rf"{_DATE}|{_FULL}T{_CLOCK}{_ZONE}",
    "instant": rf"{_FULL}T{_CLOCK}{_ZONE}",
    "time": _CLOCK,
    "code": r"\S+( \S+)*",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "oid": r"urn:oid:[0-2](\.(0|[1-9]\d*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "uri": r"\S*",
    "url": r"\S*",
    "canonical": r"\S*",
    "base64Binary": r"[A-Za-z0-9+/=\s]*",
    "xhtml": r"(?s)\s*<div.*",
    "string": r"(?s).*\S.*",
    "markdown": r"(?s).*\S.*",
    "String": r"(?s).+",
}
RANGES = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}
PRIMITIVES = {*PATTERNS, *RANGES, "boolean", "decimal"}


@cache
def _primitive(kind: str) -> Check:
    if kind == "boolean":
        return _boolean
    if kind == "decimal":
        return _decimal
    if kind in RANGES:
        return _integer(kind, RANGES[kind])
    if kind in ("string", "markdown", "String"):
        return _text
    pattern = re.compile(PATTERNS[kind]).fullmatch
    dated = kind in ("date", "dateTime", "instant")

    def check(value: Any, path: Path, findings: Findings) -> None:
        fits = type(value) is str and value and pattern(value)
        if not fits or (dated and len(value) > 9 and not _day_exists(value)):
            _wrong(kind, value, path, findings)

    return check


def _text(value: Any, path: Path, findings: Findings) -> None:
    if type(value) is not str or not value or value.isspace():
        _wrong("string", value, path, findings)


def _boolean(value: Any, path: Path, findings: Findings) -> None:
    if type(value) is not bool:
        _wrong("boolean", value, path, findings)


def _decimal(value: Any, path: Path, findings: Findings) -> None:
    if type(value) not in (int, Decimal, float) or not math.isfinite(value):
        _wrong("decimal", value, path, findings)


def _integer(kind: str, least: int) -> Check:
    def check(value: Any, path: Path, findings: Findings) -> None:
        if type(value) is not int or not least <= value < 2**31:
            _wrong(kind, value, path, findings)

    return check


def _day_exists(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _wrong(kind: str, value: Any, path: Path, findings: Findings) -> None:
    findings.add(path, "value", _("%(value)s is no %(kind)s.") % {"value": _short(value), "kind": kind})


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "…"
