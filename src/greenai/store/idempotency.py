"""Keys under which writes are asked for once: the answer stands in the transaction of the write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from greenai.errors import ConflictError
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, headers that belong to it, and the body as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def begin(connection: Connection, actor_id: int, key: str, request: str) -> Answer | None:
    """Take a key for a request, named by its digest; the earlier answer when it was answered before.

    Waits for a request under the same key that is under way. Raises ConflictError when the key was used for
    another request.
    """
    given = {"actor": actor_id, "key": key, "request": request}
    if connection.execute(queries("idempotency")["begin"], given).fetchone() is not None:
        return None
    held = connection.execute(queries("idempotency")["held"], given).fetchone()
    if held is None or held[0] != request or held[1] is None:
        raise ConflictError(
            "this Idempotency-Key was used for another request",
            remedy="take a new key for a new request",
        )
    return Answer(int(held[1]), dict(held[2] or {}), bytes(held[3] or b""))


def answered(connection: Connection, actor_id: int, key: str, answer: Answer) -> None:
    """Note the answer to the request that took a key."""
    connection.execute(
        queries("idempotency")["answered"],
        {
            "actor": actor_id,
            "key": key,
            "status": answer.status,
            "headers": Jsonb(dict(answer.headers)),
            "body": answer.body,
        },
    )


def forget(connection: Connection) -> int:
    """Remove answers that are older than a day; returns how many."""
    return connection.execute(queries("idempotency")["forget"]).rowcount
