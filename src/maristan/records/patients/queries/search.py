"""Finding a person as one types. Why it is built so, with its figures: docs/adr/0003-person-search.md."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from maristan.records.patients.enums import MatchReason
from maristan.records.patients.models import Identifier, Person, Telephone, written_number
from maristan.records.patients.models.names import skeletons
from maristan.records.patients.queries.typed import SHORTEST_NUMBER, Typed, national_beginning, read_typed
from maristan.records.patients.queries.words import Condition, all_of, any_of, begins, holds

COUNT_LIMIT = 1000
"""Answers are counted up to here; `more` reaching `COUNT_LIMIT` reads "more than 1,000 others"."""

CANDIDATES = """
WITH found AS MATERIALIZED (
    SELECT id, search_words, family_ar FROM patients_person WHERE {condition} AND NOT id = ANY(%s) LIMIT %s
), counted AS (SELECT count(*) AS persons FROM found)
SELECT id, persons, {exact} AS is_exact FROM found, counted
ORDER BY is_exact DESC, starts_with(search_words, %s) OR starts_with(family_ar, %s) DESC, search_words, id
LIMIT %s
"""
NEIGHBOURS = """
SELECT typed, word FROM unnest(%(words)s::text[], %(next)s::text[]) AS words(typed, after) CROSS JOIN LATERAL (
    SELECT word FROM patients_nameword
    WHERE word %% typed ORDER BY similarity(word, typed) DESC, word LIMIT 40
) AS near
WHERE NOT EXISTS (SELECT 1 FROM patients_nameword WHERE word ~>=~ typed AND word ~<~ after)
"""


@dataclass(frozen=True)
class PersonHit:
    """One person of the answer, why they are in it, and the number that matched, if it was a number."""

    person: Person
    reason: MatchReason
    matched: str = ""


@dataclass(frozen=True)
class _Found:
    id: uuid.UUID
    reason: MatchReason
    matched: str = ""
    number: int | None = None  # the row of the identifier or telephone, written out for those shown


def search_people(text: str, *, limit: int = 20) -> tuple[list[PersonHit], int]:
    """Persons answering `text` (names in either script in any order, birth date, telephone, identifier), best first.

    Returns the first `limit` hits and how many more there are, counted up to `COUNT_LIMIT`. Names written differently
    are added as soon as those written as typed fit on the page. No access is decided and nothing is audited here: a
    screen calls `services.find_people`.
    """
    typed = read_typed(text)
    if typed.is_empty:
        return [], 0
    found, total = _search(typed, limit)
    return _load(found[:limit]), total - len(found[:limit])


def _search(typed: Typed, limit: int) -> tuple[list[_Found], int]:
    if typed.is_number_only:
        numbered = _by_numbers(typed.numbers)
        born, total = _by_words(typed, limit, without=[hit.id for hit in numbered]) if typed.births else ([], 0)
        return numbered + born, min(len(numbered) + total, limit + COUNT_LIMIT)
    if typed.numbers:
        numbered = _by_numbers(typed.numbers)
        kept = _answering([hit.id for hit in numbered], typed)
        numbered = [hit for hit in numbered if hit.id in kept]
        return numbered, len(numbered)
    found, total = _by_words(typed, limit)
    if total <= limit:
        others, more = _by_spelling(typed, limit, without=[hit.id for hit in found])
        found, total = found + others, total + more
    return found, total


def _by_words(typed: Typed, limit: int, without: Sequence[uuid.UUID] = ()) -> tuple[list[_Found], int]:
    """Persons with every word typed, whole words first."""
    born = any_of(map(begins, typed.births))
    begun = all_of([any_of(all_of(map(begins, form)) for form in _joined(typed.words)), born])
    exact = all_of([any_of(all_of(map(holds, form)) for form in _joined(typed.words)), born])
    rows, total = _candidates(begun, exact, typed, limit, without)
    if total > COUNT_LIMIT and typed.words:  # too many to have all been compared: whole words must not be missed
        whole, _count = _candidates(exact, exact, typed, limit, without)
        ids = {found for found, _is_exact in whole}
        rows = (whole + [row for row in rows if row[0] not in ids])[:limit]
    return [_Found(found, _reason(typed, is_exact)) for found, is_exact in rows], total


def _reason(typed: Typed, is_exact: bool) -> MatchReason:
    if not typed.words:
        return MatchReason.BIRTH
    return MatchReason.NAME if is_exact else MatchReason.BEGINNING


def _by_spelling(typed: Typed, limit: int, without: Sequence[uuid.UUID]) -> tuple[list[_Found], int]:
    """Persons whose names sound like the words typed, in either script, or differ by a slip of the finger."""
    near = _neighbours(typed.words)
    forms = []
    for form in _joined(typed.words):
        shortest = 3 if len(form) == 1 else 1  # two consonants alone would answer half a page of other names
        forms.append(all_of(_spelled(word, near.get(word, ()), shortest) for word in form))
    condition = all_of([any_of(forms), any_of(map(begins, typed.births))])
    rows, total = _candidates(condition, condition, typed, limit, without)
    return [_Found(found, MatchReason.SPELLING) for found, _is_exact in rows], total


def _spelled(word: str, near: Iterable[str], shortest: int) -> Condition:
    heard = [sound for sound in sorted(skeletons(word)) if len(sound) >= shortest and len(word) > 2]
    return any_of([begins(word), *(holds(f"~{sound}") for sound in heard), *map(holds, near)])


def _neighbours(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word that begins no known name, the names one slip away from it (two slips in long words)."""
    near: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        long = [word for word in words if len(word) > 3]
        cursor.execute(NEIGHBOURS, {"words": long, "next": [word[:-1] + chr(ord(word[-1]) + 1) for word in long]})
        for word, other in cursor.fetchall():
            if slips(word, other) <= (1 if len(word) < 6 else 2):
                near.setdefault(word, []).append(other)
    return near


