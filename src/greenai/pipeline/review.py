"""Decisions of persons: kept for ever, and brought into the golden tables in the same transaction.

The records that a decision is about are put together again from what the store remembers of them, and
pass the gate once more. What it says of these records is stored; all others stay as they are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.domain.decisions import Decision, Resolution
from greenai.domain.runs import State, Stored
from greenai.errors import UsageError
from greenai.pipeline.affected import bring_in
from greenai.pipeline.cases import Case
from greenai.pipeline.remembered import key_texts
from greenai.store import decisions, runs
from greenai.store.copying import speak_plainly
from greenai.store.database import connect
from greenai.store.decisions import Proposed
from greenai.store.merging import Moment
from greenai.store.partitions import keep_tables
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a person's decision came to.

    `stored` tells of each golden table what changed. With `rerun` the decision is about the whole input,
    whose rows the store does not keep: running the definition again brings them in.
    """

    publication_id: int
    breaks: int
    stored: Mapping[str, Stored]
    rerun: bool


def approve(
    url: str,
    run_id: int,
    break_ids: Sequence[str] = (),
    *,
    actor: str,
    key: Sequence[str] | None = None,
    outcome: Decision = "passed",
    resolution: Resolution | None = None,
    value: str | None = None,
    comment: str | None = None,
) -> Reviewed:
    """A person decides about breaks of a run, or about all breaks of the record with a `key`.

    A record whose breaks are all passed, and whose checks hold on the values that would be stored, enters
    the golden tables; one that is rejected or waits keeps its golden row. The run is completed when nothing
    waits or is rejected any more, and awaits a review again when something does. `resolution` and `value` are
    those of all these breaks; left out, each keeps its own. One transaction: raises UsageError for a run
    that another has superseded, breaks that are not present, a resolution of a break about the whole input,
    or what cannot be stored, and then nothing has changed.
    """
    from greenai.engines.duckdb import DuckDBEngine

    with (
        tempfile.TemporaryDirectory(prefix="greenai-review-") as folder,
        DuckDBEngine() as engine,
        connect(url) as connection,
        connection.transaction(),
    ):
        speak_plainly(connection)
        reviewing = opened(connection, engine, run_id, Path(folder))
        return reviewing.decide(
            named(reviewing.case, break_ids, key),
            outcome=outcome,
            actor=actor,
            resolution=resolution,
            value=value,
            comment=comment,
        )


@dataclass(frozen=True, slots=True)
class Reviewing:
    """A publication of decisions of persons that is being made, under its recon's lock."""

    run_id: int
    case: Case
    published_at: datetime

    def decide(
        self,
        wanted: Sequence[str],
        *,
        outcome: Decision,
        actor: str,
        resolution: Resolution | None = None,
        value: str | None = None,
        comment: str | None = None,
    ) -> Reviewed:
        """Decide about breaks and bring their records in. UsageError: nothing may be committed."""
        self.note(wanted, outcome=outcome, actor=actor, resolution=resolution, value=value, comment=comment)
        return self.store(wanted, wanted if outcome == "passed" else ())

    def note(
        self,
        wanted: Sequence[str],
        *,
        outcome: Decision,
        actor: str,
        resolution: Resolution | None = None,
        value: str | None = None,
        comment: str | None = None,
        reason: str | None = None,
        proposal: Proposed | None = None,
    ) -> None:
        """Write a person's decision about breaks; all that are written in a publication are then stored."""
        case = self.case
        if resolution is not None:
            insist_resolvable(case, wanted, resolution)
        decisions.review(
            case.connection,
            case.recon_id,
            case.business_date,
            wanted,
            outcome=outcome,
            actor=actor,
            publication_id=case.publication_id,
            resolution=resolution,
            value=value,
            comment=comment,
            reason=reason,
            proposal=proposal,
        )

    def store(
        self, wanted: Sequence[str], passed: Sequence[str], since: Mapping[str, int] | None = None
    ) -> Reviewed:
        """Bring in the records of all breaks that were decided; for `since` see `bring_in`.

        Raises UnstorableError where one of those `passed` cannot be stored.
        """
        case = self.case
        moment = Moment(case.business_date, case.next_date, case.publication_id, self.published_at)
        stored = bring_in(case, moment, wanted, passed, since)
        waits = case.ask("waiting" if case.next_date is not None else "waiting_now")
        state: State = "awaiting_review" if waits else "completed"
        if case.ask("state", run=self.run_id) != [(state,)]:
            runs.enter(case.connection, self.run_id, state)
        return Reviewed(case.publication_id, len(wanted), stored, bool(case.ask("reopened")))


def opened(connection: psycopg.Connection[Any], engine: DuckDBEngine, run_id: int, folder: Path) -> Reviewing:
    """Begin a publication of decisions about a run, in the caller's transaction. Raises UsageError."""
    from greenai.definition.loading import loads

    recon_id, day, document = latest_run(connection, run_id)
    publication_id, published_at = runs.publication(connection, run_id, "review")
    case = Case(
        connection=connection,
        engine=engine,
        recon_id=recon_id,
        business_date=day,
        definition=loads(document, source=f"definition of run {run_id}"),
        publication_id=publication_id,
        next_date=runs.next_date(connection, recon_id, day),
        folder=folder,
    )
    return Reviewing(run_id, case, published_at)


def latest_run(connection: psycopg.Connection[Any], run_id: int) -> tuple[int, date, str]:
    """Recon, date and definition of a run, under its recon's lock.

    Raises UsageError: no such run, nothing published, or superseded by a later run of its date.
    """
    # Which recon it is, is to be looked up before its lock: the order of locks is tables, recon.
    keep_tables(connection)
    query = queries("review")["run"]
    found = connection.execute(query, {"run": run_id}).fetchone()
    if found is not None:
        runs.lock_recon(connection, found[0])
        found = connection.execute(query, {"run": run_id}).fetchone()
    if found is None or found[4] is None:
        raise UsageError(
            "there is no such run, or it came to nothing", value=run_id, remedy="`greenai runs` lists them"
        )
    recon_id, day, document, _, last = found
    if last != run_id:
        raise UsageError(
            f"run {run_id} is not the last of {day}", value=run_id, remedy=f"decide about run {last}"
        )
    return int(recon_id), day, str(document)


def insist_resolvable(case: Case, wanted: Sequence[str], resolution: Resolution) -> None:
    """Refuse a resolution of what is about the whole input: it is no record. Raises UsageError."""
    about_all = case.ask("of_whole", breaks=wanted, whole=case.whole())
    if about_all:
        raise UsageError(
            f"{about_all[0][1]} is about the whole input: there is no record to resolve by {resolution}",
            value=about_all[0][0],
            remedy="pass or refuse it without a resolution; leave out single records by their own breaks",
        )


def named(case: Case, break_ids: Sequence[str], key: Sequence[str] | None) -> list[str]:
    """The breaks that are decided about. Raises UsageError where there are none."""
    wanted = [one.replace("-", "").lower() for one in break_ids]
    if malformed := [one for one in wanted if len(one) != 32 or set(one) - set("0123456789abcdef")]:
        raise UsageError(
            "not the identity of a break", value=malformed[0], remedy="32 hexadecimal digits, as in breaks"
        )
    if key is not None:
        wanted += [one.replace("-", "") for (one,) in case.ask("breaks_of_key", key=key_texts(key))]
    if not wanted:
        raise UsageError(
            "there is no break to decide about",
            value=key if key is not None else None,
            remedy="name breaks, or the key of a record that has some",
        )
    return list(dict.fromkeys(wanted))
