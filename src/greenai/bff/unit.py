"""One request's connection: who asks is found out first, then it is one transaction, read-only for reads."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import UsageError
from greenai.store import idempotency
from greenai.store.idempotency import Answer

if TYPE_CHECKING:
    import psycopg
    from fastapi import Request

    from greenai.bff.platform import Platform

    Connection = psycopg.Connection[Any]

SAFE: Final = ("GET", "HEAD", "OPTIONS")
KEPT_HEADERS: Final = ("content-type", "location", "etag")
LONGEST_KEY: Final = 255


class Replayed(Exception):  # noqa: N818 (no error: the answer is there already)
    """The request was answered before, under the same Idempotency-Key."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered before")
        self.answer = answer


class Unit:
    """The connection of one request, taken from the pool when it is first needed.

    It begins in autocommit mode, for finding out who asks; `begin` opens the one transaction of the
    request; `end` commits it or rolls it back, and gives the connection back.
    """

    def __init__(self, platform: Platform, request: Request, body: bytes | None) -> None:
        self._platform = platform
        self._request = request
        self._body = body
        self._connection: Connection | None = None
        self._begun = False
        self._key: tuple[int, str] | None = None

    @property
    def connection(self) -> Connection:
        """The connection, in autocommit mode until `begin`."""
        if self._connection is None:
            self._connection = self._platform.pool.getconn()
        return self._connection

    def begin(self, actor_id: int) -> Connection:
        """The transaction of the request; a second call gives the same one.

        Raises Replayed when the request was answered before, ConflictError for a key of another request.
        """
        connection = self.connection
        if self._begun:
            return connection
        reading = self._request.method in SAFE
        connection.execute("BEGIN READ ONLY" if reading else "BEGIN")
        self._begun = True
        key = self._request.headers.get("idempotency-key")
        if key is not None and not reading:
            if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
                raise UsageError(
                    f"an Idempotency-Key has 1 to {LONGEST_KEY} printable characters",
                    remedy="e.g. a random UUID for each thing that is to be done once",
                )
            self._key = (actor_id, key)
            if (answer := idempotency.begin(connection, actor_id, key, self._digest())) is not None:
                raise Replayed(answer)
        return connection

    def end(self, answer: Answer | None) -> None:
        """Commit when there is an `answer` to keep, else roll back; the connection goes back to the pool."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._begun and not connection.closed:
                if answer is not None:
                    if self._key is not None:
                        idempotency.answered(connection, *self._key, answer)
                    connection.execute("COMMIT")
                else:
                    connection.execute("ROLLBACK")
        finally:
            self._platform.pool.putconn(connection)

    def _digest(self) -> str:
        """What makes a request another one."""
        digest = hashlib.sha256()
        url = self._request.url
        for part in (self._request.method, url.path, url.query):
            digest.update(part.encode() + b"\0")
        # Of an upload, which is not read into memory, its route has made a digest.
        digest.update(
            self._body if self._body is not None else getattr(self._request.state, "form_digest", "").encode()
        )
        return digest.hexdigest()


def kept(status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Answer:
    """What is kept of a response."""
    named = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    return Answer(status, {name: named[name] for name in KEPT_HEADERS if name in named}, body)
