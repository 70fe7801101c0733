"""The demo territory: the wilaya of Constantine with invented people, dated relative to today."""

import datetime
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings


def demo_areas() -> list[str]:
    """Areas that bring a share of the demo, in the order their tables depend on each other."""
    return [area for area in settings.AREAS if find_spec(f"{area}.demo")]


def load_area(area: str, *, today: datetime.date) -> None:
    """Load one area's share; an area's `load_demo` may run twice and adds nothing the second time."""
    import_module(f"{area}.demo").load_demo(today=today)
