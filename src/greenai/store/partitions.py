"""Partitions of the large tables: made before a run publishes, so that runs of other recons go on meanwhile.

Creating one locks its table and those that it refers to. Inside a publication, which holds locks on the
same tables, two recons that begin at once would wait for each other.
"""

from __future__ import annotations

import contextlib
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import psycopg

LARGE: Final = 10_000
"""Breaks of a publication after which statistics are made; what it takes is little beside the run."""
TABLES: Final = int.from_bytes(b"gt", "big") << 48
"""The lock of the tables' shape: shared by those who publish, alone for those who create or alter."""
PARENTS: Final = (
    *("record", "break", "rejected_row", "record_version", "break_version", "attribution"),
    "decision",
)
"""The partitioned tables, in the order in which they refer to one another."""


def ensure_partitions(connection: psycopg.Connection[Any], recon_id: int, business_date: date) -> None:
    """Make the partitions that a recon needs for a business date; cheap when they are there.

    Waits for publications that go on. The connection must be outside a transaction: every table has one
    of its own, for nobody who holds one of two locks may wait for the other. What is made stays, empty,
    if the run comes to nothing.
    """
    month = business_date.strftime("%Y%m")
    wanted = {
        parent: f"{parent}_r{recon_id}" + ("" if parent in {"record", "break"} else f"_{month}")
        for parent in PARENTS
    }
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'greenai'::regnamespace AND relname = ANY(%s)",
        [list(wanted.values())],
    ).fetchall()
    there = {name for (name,) in rows}
    for parent, name in wanted.items():
        if name not in there:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [TABLES])
                connection.execute(
                    "SELECT greenai.ensure_partition(%s, %s, %s)", [parent, recon_id, business_date]
                )


def keep_tables(connection: psycopg.Connection[Any]) -> None:
    """Let nobody change the tables' shape until the transaction ends; first of all that it does."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", [TABLES])


def refresh_statistics(
    connection: psycopg.Connection[Any], recon_id: int, business_date: date, breaks: int
) -> None:
    """Let plans know what a large publication wrote; the server's own maintenance comes a minute later.

    The connection must be outside a transaction. What was published stands, whatever comes of this.
    """
    import psycopg

    if breaks >= LARGE:
        with contextlib.suppress(psycopg.Error):
            connection.execute("SELECT greenai.analyze_partitions(%s, %s)", [recon_id, business_date])
            connection.commit()
