"""Who does something: the gate, persons, programs; and what they did, for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.decisions import GATE
from greenai.errors import UsageError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

SCHEDULER: Final = "scheduler"
PROGRAMS: Final = (SCHEDULER,)
"""Actors that are no persons; they ask for runs, and decide nothing."""


def person(connection: Connection, actor: str) -> None:
    """Make a person known. Raises UsageError for the gate, for a program, and for nobody."""
    if actor in (GATE, *PROGRAMS) or not actor.strip():
        raise UsageError("a person decides, not the gate", value=actor, remedy="name who decides")
    _known(connection, actor, "person")


def asker(connection: Connection, actor: str) -> None:
    """Make known who asks for something: a person or a program. Raises UsageError for the gate and nobody."""
    if actor == GATE or not actor.strip():
        raise UsageError("the gate asks for nothing", value=actor, remedy="name who asks")
    _known(connection, actor, "program" if actor in PROGRAMS else "person")


def _known(connection: Connection, actor: str, kind: str) -> None:
    connection.execute(queries("actors")["known"], {"actor": plain(actor), "kind": kind})


def audit(
    connection: Connection,
    actor: str,
    action: str,
    details: Mapping[str, Any],
    *,
    recon_id: int | None = None,
    run_id: int | None = None,
) -> None:
    """Note what somebody did about a recon, that of a run, or the platform. `details` is JSON."""
    given = {
        "actor": plain(actor),
        "action": action,
        "recon": recon_id,
        "run": run_id,
        "details": Jsonb(dict(details)),
    }
    connection.execute(queries("actors")["audit"], given)
