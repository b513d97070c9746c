"""Rule proposals in the store. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from greenai.domain.proposals import Approval, Eyes, Person
from greenai.domain.rule_proposals import RuleProposal, RuleProposalState, RuleWish
from greenai.errors import ConflictError, NotFoundError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

COLUMNS: Final = sql.SQL(
    "p.rule_proposal_id, p.recon_id, n.name, replace(p.cause_id::text, '-', ''), p.change, p.maker_id,"
    " m.name, p.proposed_at, p.reason_code, p.resolution, p.max_exceptions, p.smallest_scope,"
    " p.largest_scope, p.comment, p.eyes, p.eyes_why, p.state, p.version, p.closed_at, b.name,"
    " p.closed_why, c.expression, c.scope, c.field, c.kind"
)


def new(
    connection: Connection,
    recon_id: int,
    cause_id: str,
    maker: Person,
    wish: RuleWish,
    eyes: Eyes,
    why: str | None,
) -> int:
    """A rule proposal; returns its number. Raises ConflictError while another waits about the cause."""
    smallest, largest = wish.scope_size or (None, None)
    given = {
        "recon": recon_id,
        "cause": cause_id,
        "change": wish.change,
        "maker": maker.actor_id,
        "reason": wish.reason,
        "resolution": wish.resolution,
        "max_exceptions": wish.max_exceptions,
        "smallest": smallest,
        "largest": largest,
        "comment": None if wish.comment is None else plain(wish.comment),
        "eyes": eyes,
        "why": why,
    }
    row = connection.execute(queries("rule_proposals")["new"], given).fetchone()
    if row is None:
        raise ConflictError(
            "something is proposed about this cause already",
            value=cause_id,
            remedy="approve it or return it first",
        )
    return int(row[0])


def one(
    connection: Connection, number: int, recon_id: int | None = None, *, lock: bool = False
) -> RuleProposal:
    """A rule proposal, with `lock` so that nobody else changes it. Raises NotFoundError."""
    query = sql.SQL(queries("rule_proposals")["one"]).format(
        columns=COLUMNS, lock=sql.SQL("FOR UPDATE OF p" if lock else "")
    )
    row = connection.execute(query, {"proposal": number}).fetchone()
    if row is None or (recon_id is not None and row[1] != recon_id):
        raise NotFoundError("there is no such rule proposal", value=number, remedy="see their list")
    return RuleProposal(*row)


def seen(connection: Connection, number: int, recon_id: int | None, version: int) -> RuleProposal:
    """A rule proposal that waits, locked, as its reader saw it. Raises NotFoundError and ConflictError."""
    found = one(connection, number, recon_id, lock=True)
    if found.version != version or found.state != "proposed":
        raise ConflictError(
            f"rule proposal {number} is {found.state} by now, in version {found.version}",
            remedy="look at it again",
        )
    return found


def listed(
    connection: Connection,
    *,
    recon_id: int | None = None,
    recons: Sequence[str] | None = None,
    cause_id: str | None = None,
    state: RuleProposalState | None = None,
    not_maker: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[RuleProposal]:
    """Rule proposals, the newest first; `not_maker`: those that this person may still approve."""
    given = {
        "recon": recon_id,
        "recons": None if recons is None else list(recons),
        "cause": cause_id,
        "state": state,
        "not_maker": not_maker,
        "before": before,
        "limit": limit,
    }
    query = sql.SQL(queries("rule_proposals")["listed"]).format(columns=COLUMNS)
    return [RuleProposal(*row) for row in connection.execute(query, given)]


def approvals(connection: Connection, number: int) -> list[Approval]:
    """Who approved it, in order."""
    rows = connection.execute(queries("rule_proposals")["approvals"], {"proposal": number})
    return [Approval(*row) for row in rows]


def approve(connection: Connection, number: int, checker: Person, comment: str | None) -> None:
    """Note one more approval."""
    said = None if comment is None else plain(comment)
    given = {"proposal": number, "checker": checker.actor_id, "comment": said}
    connection.execute(queries("rule_proposals")["approve"], given)


def enter(
    connection: Connection, number: int, state: RuleProposalState, actor: Person, comment: str | None
) -> None:
    """Another state, or one more approval: another version."""
    said = None if comment is None else plain(comment)
    given = {"proposal": number, "state": state, "actor": actor.actor_id, "comment": said}
    connection.execute(queries("rule_proposals")["enter"], given)