def slips(one: str, other: str) -> int:
    """How many letters to add, drop, change or exchange with the next to turn one word into the other."""
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, sign in enumerate(other, start=1):
            best = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                best = min(best, before[column - 2] + 1)
            current.append(best)
        before, last = last, current
    return last[-1]


def _joined(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The words as typed, and with two neighbours joined: "ben abdallah ali" may be kept as "Benabdallah Ali"."""
    pairs = range(len(words) - 1) if len(words) < 5 else ()
    return (
        [tuple(words), *((*words[:at], words[at] + words[at + 1], *words[at + 2 :]) for at in pairs)] if words else []
    )


def _candidates(
    condition: Condition, exact: Condition, typed: Typed, limit: int, without: Sequence[uuid.UUID]
) -> tuple[list[tuple[uuid.UUID, bool]], int]:
    first = typed.words[0] if typed.words else "-"
    statement = CANDIDATES.format(condition=condition[0], exact=exact[0])
    values = [*condition[1], list(without), limit + COUNT_LIMIT, *exact[1], first, first, limit]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [(found, is_exact) for found, _persons, is_exact in rows], rows[0][1] if rows else 0


def _answering(ids: Sequence[uuid.UUID], typed: Typed) -> set[uuid.UUID]:
    """Those of `ids` that also answer the names and the birth date typed beside a number."""
    kept = set()
    for person in Person.objects.filter(id__in=ids).only("id", "search_words"):
        words = person.search_words.split()
        wanted = [*typed.words, *typed.births]
        if all(any(word.startswith(beginning) for word in words) for beginning in wanted):
            kept.add(person.id)
    return kept


def _by_numbers(numbers: Sequence[str]) -> list[_Found]:
    """Persons with an identifier or telephone that begins so; ended ones too, since old papers still circulate."""
    found: dict[uuid.UUID, _Found] = {}
    for number in numbers:
        for person, row in _beginning_with(Identifier, "value", number):
            found.setdefault(person, _Found(person, MatchReason.IDENTIFIER, number=row))
        for person in Person.objects.filter(call_number=written_number(number)):
            found.setdefault(person.pk, _Found(person.pk, MatchReason.IDENTIFIER, person.call_number))
        beginning = national_beginning(number)
        if number.isdigit() and len(beginning) >= SHORTEST_NUMBER:
            for person, row in _beginning_with(Telephone, "national", beginning):
                found.setdefault(person, _Found(person, MatchReason.TELEPHONE, number=row))
    return list(found.values())


def _beginning_with(model: type, field: str, number: str) -> list[tuple[uuid.UUID, int]]:
    """Persons and rows whose number begins so, in its order; `COUNT_LIMIT` of them at most, as everywhere here."""
    rows = model.objects.filter(**{f"{field}__startswith": number}).order_by(field, "pk")
    return list(rows.values_list("person_id", "pk")[:COUNT_LIMIT])


def _load(found: Sequence[_Found]) -> list[PersonHit]:
    people = Person.objects.select_related("commune", "birth_commune", "mother").in_bulk([hit.id for hit in found])
    written = {}
    for model, reason in ((Identifier, MatchReason.IDENTIFIER), (Telephone, MatchReason.TELEPHONE)):
        rows = [hit.number for hit in found if hit.reason == reason and hit.number]
        written |= {(reason, row.pk): row.written for row in model.objects.filter(pk__in=rows)} if rows else {}
    return [PersonHit(people[hit.id], hit.reason, written.get((hit.reason, hit.number), hit.matched)) for hit in found]
