"""Who does something: the gate, persons, programs; and what they did, for good."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.decisions import GATE
from greenai.errors import UsageError
from greenai.store.queries import queries
from greenai.store.texts import plain
from greenai.telemetry import logs

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
    subject: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    evidence: Mapping[str, Any] | None = None,
    request_id: str | None = None,
    model_version: str | None = None,
) -> None:
    """Note what somebody did about a recon, that of a run, or another `subject` (default: the platform).

    `details`, `before`, `after` and `evidence` are JSON. The request is by default the one that logs speak of
    now (``logs.bound(request=...)``). The event joins the chain when the transaction commits. Raises
    UsageError for an actor that nobody made known: nothing is done by nobody.
    """
    bound = logs.bound_ids().get("request") if request_id is None else request_id
    given = {
        "actor": plain(actor),
        "action": action,
        "recon": recon_id,
        "run": run_id,
        "subject": None if subject is None else plain(subject),
        "details": _json(details),
        "before": _json(before),
        "after": _json(after),
        "evidence": _json(evidence),
        "request": None if bound is None else plain(str(bound)),
        "model": None if model_version is None else plain(model_version),
    }
    if not connection.execute(queries("actors")["audit"], given).rowcount:
        raise UsageError("nobody of that name is known", value=actor, remedy="name who acts")


def _json(document: Mapping[str, Any] | None) -> Jsonb | None:
    return None if document is None else Jsonb(dict(document), dumps=_dumps)


def _dumps(document: Any) -> str:
    # PostgreSQL's JSON has no character 0, and no half of a surrogate pair.
    return json.dumps(_plain(document), default=str)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {plain(str(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value
