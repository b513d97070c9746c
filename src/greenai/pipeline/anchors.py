"""Signed heads of the audit's chain, outside the database: in a file that only grows, and at a webhook.

Whoever rules the database can rewrite all that is in it. What he cannot do is to sign another head with the
same key, or to take back a line that stands elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.audit import Head, written
from greenai.errors import UsageError
from greenai.settings import Settings
from greenai.store import audit

if TYPE_CHECKING:
    import psycopg
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    Connection = psycopg.Connection[Any]

KEY, PUBLIC_KEY = "audit.key", "audit.pub"
POSTING: Final = 5.0
"""Seconds for a webhook to answer."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the key is and where heads go: files, and a webhook if there is one."""

    key: Path
    anchor: Path
    webhook: str | None = None
    secret: str | None = None


def places(settings: Settings, database: str) -> Places:
    """The places that the settings name, else those in the home, for a database by its name.

    Raises UsageError where there is no home and not both files are named.
    """
    home = settings.home
    if home is None and (settings.audit_key is None or settings.audit_anchor is None):
        raise UsageError("there is no folder for the audit's key and anchor", remedy="set GREENAI_HOME")
    folder = (home or Path()) / "audit"
    named = re.sub(r"[^A-Za-z0-9_.-]", "-", database)
    return Places(
        key=settings.audit_key or folder / KEY,
        anchor=settings.audit_anchor or folder / f"anchor-{named}.jsonl",
        webhook=settings.audit_webhook,
        secret=settings.webhook_secret,
    )


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file; made there, readable by its owner alone, when there is no such file.

    The public key is written beside it, for those who verify elsewhere. Raises UsageError for another file.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not path.exists():
        _make_key(path)
    try:
        found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            "the audit's key cannot be read", source=str(path), remedy="name a PEM file with an Ed25519 key"
        ) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError("the audit's key is no Ed25519 key", source=str(path))
    return found


def _make_key(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(private)
            file.flush()
            os.fsync(file.fileno())
        try:
            # Whole or not at all, and never over another's: of two processes the first has made the key.
            os.link(new, path)
            path.with_suffix(".pub").write_bytes(public)
        except FileExistsError:
            pass
        finally:
            new.unlink()
    except OSError as error:
        raise UsageError(
            f"the audit's key cannot be made: {error.strerror}",
            source=str(path),
            remedy="set GREENAI_AUDIT_KEY",
        ) from error


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file, of a private or a public key. Raises UsageError for another file."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        text = path.read_bytes()
        found = (
            serialization.load_pem_public_key(text)
            if b"PUBLIC KEY" in text
            else serialization.load_pem_private_key(text, password=None).public_key()
        )
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            "the key cannot be read", source=str(path), remedy="name a PEM file with an Ed25519 key"
        ) from error
    if not isinstance(found, Ed25519PublicKey):
        raise UsageError("this is no Ed25519 key", source=str(path))
    return found


def key_id(key: Ed25519PublicKey) -> str:
    """How a key is called: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def signed(key: Ed25519PrivateKey, position: int, hash_: bytes) -> Head:
    """A head, signed now."""
    head = Head(position, hash_.hex(), written(datetime.now(UTC)), key_id(key.public_key()))
    return replace(head, signature=key.sign(head.text).hex())


def genuine(head: Head, key: Ed25519PublicKey) -> bool:
    """Whether a head was signed with that key."""
    from cryptography.exceptions import InvalidSignature

    with suppress(InvalidSignature, ValueError):
        key.verify(bytes.fromhex(head.signature), head.text)
        return True
    return False


def append(path: Path, head: Head) -> None:
    """Write a head as a line at the end of a file, through to the disk. Raises UsageError where that fails.

    Half a line that a crash left there never was an anchor, and goes.
    """
    line = json.dumps(head.as_dict()).encode() + b"\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            tail = max(0, size - 4096)
            file.seek(tail)
            last = file.read(size - tail)
            if last and not last.endswith(b"\n"):
                file.truncate(tail + last.rfind(b"\n") + 1)
            file.write(line)
            os.fsync(file.fileno())
    except OSError as error:
        raise UsageError(
            f"the audit's anchor cannot be written: {error.strerror}",
            source=str(path),
            remedy="make room, or set GREENAI_AUDIT_ANCHOR",
        ) from error


def read(path: Path) -> tuple[list[Head], list[int]]:
    """The heads of an anchor file in order, and the numbers of lines that are none. No file: no heads."""
    heads: list[Head] = []
    unreadable: list[int] = []
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return heads, unreadable
    except OSError as error:
        raise UsageError(f"the audit's anchor cannot be read: {error.strerror}", source=str(path)) from error
    whole = text[: text.rfind(b"\n") + 1]
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            told = json.loads(line)
            head = Head(**told)
            if type(head.position) is not int or not all(
                isinstance(one, str) for one in (head.hash, head.signed_at, head.key_id, head.signature)
            ):
                raise TypeError
            heads.append(head)
        except (ValueError, TypeError):
            unreadable.append(number)
    return heads, unreadable


def post(where: Places, head: Head) -> None:
    """Send a head to the webhook, where there is one. Raises NotificationError when it is not taken."""
    if where.webhook is None:
        return
    from greenai.notifications.webhook import post as send

    payload = {"event": "audit_head", **head.as_dict()}
    send(where.webhook, payload, delivery=head.signature[:32], secret=where.secret, timeout=POSTING)


def anchor(connection: Connection, where: Places, *, told: int = 0) -> Head | None:
    """Sign the chain's head and put it into the file, if there is more than `told`; None where there is not.

    First the file, then the database's own list: what the database lists is outside. Raises UsageError.
    """
    with connection.transaction():
        last = audit.last_link(connection)
    if last is None or last[0] <= told:
        return None
    head = signed(signing_key(where.key), *last)
    append(where.anchor, head)
    with connection.transaction():
        audit.add_head(connection, head)
    return head
