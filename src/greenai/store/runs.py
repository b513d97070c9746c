"""Runs in the store: their states, stages, inputs, publications and numbers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.domain.runs import FINISHED, Input, Stage, State, Stored, input_digest
from greenai.domain.summary import Summary
from greenai.errors import StoreError
from greenai.store.living import LIVING, noting
from greenai.store.partitions import keep_tables
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    from greenai.store.definitions import SavedDefinition

    Connection = psycopg.Connection[Any]

PUBLISHING: Final = int.from_bytes(b"gp", "big") << 48
"""Added to a recon's number: the lock under which one publication of it happens at a time."""


def begin(connection: Connection, saved: SavedDefinition, business_date: date) -> int:
    """Record a new run and return its number; it lives as long as the connection, which must be autocommit.

    Raises StoreError inside a transaction, where nobody would see the run.
    """
    if not connection.autocommit:
        raise StoreError("a run begins outside a transaction", remedy="connect with autocommit")
    with connection.transaction():
        run_id = _one(
            connection.execute(
                "INSERT INTO greenai.run (recon_id, version, business_date, state) "
                "VALUES (%s, %s, %s, 'ingesting') RETURNING run_id",
                [saved.recon_id, saved.version, business_date],
            )
        )
        # Before anybody can see the run: a run without its lock is a dead one.
        connection.execute("SELECT pg_advisory_lock_shared(%s)", [LIVING + run_id])
    return run_id


def enter(connection: Connection, run_id: int, state: State) -> None:
    """Note that a run is in another state now. Raises StoreError for one that others took for dead."""
    found = connection.execute(
        "UPDATE greenai.run SET state = %s, "
        "finished_at = CASE WHEN %s THEN clock_timestamp() END WHERE run_id = %s AND state <> 'failed'",
        [state, state in FINISHED, run_id],
    )
    if not found.rowcount:
        raise StoreError(
            f"run {run_id} was given up: its connection to the store had been lost", remedy="run it again"
        )


def fail(connection: Connection, run_id: int, error: str) -> None:
    """Note that a run came to nothing, and why; what was published stays published, whatever comes after."""
    connection.execute(
        "UPDATE greenai.run SET state = 'failed', finished_at = clock_timestamp(), error = %s "
        "WHERE run_id = %s AND state <> ALL(%s)",
        [plain(error), run_id, list(FINISHED)],
    )


def discard(connection: Connection, run_id: int) -> None:
    """Forget a run of which nothing was published, because an earlier one says the same."""
    connection.execute("DELETE FROM greenai.run WHERE run_id = %s", [run_id])


def past_stage(
    connection: Connection,
    run_id: int,
    name: Stage,
    seconds: float,
    *,
    ago: float = 0.0,
    rows_in: int | None = None,
    rows_out: int | None = None,
) -> None:
    """Note a stage that took so many seconds and ended `ago` seconds before now."""
    connection.execute(
        queries("runs")["past_stage"],
        {
            "run": run_id,
            "stage": name,
            "seconds": seconds,
            "ago": ago,
            "rows_in": rows_in,
            "rows_out": rows_out,
        },
    )


@dataclass(slots=True)
class StageRows:
    """What a stage tells about itself before it ends."""

    rows_in: int | None = None
    rows_out: int | None = None


@contextlib.contextmanager
def stage(connection: Connection, run_id: int, name: Stage) -> Iterator[StageRows]:
    """A stage of a run: its time is that of the block, an error in the block is noted and goes on.

    The connection should be autocommit, or nobody sees the stage while it goes on.
    """
    begin_stage(connection, run_id, name)
    rows = StageRows()
    try:
        yield rows
    except BaseException as error:
        import psycopg

        # The connection may be what failed; the error itself says more than that it cannot be noted.
        with contextlib.suppress(psycopg.Error):
            finish_stage(connection, run_id, name, error=str(error) or type(error).__name__)
        raise
    with noting(connection):
        finish_stage(connection, run_id, name, rows_in=rows.rows_in, rows_out=rows.rows_out)


def begin_stage(connection: Connection, run_id: int, name: Stage) -> None:
    """Note that a stage begins, for the first time or again."""
    connection.execute(queries("runs")["begin_stage"], {"run": run_id, "stage": name})


def finish_stage(
    connection: Connection,
    run_id: int,
    name: Stage,
    *,
    rows_in: int | None = None,
    rows_out: int | None = None,
    error: str | None = None,
) -> None:
    """Note that a stage ended, and with what."""
    connection.execute(
        "UPDATE greenai.run_stage "
        "SET finished_at = clock_timestamp(), rows_in = %s, rows_out = %s, error = %s "
        "WHERE run_id = %s AND stage = %s",
        [rows_in, rows_out, _text(error), run_id, name],
    )


