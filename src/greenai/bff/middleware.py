"""Around every request: its id, its time in the metrics, one log line, and the headers that browsers obey."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Final

from greenai.bff.problems import too_large, unexpected
from greenai.telemetry import logs
from greenai.telemetry.metrics import HTTP_REQUEST_SECONDS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""What a page of ours may load and do: nothing but its own files and its own server."""
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
NOT_KEPT: Final = (b"cache-control", b"no-store")
"""Answers of the API are nobody's to keep."""
LASTING: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
API: Final = "/api/v1"
TOO_LARGE: Final = 413
PLAIN: Final = b"text/plain; charset=utf-8"
"""As what the framework refuses a body by its length, before any handler of ours."""
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Surroundings:
    """ASGI middleware: `secure` says that browsers come by HTTPS only."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = (*HEADERS, LASTING) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        # An id from outside ties our lines to a proxy's; one that could be anything is not taken.
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        begun = time.perf_counter()
        status, begun_answering = 500, False
        instead: bytes | None = None
        api = scope["path"].startswith("/api/")

        async def answering(message: Message) -> None:
            nonlocal status, begun_answering, instead
            if message["type"] == "http.response.body" and instead is not None:
                message["body"] = instead
            if message["type"] == "http.response.start":
                status, begun_answering = message["status"], True
                said = list(message.get("headers", ()))
                if status == TOO_LARGE and (b"content-type", PLAIN) in said:
                    document = too_large()
                    said, instead = document.raw_headers, bytes(document.body)
                headers = [*said, (b"x-request-id", request_id.encode()), *self.headers]
                if api and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append(NOT_KEPT)
                message["headers"] = headers
            await send(message)

        with logs.bound(request=request_id):
            try:
                await self.app(scope, receive, answering)
            except Exception as error:
                # Here, so that this answer has our headers too, and a log line without the values of a trace.
                if begun_answering:
                    raise
                await unexpected(error)(scope, receive, answering)
            finally:
                seconds = time.perf_counter() - begun
                route = template(scope)
                HTTP_REQUEST_SECONDS.labels(route, method(scope), str(status)).observe(seconds)
                if api:
                    logs.event(
                        "request", route=route, method=method(scope), status=status, seconds=round(seconds, 4)
                    )


def template(scope: Scope) -> str:
    """The route of a request as a template: what paths hold is data, and each label is a series."""
    path = getattr(scope.get("route"), "path_format", None)
    if path is None:
        return "other"
    # Routes of an included router know their own part alone.
    given = str(scope["path"])
    return f"{API}{path}" if given.startswith(f"{API}/") and not str(path).startswith(API) else str(path)


def method(scope: Scope) -> str:
    """The method, as far as there is one by this name."""
    given = str(scope["method"])
    return given if given in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
