"""What every gateway does."""

from typing import Protocol

from maristan.core.messaging.models import Message


class Unreachable(Exception):
    """The gateway certainly did not take the message; trying later may succeed."""


class Refused(Exception):
    """The gateway will never take this message (unknown number, refused content)."""


class Uncertain(Exception):
    """The conversation broke while the message was handed over: the gateway may have taken it or not."""


class Gateway(Protocol):
    """A way out. `send` returns the gateway's reference, or raises one of the three."""

    name: str
    is_idempotent: bool

    def send(self, message: Message) -> str: ...
