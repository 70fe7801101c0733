"""Reads of messages that two screens need."""

from django.db.models import Count, QuerySet

from maristan.core.accounts.models import User
from maristan.core.messaging.enums import Channel, State
from maristan.core.messaging.models import Message


def notices_of(user: User) -> QuerySet[Message]:
    """The notices on screen of one person, newest first."""
    return Message.objects.filter(channel=Channel.IN_APP, recipient=user)


def count_unread(user: User) -> int:
    return notices_of(user).filter(read_at__isnull=True).count()


def count_by_state() -> dict[str, int]:
    """How many messages stand in each state; states without any are 0."""
    found = dict(Message.objects.exclude(channel=Channel.IN_APP).values_list("state").annotate(Count("pk")).order_by())
    return {state: found.get(state, 0) for state in State.values}
