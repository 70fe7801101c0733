"""SMS by SMPP 3.4: one transceiver session that sends, takes receipts and takes incoming messages."""

import re
import select
import time
from urllib.parse import parse_qs, unquote, urlsplit

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm
import smpplib.smpp

from maristan.core.messaging.models import Message
from maristan.core.messaging.services import inbound
from maristan.core.messaging.services.gateways.base import Refused, Uncertain, Unreachable
from maristan.core.messaging.services.receipts import record_receipt

TEMPORARY = {0x14, 0x58, 0x08, 0x0D}  # queue full, throttled, system error, bind failed
LOST = (OSError, smpplib.exceptions.ConnectionError, smpplib.exceptions.UnknownCommandError)


class SmppGateway:
    """`smpp://system:password@host:port?from=MARISTAN`. `listen` must be called often: it answers the SMSC."""

    name = "smpp"
    is_idempotent = False

    def __init__(self, url: str, *, timeout: float = 10) -> None:
        self.url, self.timeout = urlsplit(url), timeout
        self.source = parse_qs(self.url.query).get("from", ["MARISTAN"])[0]
        self.client: smpplib.client.Client | None = None

    def send(self, message: Message) -> str:
        """Submit every part; the reference is that of the last, whose receipt counts for the whole."""
        client = self._session()
        parts, coding, esm_class = smpplib.gsm.make_parts(message.body)
        reference = ""
        for number, part in enumerate(parts):
            try:
                reference = self._submit(client, message, part, coding, esm_class)
            except (Unreachable, Refused):
                if number:  # some parts left already: sending all again would repeat them
                    raise Refused("the gateway took only the beginning of this message") from None
                raise
        return reference

    def listen(self, seconds: float) -> None:
        """Serve what the SMSC sends us for a while: receipts and incoming messages, each answered once stored."""
        client = self._session()
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                self._read(client, left)
            except LOST as error:
                self._forget()
                raise Unreachable(f"{self.url.hostname}: {error}") from error

    def close(self) -> None:
        if self.client:
            try:
                self.client.unbind()
            except (*LOST, smpplib.exceptions.PDUError):
                self.client.state = smpplib.consts.SMPP_CLIENT_STATE_CLOSED
            self.client.disconnect()
            self.client = None

    def _session(self) -> smpplib.client.Client:
        if self.client and self.client.state == smpplib.consts.SMPP_CLIENT_STATE_BOUND_TRX:
            return self.client
        client = smpplib.client.Client(
            self.url.hostname, self.url.port or 2775, timeout=self.timeout, allow_unknown_opt_params=True
        )
        try:
            client.connect()
            client.bind_transceiver(
                system_id=unquote(self.url.username or ""), password=unquote(self.url.password or "")
            )
        except (*LOST, smpplib.exceptions.PDUError) as error:
            client.disconnect()
            raise Unreachable(f"{self.url.hostname}: {error}") from error
        client.set_message_received_handler(_take)
        client.set_error_pdu_handler(lambda pdu: None)
        self.client = client
        return client

    def _submit(self, client: smpplib.client.Client, message: Message, part: bytes, coding: int, esm_class: int) -> str:
        try:
            pdu = client.send_message(
                source_addr_ton=smpplib.consts.SMPP_TON_ALNUM,
                source_addr=self.source,
                dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                destination_addr=message.address.lstrip("+"),
                short_message=part,
                data_coding=coding,
                esm_class=esm_class,
                registered_delivery=True,
            )
            return self._answer_to(client, pdu.sequence)
        except LOST as error:
            self._forget()
            raise Uncertain(f"the session broke while it was handed over: {error}") from error

    def _answer_to(self, client: smpplib.client.Client, sequence: int) -> str:
        """Read until the answer to our submission; serve what comes in between."""
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            pdu = self._read(client, deadline - time.monotonic())
            if pdu is None:
                break
            if pdu.command == "submit_sm_resp" and pdu.sequence == sequence:
                if pdu.status == smpplib.consts.SMPP_ESME_ROK:
                    return pdu.message_id.decode()
                error = f"SMPP {pdu.status:#06x}"
                raise (Unreachable if pdu.status in TEMPORARY else Refused)(error)
        self._forget()
        raise Uncertain("the gateway did not answer")

    def _read(self, client: smpplib.client.Client, seconds: float) -> smpplib.smpp.command.Command | None:
        """The next PDU, served if it asks for something; None after `seconds` of silence."""
        readable, _writable, _broken = select.select([client._socket], [], [], max(seconds, 0))
        if not readable:
            return None
        pdu = client.read_pdu()
        if pdu.command == "deliver_sm":
            client._message_received(pdu)
        elif pdu.command == "enquire_link":
            client._enquire_link_received(pdu)
        elif pdu.command == "unbind":
            raise smpplib.exceptions.ConnectionError("the gateway closed the session")
        return pdu

    def _forget(self) -> None:
        if self.client:
            self.client.state = smpplib.consts.SMPP_CLIENT_STATE_CLOSED
            self.client.disconnect()
            self.client = None


def _take(pdu: smpplib.smpp.command.Command) -> int:
    """Store what came in before it is acknowledged: an error leaves it with the gateway, which repeats it."""
    if pdu.esm_class & 0x04:
        return _take_receipt(pdu)
    sender, to = pdu.source_addr.decode(), pdu.destination_addr.decode()
    text = _text(pdu)
    reference = inbound.digest_reference(sender, to, text, pdu.sequence)
    inbound.receive_message("smpp", reference, sender=sender, body=text, to=to)
    return smpplib.consts.SMPP_ESME_ROK


def _take_receipt(pdu: smpplib.smpp.command.Command) -> int:
    words = (pdu.short_message or b"").decode("ascii", errors="replace")
    found = re.search(r"id:(\S+)", words)
    reference = pdu.receipted_message_id.decode() if pdu.receipted_message_id else found and found[1]
    state = re.search(r"stat:(\w+)", words)
    if reference and state and state[1] in ("DELIVRD", "UNDELIV", "EXPIRED", "REJECTD", "DELETED"):
        record_receipt("smpp", reference, delivered=state[1] == "DELIVRD", error=state[1])
    return smpplib.consts.SMPP_ESME_ROK


def _text(pdu: smpplib.smpp.command.Command) -> str:
    raw = pdu.short_message or getattr(pdu, "message_payload", None) or b""
    if pdu.esm_class & smpplib.consts.SMPP_GSMFEAT_UDHI and raw:
        raw = raw[raw[0] + 1 :]
    if pdu.data_coding == smpplib.consts.SMPP_ENCODING_ISO10646:
        return raw.decode("utf-16-be", errors="replace")
    return raw.decode("latin-1")
