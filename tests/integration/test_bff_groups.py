"""The two groups of routes as two BFFs behind one origin: what one signs in, the other knows."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from bffdesk import PASSWORD, Desk, open_desk

from greenai.bff.main import PREFIX, create_app
from greenai.settings import Settings

NAMES = ("login", "logout", "me", "users", "roles", "api-keys", "oidc", "audit", "people")
IDENTITY = tuple(f"{PREFIX}/{name}" for name in NAMES)
"""What a proxy sends to the BFF of identity and audit; docs/bff.md says the same."""


def of_identity(path: str) -> bool:
    """Whether a proxy sends a path to identity: one of these, or below it."""
    return any(path == one or path.startswith(f"{one}/") for one in IDENTITY)


@contextmanager
def one_origin(identity: str, recon: str) -> Iterator[str]:
    """A proxy on loopback that sends each path to its group."""

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            home = identity if of_identity(self.path.partition("?")[0]) else recon
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            answer = httpx.request(
                self.command, home + self.path, content=body, headers=dict(self.headers), trust_env=False
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in ("content-length", "transfer-encoding", "connection", "date"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward  # noqa: N815 (the server calls them so)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def apart(postgres_url: str, redis_server: str, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    with ExitStack() as stack:
        yield tuple(  # type: ignore[misc]
            stack.enter_context(open_desk(postgres_url, redis_server, tmp_path, bff=frozenset({group})))
            for group in ("identity", "recon")
        )


def test_who_signs_in_at_one_is_known_by_the_other(apart: tuple[Desk, Desk]) -> None:
    identity, recon = apart
    identity.person("ann", "supervisor")
    with one_origin(identity.url, recon.url) as origin, httpx.Client(base_url=origin + PREFIX) as browser:
        signed = browser.post("/login", json={"name": "ann", "password": PASSWORD})
        assert signed.status_code == 200, signed.text
        browser.headers["x-csrf-token"] = signed.json()["csrf"]
        assert browser.get("/me").json()["name"] == "ann"
        assert browser.get("/recons").json() == {"items": [], "next": None}
        assert browser.get("/reasons").status_code == 200
        assert browser.post("/logout").status_code in (200, 204)
        deadline = time.monotonic() + 5
        while browser.get("/recons").status_code != 401:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_each_serves_its_own_group_only(apart: tuple[Desk, Desk]) -> None:
    identity, recon = apart
    assert httpx.get(f"{identity.url}{PREFIX}/me").status_code == 401
    assert httpx.get(f"{identity.url}{PREFIX}/recons").status_code == 404
    assert httpx.get(f"{recon.url}{PREFIX}/recons").status_code == 401
    assert httpx.get(f"{recon.url}{PREFIX}/me").status_code == 404


def test_the_paths_of_identity_are_those_that_a_proxy_is_told() -> None:
    def paths(group: str) -> set[str]:
        app = create_app(Settings(bff=frozenset({group})))
        return {path for path in app.openapi()["paths"] if path.startswith(PREFIX)}

    assert all(of_identity(path) for path in paths("identity"))
    assert not any(of_identity(path) for path in paths("recon"))
