"""Conditions on the folded words of persons, in the one form that the index `person_search` answers."""

from collections.abc import Iterable

Condition = tuple[str, list[str]]
"""SQL and its values."""

LINE = "(' ' || search_words || ' ') LIKE %s"


def begins(word: str) -> Condition:
    """A word of the person begins so. `word` is folded: letters and digits, and `~` before a skeleton."""
    return LINE, [f"% {word}%"]


def holds(word: str) -> Condition:
    """A whole word of the person."""
    return LINE, [f"% {word} %"]


def all_of(conditions: Iterable[Condition]) -> Condition:
    return _join(" AND ", conditions)


def any_of(conditions: Iterable[Condition]) -> Condition:
    return _join(" OR ", conditions)


def _join(word: str, conditions: Iterable[Condition]) -> Condition:
    """Join what is not empty; nothing to join is the empty condition."""
    parts = [condition for condition in conditions if condition[0]]
    if len(parts) < 2:
        return parts[0] if parts else ("", [])
    return f"({word.join(part[0] for part in parts)})", [value for part in parts for value in part[1]]
