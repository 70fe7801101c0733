"""Names behind the references of bodies: our professionals and places in the reader's language, others as recorded."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from maristan.core.accounts.models import User
from maristan.core.territory.models import Establishment, Service
from maristan.records.fhir.queries.facts import Body

NamedBodies = Callable[[str, Iterable[str]], dict[str, Body]]


def find_names(bodies: Iterable[Body], named: NamedBodies) -> dict[str, str]:
    """Words for every Practitioner, Organization and Location that the bodies name. Five queries at most.

    `named(type, ids)` reads the stored facts about nobody. An organization of ours is `<code>` or `<code>.<service>`.
    """
    ids: dict[str, set[str]] = {"Practitioner": set(), "Organization": set(), "Location": set()}
    for type_, id_ in _references(bodies):
        ids[type_].add(id_)
    names: dict[str, str] = {}
    for type_, wanted in ids.items():
        for id_, body in named(type_, wanted).items() if wanted else ():
            names[f"{type_}/{id_}"] = _name_of(body)
    return names | _our_people(ids["Practitioner"]) | _our_places(ids["Organization"])


def establishment_of(organization: str) -> str:
    """Reference of the establishment of an organization: a service's without its own part."""
    return organization.split(".")[0]


def _references(value: Any) -> Iterator[tuple[str, str]]:
    stack = list(value)
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            reference = item.get("reference")
            if isinstance(reference, str):
                type_, _bar, id_ = reference.partition("/")
                if type_ in ("Practitioner", "Organization", "Location") and id_:
                    yield type_, id_
            stack.extend(part for part in item.values() if isinstance(part, (dict, list)))


def _name_of(body: Body) -> str:
    if isinstance(body.get("name"), str):
        return body["name"].title() if body["name"].isupper() else body["name"]
    name = (body.get("name") or [{}])[0]
    return (
        name.get("text") or " ".join([*name.get("prefix", ()), *name.get("given", ()), name.get("family", "")]).strip()
    )


def _our_people(ids: set[str]) -> dict[str, str]:
    ours = {found for found in map(_uuid, ids) if found}
    return {f"Practitioner/{u.pk}": u.name for u in User.objects.filter(pk__in=ours)} if ours else {}


def _our_places(ids: set[str]) -> dict[str, str]:
    codes = {id_.split(".")[0] for id_ in ids if _uuid(id_) is None}
    if not codes:
        return {}
    names = {f"Organization/{e.code}": e.short for e in Establishment.objects.filter(code__in=codes)}
    services = Service.objects.filter(establishment__code__in=codes).select_related("establishment")
    return names | {f"Organization/{s.establishment.code}.{s.code}": s.name for s in services}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
