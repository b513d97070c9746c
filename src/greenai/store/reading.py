"""Reading runs back: what was found, decided and stored, and what was kept out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, LiteralString

from greenai.domain.breaks import Reject
from greenai.domain.decisions import DECISIONS, Tally
from greenai.domain.runs import (
    FailedCheck,
    Input,
    Rejected,
    RejectedBreak,
    RunLine,
    StageTimes,
    Stored,
    StoredRun,
)
from greenai.domain.summary import FieldCounts, RowCounts, Total
from greenai.errors import StoreError, UsageError
from greenai.store import groups
from greenai.store.queries import queries
from greenai.store.runs import next_date

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

NOW: Final = 2**63 - 1
"""A publication after all: what is known today."""
THEN: Final = "greenai.decided_at(%(recon)s, %(day)s, %(known)s)"
TODAY: Final = "greenai.decided_now(%(recon)s)"
"""The same, where the date is the latest one and nothing superseded the run."""


def runs(connection: Connection, recon: str | None = None, *, limit: int = 20) -> list[RunLine]:
    """The newest runs, the last first, of one recon or of all.

    Raises UsageError for a recon that the store does not know.
    """
    if recon is not None:
        known = [name for (name,) in connection.execute("SELECT name FROM greenai.recon ORDER BY name")]
        if recon not in known:
            raise UsageError(
                "the store knows no such recon",
                value=recon,
                remedy=f"name one of {', '.join(known)}" if known else "run one: greenai run recon.yaml",
            )
    return _lines(connection, run=None, recon=recon, limit=limit)


def run(connection: Connection, run_id: int) -> StoredRun:
    """A run as it stands today; a superseded one as it stood when it was published.

    Raises UsageError when there is no such run.
    """
    line, more, scope = _found(connection, run_id)
    named = _queries(connection, line, scope)
    _, fingerprint, publication_id, published_at, amount = more
    told = StoredRun(
        line=line,
        fingerprint=fingerprint,
        systems=dict(connection.execute(named["systems"], scope).fetchall()),
        inputs=tuple(Input(*row) for row in connection.execute(named["inputs"], scope)),
        stages=tuple(StageTimes(*row) for row in connection.execute(named["stages"], scope)),
    )
    if publication_id is None:
        return told
    counted = connection.execute(named["rows"], scope).fetchone()
    whole = connection.execute(named["unbroken"], scope).fetchone()
    assert counted is not None
    assert whole is not None
    rows = RowCounts(*counted)
    scope["age"] = _age_field(connection, run_id)
    oldest = connection.execute(named["oldest"], scope).fetchone()
    by_reason = connection.execute(named["breaks"], scope).fetchall()
    reasons: dict[str, int] = {}
    decisions = dict.fromkeys(DECISIONS, 0)
    passed_by: dict[str, int] = {}
    for reason, outcome, number, by in by_reason:
        reasons[reason] = reasons.get(reason, 0) + number
        decisions[outcome] += number
        if by is not None:
            passed_by[by] = passed_by.get(by, 0) + number
    return StoredRun(
        line=line,
        fingerprint=told.fingerprint,
        systems=told.systems,
        inputs=told.inputs,
        stages=told.stages,
        published_at=published_at,
        rows=rows,
        fields={
            name: FieldCounts(different, within)
            for name, different, within in connection.execute(named["fields"], scope)
        },
        amount=amount,
        totals=tuple(Total(*row) for row in connection.execute(named["totals"], scope)),
        decisions=Tally(**decisions),
        records=_records(connection.execute(named["records"], scope).fetchall(), whole[0]),
        reasons=dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
        passed_by=dict(sorted(passed_by.items(), key=lambda one: (-one[1], one[0]))),
        oldest_days=None if oldest is None else oldest[0],
        suspended=dict(connection.execute(named["suspended"], scope).fetchall()),
        checks=tuple(FailedCheck(*row) for row in connection.execute(named["checks"], scope)),
        stored={table: Stored(*numbers) for table, *numbers in connection.execute(named["tables"], scope)},
        unexplained=groups.of_run(connection, run_id),
    )


def rejected(connection: Connection, run_id: int, *, limit: int | None = None) -> Rejected:
    """What a run kept out: unreadable rows, and breaks by which the gate or a person rejected records.

    `limit` bounds each of the two lists. Raises UsageError when there is no such run.
    """
    line, more, scope = _found(connection, run_id)
    named = _queries(connection, line, scope)
    scope["limit"] = limit
    rows = connection.execute(named["rejected_rows"], scope).fetchall()
    breaks = [] if more[2] is None else connection.execute(named["rejected_breaks"], scope).fetchall()
    return Rejected(
        run_id,
        tuple(Reject(*row) for row in rows),
        tuple(RejectedBreak(tuple(key), *rest) for key, *rest in breaks),
    )


def oldest_days(connection: Connection, run_id: int) -> int | None:
    """The age in days of the oldest break that waits on the date of a run; None where none does.

    Counted up to that business date. Raises UsageError when there is no such run.
    """
    line, more, scope = _found(connection, run_id)
    if more[2] is None:
        return None
    scope["age"] = _age_field(connection, run_id)
    row = connection.execute(_queries(connection, line, scope)["oldest"], scope).fetchone()
    return None if row is None else row[0]


def _age_field(connection: Connection, run_id: int) -> str | None:
    """The field from which ages are counted, as the definition of a run says."""
    from greenai.definition.loading import loads

    row = connection.execute(queries("reading")["document"], {"run": run_id}).fetchone()
    assert row is not None
    age = loads(str(row[0]), source=f"definition of run {run_id}").age
    return None if age is None else age.field


def _lines(connection: Connection, **given: Any) -> list[RunLine]:
    return [RunLine(*row) for row in connection.execute(queries("reading")["runs"], given)]


def _found(connection: Connection, run_id: int) -> tuple[RunLine, tuple[Any, ...], dict[str, Any]]:
    """A run's line, the rest of it, and the parameters by which what is known of it is found."""
    lines = _lines(connection, run=run_id, recon=None, limit=1) if 0 < run_id <= NOW else []
    if not lines:
        newest = _lines(connection, run=None, recon=None, limit=1)
        if not newest:
            raise StoreError("nothing is stored yet", remedy="run a definition: greenai run recon.yaml")
        raise UsageError(
            "there is no such run",
            value=run_id,
            remedy=f"`greenai runs` lists them; the last is {newest[0].run}",
        )
    more = connection.execute(queries("reading")["run"], {"run": run_id}).fetchone()
    assert more is not None
    known = NOW if lines[0].superseded_by is None else more[2]
    return lines[0], more, {
        "run": run_id,
        "recon": more[0],
        "day": lines[0].business_date,
        "known": known,
    }  # fmt: skip


