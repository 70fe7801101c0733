"""The worker's part: send what is due, listen to the gateways, for ever."""

import logging
import threading

from django.db import close_old_connections

from maristan.core.messaging.enums import Channel
from maristan.core.messaging.services.delivery import deliver_due, release_stale_claims
from maristan.core.messaging.services.gateways import SmppGateway, Unreachable, gateways_at_hand

logger = logging.getLogger(__name__)


def run_messaging(stop: threading.Event) -> None:
    """Deliver and listen until `stop` is set; a gateway that is away is tried again after a while."""
    gateways = gateways_at_hand()
    try:
        while not stop.is_set():
            release_stale_claims(gateways)
            deliver_due(gateways)
            close_old_connections()
            _listen(gateways.get(Channel.SMS), stop)
    finally:
        if isinstance(sms := gateways.get(Channel.SMS), SmppGateway):
            sms.close()


def _listen(gateway: object, stop: threading.Event) -> None:
    if not isinstance(gateway, SmppGateway):
        stop.wait(1)
        return
    try:
        gateway.listen(1)
    except Unreachable as error:
        logger.warning("SMPP: %s; tried again in 5 s", error)
        stop.wait(5)
