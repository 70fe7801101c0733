"""Does what a body points to exist? Checked once for a whole set, one query per kind of target."""

import re
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from maristan.core.accounts.models import User
from maristan.records.fhir.models import Resource
from maristan.records.fhir.services.outcomes import Problem
from maristan.records.fhir.services.validation import Found, known_types, write_path
from maristan.records.fhir.services.writing import find_places

_LITERAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/\d+)?(?:#.*)?")
_ELSEWHERE = re.compile(r"(?!urn:)[a-z][a-z0-9+.\-]*:\S+")


def check_references(found: Iterable[Found], *, written: Collection[tuple[str, str]] = ()) -> list[Problem]:
    """The problems of these references: unreadable, of a wrong type, or to nothing. `written` is being created now.

    An absolute address of another server is not followed. `#x` is checked by the caller, who knows what is contained.
    """
    problems: list[Problem] = []
    wanted: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        reference = one.value["reference"]
        literal = _LITERAL.fullmatch(reference)
        if literal and literal[1] in known_types():
            _add_wanted(one, (literal[1], literal[2]), written, wanted, problems)
        elif not reference.startswith("#") and not _ELSEWHERE.fullmatch(reference):
            words = _("%(reference)s points to nothing here. Send what it names in the same bundle, or before it.")
            problems.append(_problem(one, "not-found", words % {"reference": reference[:100]}))
    absent = wanted.keys() - find_existing(wanted)
    words = _("%(type)s/%(id)s does not exist. Send it in the same bundle, or before it.")
    for key in sorted(absent):
        problems += [_problem(one, "not-found", words % {"type": key[0], "id": key[1]}) for one in wanted[key]]
    return problems


def find_existing(keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (type, id) stand in the store, or are one of our places or professionals."""
    by_type: dict[str, set[str]] = {}
    for type_, id_ in keys:
        by_type.setdefault(type_, set()).add(id_)
    existing: set[tuple[str, str]] = set()
    for type_, ids in by_type.items():
        stored = Resource.objects.filter(type=type_, fhir_id__in=ids, deleted=False)
        existing.update((type_, id_) for id_ in stored.values_list("fhir_id", flat=True))
    if "Organization" in by_type:
        existing.update(("Organization", code) for code in find_places(by_type["Organization"]))
    if "Practitioner" in by_type:
        accounts = User.objects.filter(pk__in=[id_ for id_ in by_type["Practitioner"] if _is_uuid(id_)])
        existing.update(("Practitioner", str(pk)) for pk in accounts.values_list("pk", flat=True))
    return existing


def _add_wanted(one: Found, key: tuple[str, str], written: Collection, wanted: dict, problems: list[Problem]) -> None:
    if one.targets and key[0] not in one.targets:
        words = _("A %(type)s is not allowed here (%(allowed)s).")
        allowed = ", ".join(sorted(one.targets))
        problems.append(_problem(one, "structure", words % {"type": key[0], "allowed": allowed}))
    elif key not in written:
        wanted.setdefault(key, []).append(one)


def _problem(one: Found, code: str, words: str) -> Problem:
    return Problem(write_path((one.path, "reference")), code, words)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
