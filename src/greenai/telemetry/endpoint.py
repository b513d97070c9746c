"""The port of a process: ``GET /health`` as JSON, ``GET /metrics`` for Prometheus.

No log in, no secrets, no data: names of the process's own things and numbers. It listens on
127.0.0.1 unless told otherwise.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from greenai.errors import UsageError
from greenai.telemetry import logs
from greenai.telemetry.plain import moment, plain_field

Health = Callable[[], Mapping[str, object]]
"""What a process says of itself; ``status`` other than ``ok``, or any exception, is unhealthy."""

CLIENT_SECONDS = 10.0
"""A client that neither sends nor takes a byte for so long is hung up on."""

_JSON = "application/json"


class Endpoint:
    """A running server. `port` is the real one; `stop` frees it, as leaving a ``with`` block does."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(0.2,), name="metrics-endpoint", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """Address of this endpoint without a path, e.g. ``http://127.0.0.1:9100``."""
        host = str(self._server.server_address[0])
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def stop(self) -> None:
        """Stop listening within a fraction of a second; a second call does nothing."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(port: int, health: Health, *, host: str = "127.0.0.1", component: str | None = None) -> Endpoint:
    """Serve ``/health`` and ``/metrics`` from a daemon thread; port 0 takes any free one.

    `component`: the name in ``/health``, that of `logs.configure` by default. `health` is called for every
    request, from several threads at once, and should answer at once.
    Raises UsageError where the address cannot be listened on.
    """
    try:
        server = _Server(host, port, health, component or logs.component())
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or 'no such address'}",
            remedy="choose another with GREENAI_METRICS_PORT, GREENAI_METRICS_HOST",
        ) from error
    return Endpoint(server)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, port: int, health: Health, component: str) -> None:
        self.health = health
        self.component = component
        self.since = moment(datetime.now(UTC))
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking the name service who we are, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no event; the standard server would print a traceback."""

    def report(self) -> tuple[HTTPStatus, dict[str, Any]]:
        """The answer of ``/health``."""
        base = {"status": "ok", "component": self.component, "pid": os.getpid(), "since": self.since}
        try:
            said = _plain_mapping(self.health())
        except Exception as error:
            logs.event("health_failed", level="error", error=error)
            said = {"status": "failed", "error_class": type(error).__name__}
        whole = {**base, **said}
        return (HTTPStatus.OK if whole["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE), whole


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = CLIENT_SECONDS
    server_version = "greenai"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one of the two paths, else 404."""
        path = urlsplit(self.path).path
        if path == "/health":
            status, report = self.server.report()
            self._answer(status, json.dumps(report).encode(), _JSON)
        elif path == "/metrics":
            from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

            from greenai.telemetry.metrics import REGISTRY

            self._answer(HTTPStatus.OK, generate_latest(REGISTRY), CONTENT_TYPE_LATEST)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        """Answer as to GET, without the body."""
        self.do_GET()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """An error as JSON; the standard page would repeat what the client sent."""
        del message, explain
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        self.close_connection = True
        self._answer(status, json.dumps({"error": status.phrase}).encode(), _JSON)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: scrapes come every few seconds, and a path may hold anything."""


def _plain_mapping(said: Mapping[str, object]) -> dict[str, Any]:
    """What a process says of itself, in plain values; mappings inside are kept."""
    return {
        str(name): _plain_mapping(value) if isinstance(value, Mapping) else plain_field(str(name), value)
        for name, value in said.items()
    }
