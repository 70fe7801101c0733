"""Kinds of messages: their words by channel. Areas register theirs from `hooks.py`."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from maristan.core.messaging.enums import Channel
from maristan.core.messaging.services.segments import count_segments
from maristan.core.ui.registries import Registry


@dataclass(frozen=True)
class MessageKind:
    """Words of one kind, lazy translations with `{name}` places; `sample` fills them for the preview and the tests.

    `sms` of a kind with `one_segment` must fit one segment in every language with its sample: a test counts.
    """

    code: str
    label: Any
    sms: Any = ""
    subject: Any = ""
    email: Any = ""
    notice: Any = ""
    sample: dict[str, str] = field(default_factory=dict)
    one_segment: bool = True
    urgent: bool = False

    def words(self, channel: str, language: str, values: dict[str, Any]) -> tuple[str, str]:
        """Subject and body for one channel in one language."""
        with translation.override(language):
            body = {Channel.SMS: self.sms, Channel.EMAIL: self.email, Channel.IN_APP: self.notice}[channel]
            return str(self.subject).format(**values), str(body).format(**values)

    def has(self, channel: str) -> bool:
        return bool({Channel.SMS: self.sms, Channel.EMAIL: self.email, Channel.IN_APP: self.notice}[channel])

    def segments(self, language: str) -> int:
        """How many segments its SMS takes with the sample."""
        return count_segments(self.words(Channel.SMS, language, self.sample)[1])


kinds = Registry()


def register_kind(kind: MessageKind) -> None:
    kinds.register(kind)
