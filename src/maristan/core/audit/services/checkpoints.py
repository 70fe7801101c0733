"""Signed marks of the last sealed block, kept in a file outside the database: a cut tail or a rewritten chain shows."""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from maristan.core.audit.models import AuditBlock


@dataclass(frozen=True)
class Checkpoint:
    """What was true when a block was sealed, as one line of the file says it; `genuine` when its signature holds."""

    number: int
    at: datetime
    total: int
    hash: str
    key: str
    genuine: bool


def sign_checkpoint(block: AuditBlock) -> None:
    """Append the mark of `block` to the file and wait until the disk holds it."""
    path = settings.CHECKPOINTS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {"number": block.number, "at": block.at.isoformat(), "total": block.total, "hash": block.hash.hex()}
    key = _key(settings.SEAL_KEY_FILE)
    facts["key"] = fingerprint(key.public_key())
    signature = base64.b64encode(key.sign(_canonical(facts))).decode()
    with path.open("a+b") as file:
        _drop_torn_line(file)
        file.write(_canonical({**facts, "signature": signature}) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_checkpoints() -> Iterator[Checkpoint]:
    """Every mark of the file, oldest first; a line the power cut in two at the end is left out."""
    if not settings.CHECKPOINTS_FILE.exists():
        return
    with settings.CHECKPOINTS_FILE.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield _read(line)


def last_checkpoint() -> Checkpoint | None:
    """The newest mark, read from the end of the file."""
    if not settings.CHECKPOINTS_FILE.exists():
        return None
    with settings.CHECKPOINTS_FILE.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
        lines = [line for line in file if line.endswith(b"\n")]
    return _read(lines[-1]) if lines else None


def fingerprint(key: Ed25519PublicKey) -> str:
    """Sixteen hexadecimal figures that name a key, short enough for a paper note."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _read(line: bytes) -> Checkpoint:
    try:
        facts = json.loads(line)
        signature = base64.b64decode(facts.pop("signature"))
        checkpoint = Checkpoint(
            number=int(facts["number"]),
            at=datetime.fromisoformat(facts["at"]),
            total=int(facts["total"]),
            hash=str(facts["hash"]),
            key=str(facts["key"]),
            genuine=_is_signed(_canonical(facts), signature),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Checkpoint(0, datetime.fromtimestamp(0).astimezone(), 0, "", "", genuine=False)
    return checkpoint


def _is_signed(message: bytes, signature: bytes) -> bool:
    try:
        _public_key().verify(signature, message)
    except (InvalidSignature, OSError, ValueError):
        return False
    return True


def _canonical(facts: dict) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()


def _drop_torn_line(file: BinaryIO) -> None:
    """A kill in the middle of a write leaves half a line: it was never a mark, and must not swallow the next one."""
    end = file.seek(0, os.SEEK_END)
    if not end:
        return
    start = max(0, end - 4096)
    file.seek(start)
    tail = file.read()
    if not tail.endswith(b"\n"):
        file.truncate(start + tail.rfind(b"\n") + 1)


@cache
def _key(path: Path) -> Ed25519PrivateKey:
    """The key of this installation, made once, readable by its owner only."""
    if not path.exists():
        _make_key(path)
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))
    path.with_suffix(".pub").write_bytes(base64.b64encode(key.public_key().public_bytes_raw()))
    return key


def _public_key() -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(settings.SEAL_KEY_FILE.with_suffix(".pub").read_bytes()))


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was faster: its key is the one
        os.link(temporary, path)
    temporary.unlink()
