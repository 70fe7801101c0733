"""Messages for the tests."""

from maristan.core.messaging.models import Message
from maristan.core.messaging.services import queue_message


def queue(channel: str = "sms", address: str = "+213550000001", *, fact: str = "fact 1", **more) -> Message:
    """Queue the test message; outside the quiet hours' reach."""
    values = {"kind": "messaging.test", "fact": fact, "values": {}, "language": "fr", **more}
    return queue_message(channel=channel, address=address, **values)
