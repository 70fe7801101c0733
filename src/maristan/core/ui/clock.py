"""The clock of the house: whatever has a limit asks it for the time, so that a test can move it.

Only tests and benchmarks move it; the audit journal and the seals never ask it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())


def now() -> datetime:
    """The present instant, with its time zone."""
    return timezone.now() + _shift.get()


@contextmanager
def moved(**duration: float) -> Iterator[None]:
    """For the time of the block, the clock is ahead by `timedelta(**duration)`; blocks add up."""
    token = _shift.set(_shift.get() + timedelta(**duration))
    try:
        yield
    finally:
        _shift.reset(token)