def _queries(connection: Connection, line: RunLine, scope: Mapping[str, Any]) -> dict[str, LiteralString]:
    """The queries about a run; those about the latest date need not read history."""
    named = queries("reading")
    if scope["known"] < NOW or next_date(connection, scope["recon"], line.business_date) is not None:
        return named
    return {name: query.replace(THEN, TODAY) for name, query in named.items()}


def _records(counted: list[tuple[bool, int, bool, int]], unbroken: int) -> Tally:
    """Records by decision, counted as `greenai.quality.counts` counts them.

    A record without a difference but with a failed check is one of the `unbroken`; what is decided about
    the whole input holds for every record.
    """
    own = [(rank, differs, number) for whole, rank, differs, number in counted if not whole]
    of_input = max((rank for whole, rank, _, _ in counted if whole), default=1)
    waiting = {
        word: sum(number for rank, _, number in own if rank == position)
        for position, word in enumerate(DECISIONS, 1)
    }
    different = sum(number for _, differs, number in own if differs)
    found = {
        "passed": unbroken + different - waiting["review"] - waiting["rejected"],
        "review": waiting["review"],
        "rejected": waiting["rejected"],
    }
    if of_input > 1:
        found[DECISIONS[of_input - 1]] += found["passed"]
        found["passed"] = 0
    return Tally(**found)
