"""Asking for a run: recorded with its first job in one transaction, so that none is lost or doubled."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.definition.fingerprint import fingerprint
from greenai.definition.model import Definition
from greenai.domain.jobs import Engine
from greenai.errors import SourceError, UsageError
from greenai.sources.locations import resolve
from greenai.store import definitions, jobs, requests
from greenai.store.actors import asker, audit

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def submit(
    connection: Connection,
    definition: Definition,
    *,
    base: Path,
    business_date: date,
    urgency: int = 0,
    requested_by: str,
    causes: bool = True,
    size: int | None = None,
) -> int:
    """Ask the engines for a run; returns its number.

    Relative locations start at `base`. Of two runs the more urgent one goes first. Who looked at the files
    already says their `size` in bytes, and `base` as an absolute path: then no file is touched, which can
    take long and is nothing for a transaction.
    """
    from greenai.definition.writing import dumps

    folder = base
    if size is None:
        folder = base.resolve()
        size = size_of(definition, folder, business_date)
    with connection.transaction():
        recon_id, version = definitions.register(
            connection, definition, fingerprint=fingerprint(definition), document=dumps(definition)
        )
        run_id = requests.request(
            connection,
            recon_id,
            version,
            business_date,
            folder=str(folder),
            causes=causes,
            urgency=urgency,
            actor=requested_by,
        )
        jobs.add(
            connection,
            "ingest",
            "ingest",
            run_id=run_id,
            urgency=urgency,
            size=size,
        )
        audit(connection, requested_by, "submit", {"run": run_id, "urgency": urgency}, recon_id=recon_id)
    return run_id


def size_of(definition: Definition, folder: Path, business_date: date) -> int:
    """Bytes of the files of both sides as far as they are there yet: by this small runs go first."""
    size = 0
    variables = {"business_date": business_date.isoformat()}
    for source in (definition.sources.a, definition.sources.b):
        # What is missing is told when it is read.
        with contextlib.suppress(SourceError, OSError):
            size += sum(path.stat().st_size for path in resolve(source.location, folder, variables))
    return size


def cancel(connection: Connection, run_id: int, *, requested_by: str) -> None:
    """Let nobody work on a run any more. Raises UsageError for a run that has ended or is not there."""
    with connection.transaction():
        jobs.cancel(connection, run_id)
        if not requests.cancel(connection, run_id, f"cancelled by {requested_by}"):
            raise UsageError("no such run is going on", value=run_id, remedy="see `greenai runs`")
        asker(connection, requested_by)
        audit(connection, requested_by, "cancel", {"run": run_id}, run_id=run_id)


def retry(connection: Connection, job_id: int, *, requested_by: str) -> Engine:
    """Try a dead job again, and the run with it. Raises UsageError when there is no such dead job."""
    with connection.transaction():
        found = jobs.retry(connection, job_id)
        if found is None:
            raise UsageError("no such job is dead", value=job_id, remedy="see `greenai jobs --state dead`")
        engine, run_id = found
        if run_id is not None:
            requests.enter(connection, run_id, "queued")
        asker(connection, requested_by)
        audit(connection, requested_by, "retry", {"run": run_id, "job": job_id}, run_id=run_id)
    return engine
