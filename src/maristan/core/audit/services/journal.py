"""The register as its reader may see it. Names and places belong to areas above, which lend them from their hooks."""

import uuid
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from maristan.core.audit import queries
from maristan.core.audit.models import AuditLine

Names = Callable[[Collection[Any]], dict[Any, str]]
KINDS = {  # what a line names, and the field of the line that holds its id
    "person": "patient_id",
    "user": "actor_id",
    "role": "role",
    "establishment": "establishment_id",
    "service": "service_id",
    "division": "division_id",
}
_names: dict[str, Names] = {}
_person_search: list[Callable[[str], list[uuid.UUID]]] = []
_places_of_post: list[Callable[[Any], list[tuple[int, str]]]] = []


def register_names(kind: str, names: Names) -> None:
    """Lend names in the reader's language: `names(ids)` gives those it knows. `kind` is one of KINDS."""
    if kind not in KINDS or kind in _names:
        raise ValueError(f"{kind} is unknown, or lent twice")
    _names[kind] = names


def register_person_search(search: Callable[[str], list[uuid.UUID]]) -> None:
    """Lend the search of people, for the filter by person: ids of those a text may mean."""
    _person_search.append(search)


def register_places(places_of_post: Callable[[Any], list[tuple[int, str]]]) -> None:
    """Lend the establishments within a post's scope, (id, name) in order of name."""
    _places_of_post.append(places_of_post)


def places_of(user: Any) -> list[tuple[int, str]]:
    """Establishments whose lines this reader may see."""
    return [place for places in _places_of_post for place in places(user.post)] if user.post else []


def lines_for(user: Any) -> QuerySet[AuditLine]:
    """Lines of the establishments within the reader's post; for a territory, also its own and unplaced lines."""
    post = user.post
    if post is None:
        return AuditLine.objects.none()
    scope = Q(establishment_id__in=[number for number, _name in places_of(user)])
    if post.division_id:
        scope |= Q(division_id=post.division_id) | Q(establishment_id=None, division_id=None)
    return AuditLine.objects.filter(scope)


def filter_lines(lines: QuerySet[AuditLine], wanted: dict[str, Any]) -> QuerySet[AuditLine]:
    """Keep what the filters of the journal want: person, actor, action, establishment, outcome, start, end."""
    lines = queries.between(lines, wanted.get("start"), wanted.get("end"))
    if person := wanted.get("person"):
        lines = lines.filter(patient_id__in=_people(person))
    if actor := wanted.get("actor"):
        found = _as_uuid(actor)
        lines = lines.filter(actor_id=found) if found else lines.filter(actor_name__icontains=actor)
    exact = {"action": "action", "establishment": "establishment_id", "outcome": "outcome"}
    return lines.filter(**{field: wanted[name] for name, field in exact.items() if wanted.get(name)})


def name_lines(lines: Iterable[AuditLine]) -> list[AuditLine]:
    """The lines, each with `names`: what it says of every kind, in the reader's language when it is known."""
    lines = list(lines)
    known = {kind: _known(kind, field, lines) for kind, field in KINDS.items()}
    for line in lines:
        names = {kind: known[kind].get(getattr(line, field), "") for kind, field in KINDS.items()}
        places = [names["service"], names["establishment"], names["division"]]
        names["place"] = " · ".join(name for name in places if name) or line.place
        line.names = {**names, "user": names["user"] or line.actor_name, "role": names["role"] or line.role}
    return lines


def _known(kind: str, field: str, lines: list[AuditLine]) -> dict[Any, str]:
    ids = {value for line in lines if (value := getattr(line, field))}
    return _names[kind](ids) if ids and kind in _names else {}


def _people(text: str) -> list[uuid.UUID]:
    found = _as_uuid(text)
    return [found] if found else [person for search in _person_search for person in search(text)]


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
