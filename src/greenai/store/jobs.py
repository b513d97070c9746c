"""The queue in PostgreSQL: claims with fencing tokens and leases, attempts, dead letters, the outbox.

A claim is taken with ``FOR UPDATE SKIP LOCKED`` and lives by a short lease. Whoever takes it over gets a
greater token, and what is to be written is written under the current token only (`held`): a worker that
was stopped and comes back late changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.jobs import Claim, Engine, Job, JobState
from greenai.errors import SupersededError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LEASE: Final = 15.0
"""Seconds after which a worker that says nothing is taken for dead."""
ASLEEP: Final = "10s"
"""A worker that falls asleep in the transaction that ends its job loses it: nobody else could take it."""
LEARNING: Final = 10.0
"""Seconds after which a worker that lives knows that its job was cancelled: it renews its lease sooner."""
ATTEMPTS: Final = 5
ANY_SIZE: Final = 2**63 - 1


def add(
    connection: Connection,
    engine: Engine,
    kind: str,
    *,
    run_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
    urgency: int = 0,
    size: int = 0,
    attempts: int = ATTEMPTS,
    delay: float = 0.0,
) -> int | None:
    """Put a job into the queue and the doorbell into the outbox, in the caller's transaction.

    Returns its number, None when the run has a job of this kind already.
    """
    row = connection.execute(
        queries("jobs")["add"],
        {
            "engine": engine,
            "kind": kind,
            "run": run_id,
            "payload": Jsonb(dict(payload or {})),
            "urgency": urgency,
            "size": size,
            "most": attempts,
            "delay": delay,
        },
    ).fetchone()
    if row is None:
        return None
    connection.execute(queries("jobs")["ring"], {"engine": engine})
    return int(row[0])


def claim(
    connection: Connection, engine: Engine, worker: str, *, largest: int = ANY_SIZE, lease: float = LEASE
) -> Claim | None:
    """Take the most urgent job of an engine that is not larger than `largest`; None when there is none."""
    row = connection.execute(
        queries("jobs")["claim"], {"engine": engine, "worker": worker, "largest": largest, "lease": lease}
    ).fetchone()
    return None if row is None else Claim(*row)


def renew(connection: Connection, claim: Claim, *, lease: float = LEASE) -> bool:
    """Say that the worker lives; False when the job is not its any more, or cancelled."""
    given = {"job": claim.job_id, "token": claim.token, "lease": lease}
    return connection.execute(queries("jobs")["renew"], given).fetchone() is not None


def held(connection: Connection, claim: Claim) -> None:
    """Keep the claim until the transaction ends. Raises SupersededError when it is not current any more."""
    connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{ASLEEP}'".encode())
    given = {"job": claim.job_id, "token": claim.token}
    if connection.execute(queries("jobs")["hold"], given).fetchone() is None:
        raise SupersededError(
            f"job {claim.job_id} was taken over or cancelled",
            remedy="nothing is to be done: its result is not used",
        )


def done(connection: Connection, claim: Claim, result: Mapping[str, Any] | None = None) -> None:
    """Note that a job is done, in the transaction that writes what it did. Raises SupersededError."""
    held(connection, claim)
    connection.execute(queries("jobs")["done"], {"job": claim.job_id, "result": Jsonb(dict(result or {}))})


def again(connection: Connection, claim: Claim, *, error: str, remedy: str | None, delay: float) -> bool:
    """Put a job back after an error; False when it is not the worker's any more."""
    return _left(connection, "again", claim, error=plain(error), remedy=remedy and plain(remedy), delay=delay)


def back(connection: Connection, claim: Claim) -> bool:
    """Hand a job back unfinished; the attempt does not count. False when it is not the worker's any more."""
    return _left(connection, "back", claim)


def dead(connection: Connection, claim: Claim, *, error: str, remedy: str | None) -> bool:
    """Give a job up; False when it is not the worker's any more."""
    return _left(connection, "dead", claim, error=plain(error), remedy=remedy and plain(remedy))


def _left(connection: Connection, name: str, claim: Claim, **given: Any) -> bool:
    found = connection.execute(queries("jobs")[name], {"job": claim.job_id, "token": claim.token, **given})
    return found.fetchone() is not None


