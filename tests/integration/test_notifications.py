"""Webhooks and e-mail against real servers on this machine."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from postoffice import certificate, hook, mail_office

from greenai.errors import NotificationError
from greenai.notifications import email, webhook

WRITTEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def mail(to: str = "ops@example.com", subject: str = "trades: failed") -> object:
    return email.message(
        sender="greenai <greenai@bank.example>",
        to=to,
        subject=subject,
        text="Lücke in a.csv\n",
        written_at=WRITTEN,
        delivery="greenai-notice-7",
    )


def test_a_webhook_gets_the_document_signed() -> None:
    with hook() as office:
        webhook.post(office.url, {"recon": "trädes"}, delivery="greenai-notice-7", secret="s3cret")
        ((headers, body),) = office.got
    assert office.documents == [{"recon": "trädes"}]
    assert headers["X-Greenai-Delivery"] == "greenai-notice-7"
    moment, _, signed = headers["X-Greenai-Signature"].partition(",")
    expected = hmac.new(b"s3cret", moment.removeprefix("t=").encode() + b"." + body, hashlib.sha256)
    assert signed == f"v1={expected.hexdigest()}"


def test_without_a_secret_nothing_is_signed() -> None:
    with hook() as office:
        webhook.post(office.url, {}, delivery="d")
        assert "X-Greenai-Signature" not in office.got[0][0]


@pytest.mark.parametrize(
    ("status", "says"), [(302, "redirect"), (307, "redirect"), (400, "400"), (500, "500"), (410, "410")]
)
def test_an_answer_other_than_success_is_an_error_and_redirects_are_not_followed(
    status: int, says: str
) -> None:
    with hook() as office:
        office.answers = [status]
        with pytest.raises(NotificationError, match=says) as caught:
            webhook.post(office.url, {}, delivery="d")
        assert len(office.got) == 1
    assert "127.0.0.1" not in str(caught.value), "addresses of webhooks hold secrets"


def test_a_webhook_that_nobody_answers_or_that_says_nothing_is_an_error() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        with pytest.raises(NotificationError, match="does not answer"):
            webhook.post(f"http://127.0.0.1:{port}/", {}, delivery="d", timeout=0.3)
        silent.listen()
        with pytest.raises(NotificationError, match="does not answer"):
            webhook.post(f"http://127.0.0.1:{port}/", {}, delivery="d", timeout=0.3)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://host/",
        "https://",
        "https://ann:pw@host/",
        "https://host:port/",
        "http://host/a b",
        "x",
        "http://host/s\x00pw",
        "http://host/s\x7fpw",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(NotificationError, match="is not one like") as caught:
        webhook.post(url, {}, delivery="d")
    assert "pw" not in str(caught.value)


def test_a_mail_says_who_what_when_and_is_the_same_however_often_it_is_sent() -> None:
    with mail_office() as office:
        to = email.server(f"smtp://127.0.0.1:{office.port}?from=greenai%20<greenai@bank.example>")
        for _ in range(2):
            email.send(to, mail())  # type: ignore[arg-type]
    (sender, receivers, encrypted, first), (_, _, _, second) = office.got
    assert (sender, receivers, encrypted) == ("greenai@bank.example", ["ops@example.com"], False)
    assert first["Subject"] == "trades: failed"
    assert first["Date"] == "Fri, 20 Nov 2026 12:00:00 +0000"
    assert first["Message-ID"] == second["Message-ID"] == "<greenai-notice-7@bank.example>"
    payload = first.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().strip() == "Lücke in a.csv"


def test_where_tls_is_offered_it_is_used_and_the_certificate_must_be_right(tmp_path: Path) -> None:
    files = certificate(tmp_path)
    with mail_office(certificate=files, login=("ann", "p/w")) as office:
        to = email.server(f"smtp://ann:p%2Fw@127.0.0.1:{office.port}?from=a@b")
        with pytest.raises(NotificationError, match="certificate"):
            email.send(to, mail())  # type: ignore[arg-type]
        assert office.logins == []
        trusting = partial(ssl.create_default_context, cafile=str(files[0]))
        email.send(to, mail(), context=trusting)  # type: ignore[arg-type]
    assert office.logins == [("ann", "p/w")]
    assert [encrypted for _, _, encrypted, _ in office.got] == [True]


def test_a_password_is_not_sent_over_an_open_line() -> None:
    with mail_office(login=("ann", "pw")) as office:
        elsewhere = email.Server("127.0.0.1", office.port, False, "a@b", "ann", "pw")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(email, "_is_here", lambda _: False)
            with pytest.raises(NotificationError, match="offers no encryption"):
                email.send(elsewhere, mail())  # type: ignore[arg-type]
        assert office.logins == []
        email.send(elsewhere, mail())  # type: ignore[arg-type]
        assert office.logins == [("ann", "pw")]


def test_who_is_refused_and_a_server_that_is_gone_are_errors() -> None:
    with mail_office() as office:
        office.refusing = {"ops@example.com"}
        to = email.server(f"smtp://127.0.0.1:{office.port}?from=a@b")
        with pytest.raises(NotificationError, match="no such user"):
            email.send(to, mail())  # type: ignore[arg-type]
    with pytest.raises(NotificationError, match="does not take the message"):
        email.send(to, mail(), timeout=1.0)  # type: ignore[arg-type]


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_told() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        done = threading.Event()
        to = email.Server("127.0.0.1", silent.getsockname()[1], False, "a@b")
        with pytest.raises(NotificationError, match="timed out"):
            email.send(to, mail(), timeout=0.3)  # type: ignore[arg-type]
        done.set()


def test_a_subject_cannot_add_headers() -> None:
    with mail_office() as office:
        to = email.server(f"smtp://127.0.0.1:{office.port}?from=a@b")
        email.send(to, mail(subject="x\r\nBcc: eve@example.com"))  # type: ignore[arg-type]
    assert office.got[0][1] == ["ops@example.com"]
    assert office.got[0][3]["Bcc"] is None


@pytest.mark.parametrize(
    "url",
    [
        "", "mail.example", "http://mail.example?from=a@b", "smtp://mail.example", "smtp://h?from=nobody",
        "smtp://u:secret@h:port?from=a@b", "smtp://u:secret@h/x?from=a@b", "smtp://h?from=a@b&from=c@d",
        "smtp://u:secret@?from=a@b",
    ],
)  # fmt: skip
def test_the_url_of_a_mail_server_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(NotificationError, match="cannot be read") as caught:
        email.server(url)
    assert "secret" not in str(caught.value)


def test_ports_follow_from_the_scheme() -> None:
    assert email.server("smtp://h?from=a@b").port == 587
    secure = email.server("smtps://h?from=a@b")
    assert (secure.port, secure.implicit_tls) == (465, True)


@contextlib.contextmanager
def dripping(first: bytes) -> Iterator[int]:
    """A server that says something, and from then on a byte every 50 ms, without an end; its port."""
    ending = threading.Event()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve() -> None:
            line, _ = server.accept()
            with contextlib.suppress(OSError), line:
                line.sendall(first)
                while not ending.wait(0.05):
                    line.sendall(b"x")

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        ending.set()
        thread.join()


def test_who_answers_without_an_end_is_left_at_the_deadline() -> None:
    begun = time.monotonic()
    with dripping(b"HTTP/1.1 200 OK\r\nX: ") as port, pytest.raises(NotificationError, match="longer than"):
        webhook.post(f"http://127.0.0.1:{port}/", {}, delivery="d", longest=0.5)
    with dripping(b"\x16\x03\x03\x3f\xff") as port, pytest.raises(NotificationError, match="longer than"):
        webhook.post(f"https://127.0.0.1:{port}/", {}, delivery="d", longest=0.5)
    with dripping(b"220 ") as port, pytest.raises(NotificationError, match="longer than"):
        email.send(email.Server("127.0.0.1", port, False, "a@b"), mail(), longest=0.5)  # type: ignore[arg-type]
    with dripping(b"\x16\x03\x03\x3f\xff") as port, pytest.raises(NotificationError, match="longer than"):
        email.send(email.Server("127.0.0.1", port, True, "a@b"), mail(), longest=0.5)  # type: ignore[arg-type]
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("host", ["hooks..example.com", f"{'x' * 64}.example.com"])
def test_a_host_that_cannot_be_one_is_an_error_and_not_repeated(host: str) -> None:
    with pytest.raises(NotificationError, match="does not answer") as caught:
        webhook.post(f"https://{host}/s3cret", {}, delivery="d")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(NotificationError, match="does not take the message"):
        email.send(email.Server(host, 25, False, "a@b"), mail())  # type: ignore[arg-type]