def inputs(connection: Connection, run_id: int, given: Sequence[Input], *, manner: str = "") -> str | None:
    """Note the files that a run read; returns their digest, None where a side has no file.

    `manner` says what else makes a run another one, beside what it read and its definition.
    """
    counts = {"a": 0, "b": 0}
    # A stage that is done again notes what it read this time.
    connection.execute("DELETE FROM greenai.run_input WHERE run_id = %s", [run_id])
    for one in given:
        connection.execute(
            "INSERT INTO greenai.run_input (run_id, side, ordinal, location, content_hash, bytes) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [run_id, one.side, counts[one.side], plain(one.location), one.content_hash, one.bytes],
        )
        counts[one.side] += 1
    digest = input_digest(given)
    if digest is not None and manner:
        digest = f"{digest} {manner}"
    connection.execute("UPDATE greenai.run SET input_digest = %s WHERE run_id = %s", [digest, run_id])
    return digest


def lock_recon(connection: Connection, recon_id: int) -> None:
    """Wait until no other transaction publishes for the recon, and keep others out until ours ends.

    To be called before the transaction uses any table.
    """
    keep_tables(connection)
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING + recon_id])


def published(
    connection: Connection, recon_id: int, business_date: date, version: int, digest: str | None
) -> int | None:
    """The run that says already what a run with these inputs would: the latest published of its date.

    None when that one had another version or other inputs, or when the inputs cannot be recognised.
    """
    row = connection.execute(
        queries("runs")["published"], {"recon": recon_id, "day": business_date}
    ).fetchone()
    if row is None or digest is None or row[1:] != (version, digest):
        return None
    return int(row[0])


def publication(connection: Connection, run_id: int, kind: Literal["run", "review"]) -> tuple[int, datetime]:
    """A new publication of a run: its number, greater than all before, and its time, later than all before.

    A clock may be set back; what was known when goes by these times. Needs the recon's lock.
    """
    row = connection.execute(queries("runs")["publication"], {"run": run_id, "kind": kind}).fetchone()
    assert row is not None
    return int(row[0]), row[1]


def result(
    connection: Connection,
    run_id: int,
    summary: Summary,
    stored: Mapping[str, Stored] | None = None,
    *,
    unbroken: int | None = None,
    candidates: int | None = None,
) -> None:
    """Note the numbers of a run.

    `unbroken` are the records without a difference, as many as equal pairs where no key repeats;
    `candidates` the rows that would be stored if all passed. `stored` is what became of the golden
    tables, by name; of one that was never made there is nothing to note.
    """
    rows = summary.rows
    whole = rows.equal if unbroken is None else unbroken
    connection.execute(
        "INSERT INTO greenai.run_result (run_id, equal, different, amount, unbroken, candidates) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [run_id, rows.equal, rows.different, summary.amount, whole, candidates],
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            queries("runs")["table"],
            [{"run": run_id, "table": table, **one.as_dict()} for table, one in (stored or {}).items()],
        )
        cursor.executemany(
            "INSERT INTO greenai.run_side (run_id, side, only_here, duplicates, rejected, carried) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (run_id, "a", rows.only_a, rows.duplicates_a, rows.rejected_a, rows.carried_a),
                (run_id, "b", rows.only_b, rows.duplicates_b, rows.rejected_b, rows.carried_b),
            ],
        )
        cursor.executemany(
            "INSERT INTO greenai.run_field (run_id, ordinal, field, different, within_tolerance) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                (run_id, ordinal, plain(name), counts.different, counts.within_tolerance)
                for ordinal, (name, counts) in enumerate(summary.fields.items())
            ],
        )
        cursor.executemany(
            "INSERT INTO greenai.run_total (run_id, ordinal, currency, amount_a, amount_b) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                (run_id, ordinal, _text(total.currency), total.a, total.b)
                for ordinal, total in enumerate(summary.totals or ())
            ],
        )


def next_date(connection: Connection, recon_id: int, business_date: date) -> date | None:
    """The next later business date of which something was published."""
    return _date(connection, recon_id, business_date, "min", ">")


def last_rows(connection: Connection, recon_id: int, business_date: date) -> int | None:
    """How many rows would have been stored of the business date that was published before this one."""
    before = _date(connection, recon_id, business_date, "max", "<")
    row = connection.execute(queries("runs")["last_rows"], {"recon": recon_id, "day": before}).fetchone()
    return None if row is None else row[0]


def _date(
    connection: Connection, recon_id: int, day: date, which: Literal["min", "max"], side: Literal["<", ">"]
) -> date | None:
    row = connection.execute(
        f"SELECT {which}(r.business_date) FROM greenai.run r WHERE r.recon_id = %s "
        f"AND r.business_date {side} %s "
        "AND EXISTS (SELECT FROM greenai.publication p WHERE p.run_id = r.run_id)",
        [recon_id, day],
    ).fetchone()
    assert row is not None
    found = row[0]
    assert found is None or isinstance(found, date)
    return found


def _text(text: str | None) -> str | None:
    return None if text is None else plain(text)


def _one(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])
