"""Human words for the codes of actions."""

from typing import Any

from maristan.core.audit.enums import ACTION_LABELS


def register_action(code: str, label: Any) -> None:
    """Give the action `code` (`area.verb`) its words, from the hooks of an area. Raises ValueError if it has some."""
    if code in ACTION_LABELS:
        raise ValueError(f"{code} is registered twice")
    ACTION_LABELS[code] = label
