"""Webhooks: a JSON document by HTTP POST, signed where a secret is known.

Redirects are not followed: a signed message goes where its address says, and nowhere else.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from greenai.errors import NotificationError
from greenai.notifications.deadline import LONGEST, Deadline
from greenai.version import __version__

TIMEOUT: Final = 10.0
"""Seconds for each step: connecting, sending, reading the answer."""


def post(
    url: str,
    payload: Mapping[str, Any],
    *,
    delivery: str,
    secret: str | None = None,
    timeout: float = TIMEOUT,
    longest: float = LONGEST,
) -> None:
    """Post a payload to a URL. `delivery` is the same however often it is tried, so that it may count once.

    With a secret the header ``X-Greenai-Signature`` is ``t=<seconds>,v1=<hex>``: HMAC-SHA256 over the
    seconds, a point and the body (`signature`). Raises NotificationError, without the address, which may
    hold a secret, for anything but an answer of 2xx.
    """
    host, port, target, secure = parsed(url)
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"greenai/{__version__}",
        "X-Greenai-Delivery": delivery,
        "Connection": "close",
    }
    if secret:
        now = int(time.time())
        headers["X-Greenai-Signature"] = f"t={now},v1={signature(secret, now, body)}"
    with Deadline(longest) as deadline:
        connection = (_Encrypted if secure else _Open)(host, port, timeout, deadline)
        try:
            connection.request("POST", target, body=body, headers=headers)
            status = connection.getresponse().status
            if deadline.passed:  # an answer that was cut off looks like a whole one
                raise TimeoutError
        # ValueError: a name of a host that cannot be one; it is not repeated.
        except (OSError, HTTPException, ValueError) as error:
            said = type(error).__name__ if isinstance(error, ValueError) else deadline.why(error)
            raise NotificationError(
                f"the webhook does not answer: {said}",
                remedy="check its address, and that it may be reached",
            ) from None
        finally:
            connection.close()
    if 300 <= status < 400:
        raise NotificationError(
            f"the webhook answers with a redirect ({status}), which is not followed",
            remedy="set its final address",
        )
    if not 200 <= status < 300:
        raise NotificationError(f"the webhook answers {status}", remedy="see its log")


def signature(secret: str, moment: int, body: bytes) -> str:
    """HMAC-SHA256 (hex) of a body that is sent at a moment (seconds since 1970)."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def parsed(url: str) -> tuple[str, int | None, str, bool]:
    """Host, port, path with query, and whether by TLS. Raises NotificationError, which repeats nothing."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https") or parts.username or not _readable(url):
        raise NotificationError(
            "the address of the webhook is not one like https://host/path",
            remedy="write it like that, without user and password",
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return host, port, target, parts.scheme == "https"


def _readable(url: str) -> bool:
    return all(32 < ord(character) < 127 for character in url)


class _Open(HTTPConnection):
    """A connection that ends at a deadline."""

    def __init__(self, host: str, port: int | None, timeout: float, deadline: Deadline) -> None:
        super().__init__(host, port, timeout=timeout)
        self._step = timeout
        self._deadline = deadline

    def connect(self) -> None:
        self.sock = self._deadline.connect(self.host, self.port, self._step)


class _Encrypted(_Open):
    """The same by TLS."""

    default_port = HTTPSConnection.default_port

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
