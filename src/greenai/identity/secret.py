"""What this platform signs with: one secret for all its processes."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from greenai.errors import PlatformError, UsageError
from greenai.settings import Settings

FILE: Final = "secret"


def sign(settings: Settings, purpose: str, text: str) -> str:
    """A signature of a text in hexadecimal (HMAC with SHA-256), good for this purpose and no other."""
    key = hmac.digest(_secret(settings), f"greenai {purpose}".encode(), "sha256")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed(settings: Settings, purpose: str, text: str, signature: str) -> bool:
    """Whether a signature is ours; takes as long whatever it is."""
    return hmac.compare_digest(sign(settings, purpose, text).encode(), signature.encode())


def _secret(settings: Settings) -> bytes:
    """``GREENAI_SECRET``, else a random one in the home of this machine, made when it is first needed.

    Raises PlatformError when it can be neither read nor made.
    """
    if settings.secret is not None:
        return settings.secret.encode()
    if settings.home is None:
        raise UsageError("there is no secret to sign with", remedy="set GREENAI_SECRET")
    path = settings.home / FILE
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise PlatformError(
            f"{path}: {error.strerror}", remedy="let this user read and write it, or set GREENAI_SECRET"
        ) from None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _made(path: Path) -> bytes:
    """Written under another name and linked, so that of several processes all read the one that was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mine = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(mine)
    finally:
        mine.unlink()
    return path.read_bytes()
