"""The ways out: SMTP, an HTTP gateway, SMPP; in the demo, a drawer that keeps what would have left.

`gateways_at_hand()` reads SMTP_URL and SMS_GATEWAY_URL; a channel without a gateway keeps its messages waiting.
"""

from django.conf import settings

from maristan.core.messaging.enums import Channel
from maristan.core.messaging.services.gateways.base import Gateway, Refused, Uncertain, Unreachable
from maristan.core.messaging.services.gateways.drawer import DrawerGateway
from maristan.core.messaging.services.gateways.http import HttpGateway, verify_signature
from maristan.core.messaging.services.gateways.smpp import SmppGateway
from maristan.core.messaging.services.gateways.smtp import SmtpGateway

__all__ = [
    "DrawerGateway",
    "Gateway",
    "HttpGateway",
    "Refused",
    "SmppGateway",
    "SmtpGateway",
    "Uncertain",
    "Unreachable",
    "gateways_at_hand",
    "verify_signature",
]


def gateways_at_hand() -> dict[str, Gateway]:
    """The gateway of each channel, from the settings; in the demo nothing leaves the machine."""
    if settings.DEMO and not (settings.SMTP_URL or settings.SMS_GATEWAY_URL):
        return {Channel.EMAIL: DrawerGateway(), Channel.SMS: DrawerGateway()}
    found: dict[str, Gateway] = {}
    if settings.SMTP_URL:
        found[Channel.EMAIL] = SmtpGateway(settings.SMTP_URL)
    if settings.SMS_GATEWAY_URL.startswith("smpp"):
        found[Channel.SMS] = SmppGateway(settings.SMS_GATEWAY_URL)
    elif settings.SMS_GATEWAY_URL:
        found[Channel.SMS] = HttpGateway(settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_SECRET)
    return found
