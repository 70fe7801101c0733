"""What became of a message, as its gateway says."""

from maristan.core.messaging.enums import State
from maristan.core.messaging.models import Message
from maristan.core.ui import clock


def record_receipt(gateway: str, reference: str, *, delivered: bool, error: str = "") -> bool:
    """The gateway says what became of a message. Returns False when the reference is nobody's."""
    sent = Message.objects.filter(gateway=gateway, reference=reference, state__in=[State.SENT, State.UNCERTAIN])
    if delivered:
        return bool(sent.update(state=State.DELIVERED, delivered_at=clock.now()))
    return bool(sent.update(state=State.FAILED, last_error=error[:300]))
