"""Decisions of persons: those that still hold, and new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ibis
from psycopg import sql

from greenai.domain.decisions import RULES_OF_PERSONS, Decision, Resolution
from greenai.errors import UsageError
from greenai.store.actors import audit, person
from greenai.store.copying import copy_out
from greenai.store.queries import queries
from greenai.store.runs import next_date
from greenai.store.texts import plain

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine

ABOUT: Final = ("value_a", "value_b", "reason", "explanation", "content")
DECIDED: Final = ("decision", "resolution", "value", "decided_by")


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposal that a decision follows, and who made it: another person than who decides."""

    proposal_id: int
    maker_id: int
    maker: str


def earlier_decisions(
    connection: psycopg.Connection[Any],
    engine: DuckDBEngine,
    recon_id: int,
    business_date: date,
    folder: Path,
    break_ids: Sequence[str] | None = None,
) -> ir.Table | None:
    """The latest decisions of persons about the versions of breaks that hold on a business date.

    One row per break: ``break_id`` (hex), the values, ``reason``, ``explanation`` and ``content`` it was
    about, and ``decision``, ``resolution``, ``value``, ``decided_by``. None when there are none. `folder` is
    for a temporary file. With `break_ids` only decisions about these.
    """
    latest = next_date(connection, recon_id, business_date) is None
    about: sql.Composable = sql.SQL("true")
    if break_ids is not None:
        about = sql.SQL("d.break_id = ANY({}::uuid[])").format(sql.Literal(list(break_ids)))
    query = sql.SQL(queries("decisions")["earlier_now" if latest else "earlier"]).format(
        recon=sql.Literal(recon_id), day=sql.Literal(business_date), about=about
    )
    schema = ibis.schema(dict.fromkeys(("break_id", *ABOUT, *DECIDED), "string"))
    found = copy_out(connection, engine, query, schema, folder)
    if engine.count(found):
        return found
    engine.drop(found)
    return None


def review(
    connection: psycopg.Connection[Any],
    recon_id: int,
    business_date: date,
    break_ids: Sequence[str],
    *,
    outcome: Decision,
    actor: str,
    publication_id: int,
    resolution: Resolution | None = None,
    value: str | None = None,
    comment: str | None = None,
    reason: str | None = None,
    proposal: Proposed | None = None,
) -> None:
    """A person decides about the breaks of a business date, all or none of them.

    Earlier and later dates that were published stay as they are; runs of later dates that come after it
    know the decision. Left out, the resolution stays the one that holds. `reason` is what the person says
    instead of the attributed one; `proposal` what was approved by it. The decision and its audit event
    are written once. Needs the recon's lock. Raises UsageError: the actor is the gate, a break is not
    present, a value without take_value or take_value without a value.
    """
    if (value is None) is (resolution == "take_value"):
        raise UsageError(
            "a value and the resolution take_value belong together", remedy="give both, or neither"
        )
    person(connection, actor)
    wanted = sorted(set(break_ids))
    named = queries("decisions")
    given = {
        "recon": recon_id,
        "day": business_date,
        "breaks": wanted,
        "publication": publication_id,
        "outcome": outcome,
        "rule": RULES_OF_PERSONS[outcome],
        "resolution": resolution,
        "value": None if value is None else plain(value),
        "actor": plain(actor),
        "comment": None if comment is None else plain(comment),
        "reason": reason,
        "proposal": None if proposal is None else proposal.proposal_id,
        "maker": None if proposal is None else proposal.maker_id,
    }
    keep_later(connection, recon_id, business_date, wanted, publication_id)
    decided = {row[0] for row in connection.execute(named["review"], given)}
    if missing := [one for one in wanted if one.replace("-", "").lower() not in decided]:
        raise UsageError(
            f"{len(missing):,} of {len(wanted):,} breaks are not present on {business_date}",
            value=missing[0],
            remedy="name breaks of the latest run of that date",
        )
    details = {"business_date": business_date.isoformat(), "publication": publication_id, "outcome": outcome}
    details |= {"resolution": resolution, "value": given["value"], "comment": given["comment"]}
    if reason is not None:
        details["reason"] = reason
    if proposal is not None:
        details |= {"proposal": proposal.proposal_id, "maker": proposal.maker}
    audit(connection, actor, "decide", details | {"breaks": wanted}, recon_id=recon_id)


def keep_later(
    connection: psycopg.Connection[Any],
    recon_id: int,
    business_date: date,
    break_ids: Sequence[str],
    publication_id: int,
) -> None:
    """Let what holds of breaks on the next date that was published hold there, whatever becomes of this one.

    To be called before the publication changes the day. Needs the recon's lock.
    """
    following = next_date(connection, recon_id, business_date)
    if following is None:
        return
    given = {"recon": recon_id, "day": business_date, "next": following, "publication": publication_id}
    connection.execute(queries("decisions")["kept"], {**given, "breaks": list(break_ids)})
