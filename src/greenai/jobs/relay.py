"""The relay: what is to leave the database goes out, once its transaction is there for all to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenai.domain.jobs import Engine
from greenai.jobs.doorbells import Doorbells
from greenai.store import jobs

if TYPE_CHECKING:
    import psycopg

LATE = 5.0
"""Seconds after which a doorbell rings again."""


def relay(connection: psycopg.Connection[Any], doorbells: Doorbells) -> int:
    """Ring the doorbells in the outbox; returns how many. One that Redis loses rings again later."""
    with connection.transaction():
        entries = jobs.sent(connection, "ring")
    for engine in sorted({entry["engine"] for entry in entries}):
        doorbells.ring(engine)
    return len(entries)


def ring_again(connection: psycopg.Connection[Any], doorbells: Doorbells) -> list[Engine]:
    """Ring for every engine that has work which nobody took for `LATE` seconds."""
    late = jobs.overdue(connection, after=LATE)
    for engine in late:
        doorbells.ring(engine)
    return late
