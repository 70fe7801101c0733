"""Messages: queued with their fact (`queue_message`, `notify_user`), delivered by the worker, answered once."""

from maristan.core.messaging.services.contacts import (
    allow_contact,
    check_person,
    forbid_contact,
    opt_in,
    opt_out,
    reason_to_hold,
    register_person_guard,
)
from maristan.core.messaging.services.delivery import deliver_due, release_stale_claims, send_again
from maristan.core.messaging.services.inbound import normalise_number, receive_message
from maristan.core.messaging.services.kinds import MessageKind, kinds, register_kind
from maristan.core.messaging.services.outbox import cancel_messages, mark_read, notify_user, queue_message
from maristan.core.messaging.services.receipts import record_receipt
from maristan.core.messaging.services.segments import count_segments

__all__ = [
    "MessageKind",
    "allow_contact",
    "cancel_messages",
    "check_person",
    "count_segments",
    "deliver_due",
    "forbid_contact",
    "kinds",
    "mark_read",
    "normalise_number",
    "notify_user",
    "opt_in",
    "opt_out",
    "queue_message",
    "reason_to_hold",
    "receive_message",
    "record_receipt",
    "register_kind",
    "register_person_guard",
    "release_stale_claims",
    "send_again",
]