def committed(connection: Connection, claim: Claim) -> bool:
    """Whether what was done under a claim counts."""
    given = {"job": claim.job_id, "token": claim.token}
    return connection.execute(queries("jobs")["committed"], given).fetchone() is not None


def restart(
    connection: Connection, claim: Claim, kind: str, following: Sequence[str], *, error: str, remedy: str
) -> bool:
    """Put an earlier stage of the claim's run back, without the jobs that followed it.

    False when it has no attempts left and is dead now. In the caller's transaction. Raises
    SupersededError.
    """
    held(connection, claim)
    connection.execute(queries("jobs")["forget"], {"run": claim.run_id, "kinds": list(following)})
    given = {"run": claim.run_id, "kind": kind, "error": plain(error), "remedy": remedy}
    row = connection.execute(queries("jobs")["restart"], given).fetchone()
    assert row is not None, "a run has all stages before its own"
    connection.execute(queries("jobs")["ring"], {"engine": row[0]})
    return bool(row[1] == "waiting")


def bury(connection: Connection) -> list[tuple[int, int | None, str, str]]:
    """Give up the jobs whose worker was gone at their last attempt: number, run, kind, error of each."""
    return connection.execute(queries("jobs")["bury"]).fetchall()


def session(claim: Claim) -> str:
    """What connections are called that work under a claim; `expel` knows them by it."""
    return f"greenai job {claim.job_id}/{claim.token}"


def expel(connection: Connection) -> list[int]:
    """End the sessions of workers that lost their claims and sleep in a transaction; the jobs of these.

    A worker that is frozen while it publishes keeps others from its recon: the server ends its transaction.
    The connection must be autocommit.
    """
    sleepers = _as_itself(connection, "sleepers", {})
    if not sleepers:
        return []
    pids, numbers, tokens = (list(column) for column in zip(*sleepers, strict=True))
    given = {"pids": pids, "jobs": numbers, "tokens": tokens, "learning": LEARNING}
    late = connection.execute(queries("jobs")["late"], given).fetchall()
    if late:
        _as_itself(connection, "expel", {"pids": [pid for pid, _ in late]})
    return [job for _, job in late]


def _as_itself(connection: Connection, name: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Ask as who logged in: the role in which processes work may neither see nor end sessions."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE NONE")
        return connection.execute(queries("jobs")[name], given).fetchall()


def overdue(connection: Connection, *, after: float) -> list[Engine]:
    """Engines that have work which nobody took for so many seconds since the doorbell rang."""
    return [engine for (engine,) in connection.execute(queries("jobs")["overdue"], {"after": after})]


def cancel(connection: Connection, run_id: int) -> int:
    """Cancel what is left to do of a run; returns how many jobs."""
    return len(connection.execute(queries("jobs")["cancel"], {"run": run_id}).fetchall())


def retry(connection: Connection, job_id: int) -> tuple[Engine, int | None] | None:
    """Try a dead job again: its engine and run; None when there is no such dead job."""
    row = connection.execute(queries("jobs")["retry"], {"job": job_id}).fetchone()
    if row is None:
        return None
    connection.execute(queries("jobs")["ring"], {"engine": row[0]})
    return row[0], row[1]


def listed(
    connection: Connection,
    *,
    state: JobState | None = None,
    run_id: int | None = None,
    job_id: int | None = None,
    limit: int = 100,
) -> list[Job]:
    """Jobs, the newest first."""
    given = {"state": state, "run": run_id, "job": job_id, "limit": limit}
    return [Job(*row) for row in connection.execute(queries("jobs")["list"], given)]


def depth(connection: Connection) -> dict[tuple[str, str], int]:
    """How many jobs are not done, by engine and state."""
    return {(engine, state): int(n) for engine, state, n in connection.execute(queries("jobs")["depth"])}


def sent(connection: Connection, topic: str, limit: int = 1000) -> list[dict[str, Any]]:
    """Take entries of a topic out of the outbox; they are gone when the transaction ends."""
    rows = connection.execute(queries("jobs")["sent"], {"topic": topic, "limit": limit})
    return [entry for (entry,) in rows.fetchall()]
