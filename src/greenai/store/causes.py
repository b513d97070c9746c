"""Causes in the store: what explains many breaks at once, and how it stood in each run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from greenai.domain.causes import Cause
from greenai.domain.rules import Measure
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg


def save(connection: psycopg.Connection[Any], run_id: int, causes: Iterable[Cause]) -> None:
    """Keep the causes of a run, and those that are new to the store.

    One is the same while kind, field, transformation and scope are, in whatever recon.
    """
    known = {one.cause_id: one for one in causes}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO greenai.cause (cause_id, document, kind, field, family, expression, scope) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (
                    one.cause_id,
                    Jsonb(plainly(json.loads(one.document))),
                    one.kind,
                    None if one.field is None else plain(one.field),
                    one.family,
                    plain(one.expression),
                    plain(one.scope),
                )
                # In one order, so that runs that publish at once do not wait for each other in a circle.
                for one in sorted(known.values(), key=lambda one: one.cause_id)
            ],
        )
        cursor.executemany(
            "INSERT INTO greenai.run_cause (run_id, cause_id, reason_code, breaks, scope_size, "
            "exceptions, explanation) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    run_id,
                    one.cause_id,
                    one.reason,
                    one.breaks,
                    measure.size,
                    measure.exceptions,
                    plain(one.explanation),
                )
                for one in known.values()
                for measure in [one.measure or Measure(one.breaks, 0)]
            ],
        )


def plainly(value: Any) -> Any:
    """A JSON value whose texts PostgreSQL can hold."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plainly(part) for part in value]
    return {name: plainly(part) for name, part in value.items()} if isinstance(value, dict) else value
