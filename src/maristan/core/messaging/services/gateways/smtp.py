"""E-mail by SMTP, with STARTTLS or TLS where the address asks for it (`smtp+tls://`, `smtps://`)."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import parse_qs, unquote, urlsplit

from maristan.core.messaging.models import Message
from maristan.core.messaging.services.gateways.base import Refused, Uncertain, Unreachable


class SmtpGateway:
    """`smtp://user:password@host:port?from=maristan@example.dz`. The Message-ID carries our id, for who traces it."""

    name = "smtp"
    is_idempotent = False

    def __init__(self, url: str, *, timeout: float = 20) -> None:
        self.url, self.timeout = urlsplit(url), timeout
        self.sender = parse_qs(self.url.query).get("from", [f"maristan@{self.url.hostname}"])[0]

    def send(self, message: Message) -> str:
        mail = self._mail(message)
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{self.url.hostname}: {error}") from error
        try:
            connection.send_message(mail)
        except smtplib.SMTPResponseException as error:
            _raise_for_code(error.smtp_code, error)
        except smtplib.SMTPRecipientsRefused as error:
            _raise_for_code(min(code for code, _words in error.recipients.values()), error)
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(f"{self.url.hostname}: {error}") from error
        finally:
            connection.close()
        return mail["Message-ID"]

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.address, " ".join(message.subject.split())
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{message.pk}@{self.sender.rpartition('@')[2]}>"
        mail["Content-Language"] = message.language
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body)
        return mail

    def _connect(self) -> smtplib.SMTP:
        host, port = self.url.hostname, self.url.port or (465 if self.url.scheme == "smtps" else 25)
        if self.url.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(host, port, timeout=self.timeout)
        if self.url.scheme == "smtp+tls":
            connection.starttls(context=ssl.create_default_context())
        if self.url.username:
            connection.login(unquote(self.url.username), unquote(self.url.password or ""))
        return connection


def _raise_for_code(code: int, error: Exception) -> None:
    """RFC 5321: 4yz may succeed later, 5yz never will."""
    raise (Unreachable if 400 <= code < 500 else Refused)(f"{code}: {error}") from error
