"""SMS through an HTTP gateway: one POST in JSON, an idempotency key, and signed answers."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request

from maristan.core.messaging.models import Message
from maristan.core.messaging.services.gateways.base import Refused, Unreachable


class HttpGateway:
    """POST {id, to, text} with `Idempotency-Key` and `X-Signature` (HMAC-SHA256 of the body); answer {reference}."""

    name = "http"
    is_idempotent = True

    def __init__(self, url: str, secret: str, *, timeout: float = 20) -> None:
        self.url, self.secret, self.timeout = url, secret, timeout

    def send(self, message: Message) -> str:
        body = json.dumps({"id": str(message.pk), "to": message.address, "text": message.body}).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": str(message.pk),
            "X-Signature": sign(self.secret, body),
        }
        request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 a setting
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 a setting
                return str(json.load(answer)["reference"])
        except urllib.error.HTTPError as error:
            temporary = error.code in (408, 425, 429) or error.code >= 500
            raise (Unreachable if temporary else Refused)(f"HTTP {error.code}") from error
        except (OSError, ValueError, KeyError) as error:
            raise Unreachable(str(error)) from error


def sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def verify_signature(secret: str, body: bytes, signature: str) -> bool:
    """Whether a call to our inbound address comes from the gateway that shares the secret."""
    return bool(secret) and hmac.compare_digest(sign(secret, body), signature)
