"""Real servers on this machine that take messages: HTTP for webhooks, SMTP for mail."""
# aiosmtpd calls these methods by these names, with these arguments.
# ruff: noqa: N802, ARG002

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Hook:
    """A webhook: what it was sent, and the status that it answers next (the last one from then on)."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [204])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@contextlib.contextmanager
def hook() -> Iterator[Hook]:
    """A webhook that listens."""
    office = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            office.got.append((dict(self.headers.items()), body))
            status = office.answers.pop(0) if len(office.answers) > 1 else office.answers[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    office.url = f"http://127.0.0.1:{server.server_address[1]}/hook?room=1"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield office
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class MailOffice:
    """A mail server: what it took, who logged in, and whom it refuses."""

    port: int = 0
    got: list[tuple[str, list[str], bool, Message]] = field(default_factory=list)
    """Sender, receivers, whether by TLS, the message."""
    logins: list[tuple[str, str]] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)


@contextlib.contextmanager
def mail_office(
    *, certificate: tuple[Path, Path] | None = None, login: tuple[str, str] | None = None
) -> Iterator[MailOffice]:
    """A mail server that listens; with a certificate it offers STARTTLS."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult

    office = MailOffice()

    class Handler:
        async def handle_RCPT(
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            if address in office.refusing:
                return "550 no such user"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            message = message_from_bytes(envelope.content)
            office.got.append((envelope.mail_from, envelope.rcpt_tos, session.ssl is not None, message))
            return "250 taken"

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        office.logins.append(given)
        return AuthResult(success=given == login)

    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)

    class Office(Controller):
        def factory(self) -> SMTP:
            return SMTP(
                self.handler,
                tls_context=context,
                authenticator=authenticate if login else None,
                auth_require_tls=False,
                hostname="mail.test",
            )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        office.port = free.getsockname()[1]
    controller = Office(Handler(), hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key
