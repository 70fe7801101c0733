"""The shapes of FHIR R4, compiled from HL7's package into one small file that the product ships.

`maristan import definitions hl7.fhir.r4.core.tgz` writes data/fhir/r4.json.gz: for every type its elements (type,
least, most, required codes, targets of references). HL7 publishes the package under CC0.
"""

import gzip
import json
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FHIR = "http://hl7.org/fhir/"
SKIPPED_KINDS = {"logical"}


def compiled_path() -> Path:
    """Where the compiled definitions stand."""
    return settings.BASE_DIR / "data" / "fhir" / "r4.json.gz"


@cache
def load_definitions() -> dict[str, Any]:
    """Read the compiled definitions: `types` (name -> elements), `resources` (names), `codes` (list of code lists)."""
    return json.loads(gzip.decompress(compiled_path().read_bytes()))


def compile_definitions(package: Path, target: Path | None = None) -> dict[str, int]:
    """Compile HL7's package (a .tgz) and write it. Returns counts of what was found."""
    found = {"StructureDefinition": {}, "ValueSet": {}, "CodeSystem": {}}
    for definition in _read_package(package):
        if definition.get("resourceType") in found:
            found[definition["resourceType"]][definition.get("url")] = definition
    codes = Codes(found["ValueSet"], found["CodeSystem"])
    types: dict[str, Any] = {}
    resources = []
    for definition in sorted(found["StructureDefinition"].values(), key=lambda d: d["name"]):
        if definition["kind"] in SKIPPED_KINDS or definition.get("derivation") == "constraint":
            continue
        if definition["kind"] == "resource" and not definition["abstract"]:
            resources.append(definition["type"])
        if definition["kind"] != "primitive-type":
            types.update(_compile_structure(definition, codes))
    compiled = {
        "source": "HL7 FHIR R4 4.0.1, package hl7.fhir.r4.core, http://hl7.org/fhir/R4",
        "licence": "CC0-1.0",
        "resources": resources,
        "types": types,
        "codes": codes.lists,
    }
    text = json.dumps(compiled, separators=(",", ":"), sort_keys=True).encode()
    (target or compiled_path()).write_bytes(gzip.compress(text, 9, mtime=0))
    return {"types": len(types), "resources": len(resources), "required code lists": len(codes.lists)}


class Codes:
    """Expands the value sets of required bindings; one that cannot be listed (languages, MIME types) is left out."""

    def __init__(self, value_sets: dict[str, dict], systems: dict[str, dict]) -> None:
        self.value_sets, self.systems = value_sets, systems
        self.lists: list[list[list[str]]] = []
        self.numbers: dict[str, int | None] = {}

    def number_of(self, url: str) -> int | None:
        """The place of a value set's codes in `lists`, as [system, code] pairs; None when it cannot be listed."""
        url = url.partition("|")[0]
        if url not in self.numbers:
            pairs = self._expand(url)
            self.numbers[url] = len(self.lists) if pairs else None
            if pairs:
                self.lists.append(sorted(map(list, pairs)))
        return self.numbers[url]

    def _expand(self, url: str) -> set[tuple[str, str]] | None:
        compose = self.value_sets.get(url, {}).get("compose")
        if not compose:
            return None
        pairs: set[tuple[str, str]] = set()
        for include in compose["include"]:
            part = self._included(include)
            if part is None:
                return None
            pairs |= part
        for exclude in compose.get("exclude", []):
            pairs -= self._included(exclude) or set()
        return pairs

    def _included(self, include: dict) -> set[tuple[str, str]] | None:
        if "valueSet" in include:
            parts = [self._expand(url.partition("|")[0]) for url in include["valueSet"]]
            return None if None in parts else set.intersection(*parts)
        system = include.get("system", "")
        if "concept" in include:
            return {(system, concept["code"]) for concept in include["concept"]}
        known = self.systems.get(system)
        if not known or known.get("content") != "complete":
            return None
        return self._filtered(system, known.get("concept", []), include.get("filter", []))

    def _filtered(self, system: str, concepts: list[dict], filters: list[dict]) -> set[tuple[str, str]] | None:
        if not filters:
            return {(system, code) for code, _above in _walk(concepts)}
        if len(filters) > 1 or filters[0]["op"] not in ("is-a", "descendent-of"):
            return None
        root, with_root = filters[0]["value"], filters[0]["op"] == "is-a"
        return {(system, c) for c, above in _walk(concepts) if root in above or (with_root and c == root)}


def _walk(concepts: list[dict], above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for concept in concepts:
        yield concept["code"], above
        yield from _walk(concept.get("concept", []), (*above, concept["code"]))


def _read_package(package: Path) -> Iterator[dict]:
    with tarfile.open(package) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            if name.startswith(("StructureDefinition-", "ValueSet-", "CodeSystem-")):
                yield json.load(archive.extractfile(member))


def _compile_structure(definition: dict, codes: Codes) -> dict[str, Any]:
    """Every level of nesting becomes a type of its own, named by its path (Observation.component)."""
    root = definition["type"]
    types: dict[str, Any] = {root: {"elements": {}, "choices": []}}
    for element in definition["snapshot"]["element"][1:]:
        parent, _, name = element["path"].rpartition(".")
        if element["max"] == "0":
            continue
        target = types.setdefault(parent, {"elements": {}, "choices": []})
        kinds = _kinds(element)
        most = -1 if element["max"] == "*" else int(element["max"])
        if name.endswith("[x]"):
            stem = name.removesuffix("[x]")
            names = {stem + kind[0].upper() + kind[1:]: kind for kind in kinds}
            target["choices"].append([element["min"], sorted(names)])
            for choice, kind in names.items():
                target["elements"][choice] = _element(element, kind, 0, most, codes)
        else:
            kind = element["path"] if kinds[0] in ("BackboneElement", "Element") else kinds[0]
            target["elements"][name] = _element(element, kind, element["min"], most, codes)
    return types


def _kinds(element: dict) -> list[str]:
    if "contentReference" in element:
        return [element["contentReference"].removeprefix("#")]
    kinds = []
    for kind in element["type"]:
        fhir_type = [e["valueUrl"] for e in kind.get("extension", []) if e["url"].endswith("fhir-type")]
        kinds.append(fhir_type[0] if fhir_type else kind["code"].rpartition("/")[2].removeprefix("System."))
    return kinds


def _element(element: dict, kind: str, least: int, most: int, codes: Codes) -> list:
    binding = element.get("binding") or {}
    required = binding.get("strength") == "required" and kind in ("code", "CodeableConcept", "Coding")
    targets: list[str] = []
    if kind == "Reference":
        for each in element["type"]:
            if each["code"] == "Reference":
                targets += [url.rpartition("/")[2] for url in each.get("targetProfile", [])]
    return [kind, least, most, codes.number_of(binding["valueSet"]) if required else None, sorted(set(targets))]
