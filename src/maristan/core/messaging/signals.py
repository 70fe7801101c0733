"""Facts that messaging announces."""

from django.dispatch import Signal

message_answered = Signal()
"""A person answered a message by SMS. Arguments: `message` (Message), `body` (str). Sent once, inside the transaction
that stores the answer: a receiver that fails leaves the answer unprocessed, and the gateway will repeat it."""

message_failed = Signal()
"""A message will not be tried again. Argument: `message`. Sent after the failure is stored."""
