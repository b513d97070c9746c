"""Rows that could not be read, kept with where, what and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from greenai.domain.breaks import Reject
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg


def save(
    connection: psycopg.Connection[Any],
    *,
    recon_id: int,
    business_date: date,
    run_id: int,
    rejects: Iterable[Reject],
) -> int:
    """Keep the rejects of both sides of a run; returns how many. Needs the recon's lock and
    the day's partitions."""
    number = -1
    command = (
        "COPY greenai.rejected_row (recon_id, business_date, run_id, ordinal, side, source, line, raw, why) "
        "FROM STDIN"
    )
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for number, one in enumerate(rejects):
            place = (one.side, plain(one.source), one.line)
            copy.write_row((recon_id, business_date, run_id, number, *place, plain(one.raw), plain(one.why)))
    return number + 1
