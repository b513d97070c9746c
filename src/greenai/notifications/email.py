"""E-mail by SMTP, encrypted wherever the server can; a password never goes over an open line."""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from greenai.errors import NotificationError
from greenai.notifications.deadline import LONGEST, Deadline

if TYPE_CHECKING:
    from datetime import datetime

TIMEOUT: Final = 20.0
"""Seconds for each step of the conversation."""
_PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, from ``smtp://user:password@host:587?from=greenai@example.com``.

    ``smtps`` speaks TLS from the beginning; ``smtp`` changes to it where the server offers it.
    """

    host: str
    port: int
    implicit_tls: bool
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def server(url: str) -> Server:
    """Read the URL of a mail server. Raises NotificationError, which repeats nothing of it."""
    wrong = NotificationError(
        "the URL of the mail server cannot be read",
        remedy="write smtp://user:password@host:587?from=a@example.com; in a password / as %2F, @ as %40",
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    senders = parse_qs(parts.query).get("from", [])
    if parts.scheme not in _PORTS or not host or len(senders) != 1 or parts.path not in ("", "/"):
        raise wrong
    if "@" not in parseaddr(senders[0])[1] or any(ord(one) < 32 for one in senders[0]):
        raise wrong
    return Server(
        host,
        port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        senders[0],
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )


def message(
    *, sender: str, to: str, subject: str, text: str, written_at: datetime, delivery: str
) -> EmailMessage:
    """An e-mail. `delivery` names it however often it is tried: mail systems show it once."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = to
    made["Subject"] = " ".join(subject.split())
    made["Date"] = format_datetime(written_at)
    made["Message-ID"] = f"<{delivery}@{parseaddr(sender)[1].partition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made


def send(
    to: Server,
    mail: EmailMessage,
    *,
    timeout: float = TIMEOUT,
    longest: float = LONGEST,
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> None:
    """Hand a message to a server. Raises NotificationError where it is not taken.

    A password is not sent without TLS, but to this very machine.
    """
    with Deadline(longest) as deadline:
        try:
            with _Session(to, timeout, deadline, context) as session:
                _hand_over(session, to, mail, context)
        # ValueError: a name of a host, or an address, that cannot be one.
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotificationError(
                f"the mail server does not take the message: {deadline.why(error)}",
                remedy="see GREENAI_SMTP_URL and its log",
            ) from None


def _hand_over(
    session: smtplib.SMTP, to: Server, mail: EmailMessage, context: Callable[[], ssl.SSLContext]
) -> None:
    session.ehlo_or_helo_if_needed()
    encrypted = to.implicit_tls
    if not encrypted and session.has_extn("starttls"):
        session.starttls(context=context())
        session.ehlo()
        encrypted = True
    if to.user is not None:
        if not encrypted and not _is_here(to.host):
            raise NotificationError(
                "the mail server offers no encryption, and a password is not sent without it",
                remedy="use smtps://, or a server with STARTTLS",
            )
        session.login(to.user, to.password or "")
    session.send_message(mail)


class _Session(smtplib.SMTP):
    """A conversation that ends at a deadline."""

    def __init__(
        self, to: Server, timeout: float, deadline: Deadline, context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._to, self._deadline, self._context = to, deadline, context
        super().__init__(to.host, to.port, timeout=timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = self._deadline.connect(host, port, timeout)
        if self._to.implicit_tls:
            return self._context().wrap_socket(line, server_hostname=host)
        return line


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
