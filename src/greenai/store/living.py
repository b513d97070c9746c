"""Which runs live: a run holds a lock of its sessions for as long as its process and a connection of it live.

So one whose process was killed is told from one that works.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.runs import FINISHED

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LIVING: Final = int.from_bytes(b"gr", "big") << 48
"""Added to a run's number: the lock that it holds while its process lives."""
ENDED: Final = "the process ended before the run did"


def hold(connection: Connection, run_id: int) -> None:
    """Let a run live as long as this connection too: the one that it began with may be lost unnoticed."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_lock_shared(%s)", [LIVING + run_id])


def sweep(connection: Connection, recon_id: int) -> list[int]:
    """Mark the runs of a recon as failed whose process ended in the middle; returns their numbers."""
    rows = connection.execute(
        "UPDATE greenai.run r SET state = 'failed', finished_at = clock_timestamp(), error = %s "
        "WHERE recon_id = %s AND state <> 'queued' AND state <> ALL(%s) "
        # Those that engines work on live by the leases of their jobs.
        "AND NOT EXISTS (SELECT FROM greenai.run_request q WHERE q.run_id = r.run_id) AND NOT EXISTS ("
        "  SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"
        "  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        "  AND l.classid::bigint = (%s + r.run_id) >> 32"
        "  AND l.objid::bigint = (%s + r.run_id) & 4294967295) RETURNING run_id",
        [ENDED, recon_id, list(FINISHED), LIVING, LIVING],
    ).fetchall()
    return sorted(run_id for (run_id,) in rows)


@contextlib.contextmanager
def noting(connection: Connection) -> Iterator[None]:
    """For notes about work that is done: it stays done when the connection is lost that they go by."""
    import psycopg

    try:
        yield
    except psycopg.OperationalError:
        if not connection.closed:
            raise
