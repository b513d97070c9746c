"""Proposals in the store: made, frozen, read, and brought from state to state.

Nothing here commits. Who holds locks on more than one thing takes them in this order: tables, recon,
proposal, breaks (by identity), items.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from greenai.domain.proposals import (
    Approval,
    Happening,
    Item,
    Outcome,
    Part,
    Person,
    Proposal,
    ProposalKind,
    ProposalState,
    Selection,
    Sum,
    Wish,
)
from greenai.errors import ConflictError, NotFoundError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    from decimal import Decimal

    import psycopg

    Connection = psycopg.Connection[Any]

COLUMNS: Final = sql.SQL(
    "p.proposal_id, p.recon_id, n.name, p.kind, p.maker_id, m.name, p.proposed_at, p.reason_code,"
    " p.resolution, p.value, p.comment, p.selection, p.items, p.records, p.digest, p.eyes, p.eyes_why,"
    " p.corrects_id,"
    " p.undoes_id, p.state, p.version, p.decided, p.closed_at"
)


@dataclass(frozen=True, slots=True)
class About:
    """A condition on ``p``, rows of present_break, and its parameters."""

    condition: sql.Composable
    given: dict[str, Any]

    def query(self, name: str) -> sql.Composed:
        """A query of ``proposals.sql`` about these rows."""
        return sql.SQL(queries("proposals")[name]).format(about=self.condition)


def ask(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    """The rows of a query of ``proposals.sql``."""
    cursor = connection.execute(queries("proposals")[name], given)
    return cursor.fetchall() if cursor.description else []


def named(breaks: Sequence[str]) -> About:
    """The breaks of these identities."""
    return About(sql.SQL("p.break_id = ANY(%(breaks)s::uuid[])"), {"breaks": list(breaks)})


def parts(connection: Connection, recon_id: int, about: About) -> tuple[list[Part], int]:
    """What a selection is about, and how many of its breaks are in open proposals."""
    rows = connection.execute(about.query("about"), {"recon": recon_id, **about.given}).fetchall()
    return [_part(row) for row in rows if not row[4]], sum(row[5] for row in rows if row[4])


def sums(connection: Connection, recon_id: int, about: About) -> list[Sum]:
    """The amounts of a selection by currency."""
    return [Sum(*row) for row in connection.execute(about.query("sums"), {"recon": recon_id, **about.given})]


def records(connection: Connection, recon_id: int, about: About) -> int:
    """How many records a selection is about."""
    row = connection.execute(about.query("records"), {"recon": recon_id, **about.given}).fetchone()
    assert row is not None
    return int(row[0])


def new(
    connection: Connection,
    recon_id: int,
    maker: Person,
    kind: ProposalKind,
    selection: Selection,
    wish: Wish | None = None,
    *,
    corrects: int | None = None,
    undoes: int | None = None,
    comment: str | None = None,
) -> int:
    """A proposal without its list, which is to be frozen in the same transaction; returns its number."""
    given = wish.comment if wish is not None else comment
    row = ask(
        connection,
        "new",
        recon=recon_id,
        kind=kind,
        maker=maker.actor_id,
        reason=None if wish is None else wish.reason,
        resolution=None if wish is None else wish.resolution,
        value=None if wish is None or wish.value is None else plain(wish.value),
        comment=None if given is None else plain(given),
        selection=Jsonb(selection.as_dict()),
        corrects=corrects,
        undoes=undoes,
    )[0]
    return int(row[0])


def freeze(connection: Connection, recon_id: int, proposal_id: int, about: About) -> tuple[int, int, str]:
    """Put breaks that no open proposal holds into a proposal's list: how many, of how many records, digest.

    Others that want the same breaks wait; what they hold of breaks that changed meanwhile falls out.
    """
    given = {"recon": recon_id, "proposal": proposal_id, **about.given}
    connection.execute(about.query("lock"), given)
    connection.execute(about.query("let_go"), given)
    connection.execute(about.query("freeze"), given)
    items, of_records, digest = ask(connection, "digest", proposal=proposal_id)[0]
    return int(items), int(of_records), str(digest)


def parts_of_list(connection: Connection, proposal_id: int) -> list[Part]:
    """What a frozen list is about."""
    return [_part(row) for row in ask(connection, "about_list", proposal=proposal_id)]


def sums_of_list(connection: Connection, proposal_id: int) -> list[Sum]:
    """The amounts of a frozen list by currency."""
    return [Sum(*row) for row in ask(connection, "sums_of_list", proposal=proposal_id)]


def reason_used(connection: Connection, recon_id: int, reason: str) -> bool:
    """Whether a reason was ever used in a recon, by a run or by a person."""
    return bool(ask(connection, "reason_used", recon=recon_id, reason=reason)[0][0])


def limits(connection: Connection, recon_id: int) -> list[tuple[str | None, Decimal, int]]:
    """Currency (None: any other), limit and eyes."""
    return [(row[0], row[1], int(row[2])) for row in ask(connection, "limits", recon=recon_id)]


def hold_limits(connection: Connection) -> None:
    """Nobody else sets limits until the transaction ends; they are read on."""
    ask(connection, "hold_limits")


def set_limits(
    connection: Connection, recon_id: int, wanted: Sequence[tuple[str | None, Decimal, int]]
) -> None:
    """Replace the limits of a recon."""
    ask(connection, "forget_limits", recon=recon_id)
    for currency, limit, eyes in wanted:
        ask(connection, "limit", recon=recon_id, currency=currency, limit=limit, eyes=eyes)


def one(
    connection: Connection, proposal_id: int, recon_id: int | None = None, *, lock: bool = False
) -> Proposal:
    """A proposal, with `lock` so that nobody else changes it. Raises NotFoundError, also of another recon."""
    query = sql.SQL(queries("proposals")["one"]).format(
        columns=COLUMNS, lock=sql.SQL("FOR UPDATE OF p" if lock else "")
    )
    row = connection.execute(query, {"proposal": proposal_id}).fetchone()
    if row is None or (recon_id is not None and row[1] != recon_id):
        raise NotFoundError(
            "there is no such proposal", value=proposal_id, remedy="see the list of proposals"
        )
    return Proposal(*row)


def seen(connection: Connection, proposal_id: int, recon_id: int | None, version: int) -> Proposal:
    """A proposal, locked, as its reader saw it. Raises NotFoundError; ConflictError for another version."""
    found = one(connection, proposal_id, recon_id, lock=True)
    if found.version != version:
        raise ConflictError(
            f"proposal {proposal_id} is {found.state} by now: version {found.version}, not {version}",
            remedy="look at it again",
        )
    return found


def listed(
    connection: Connection,
    *,
    recon_id: int | None = None,
    recons: Sequence[str] | None = None,
    states: Sequence[ProposalState] | None = None,
    kind: ProposalKind | None = None,
    maker: str | None = None,
    not_maker: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Proposal]:
    """Proposals, the newest first; `not_maker`: those that this person may still approve."""
    given = {
        "recon": recon_id,
        "recons": None if recons is None else list(recons),
        "state": None if states is None else list(states),
        "kind": kind,
        "maker": maker,
        "not_maker": not_maker,
        "before": before,
        "limit": limit,
    }
    query = sql.SQL(queries("proposals")["listed"]).format(columns=COLUMNS)
    return [Proposal(*row) for row in connection.execute(query, given)]


def approvals(connection: Connection, proposal_id: int) -> list[Approval]:
    """Who approved it, in order."""
    return [Approval(*row) for row in ask(connection, "approvals", proposal=proposal_id)]


def history(connection: Connection, proposal_id: int) -> list[Happening]:
    """What happened to it, in order."""
    return [Happening(*row) for row in ask(connection, "events", proposal=proposal_id)]


def items(
    connection: Connection,
    proposal_id: int,
    *,
    outcome: Outcome | str | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> list[Item]:
    """Items in order, after a record and break; `outcome` ``open``: those that wait."""
    record_id, break_id = after or (None, None)
    rows = ask(
        connection,
        "items",
        proposal=proposal_id,
        outcome=outcome,
        record=record_id,
        limit=limit,
        **{"break": break_id},
    )
    return [Item(row[0], row[1], tuple(row[2]), *row[3:]) for row in rows]


def lost(connection: Connection, proposals: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many items fell out of proposals, and how many were undone; those without any are left out."""
    rows = ask(connection, "fallen_counts", proposals=list(proposals))
    return {int(one_): (int(fallen), int(undone)) for one_, fallen, undone in rows}


def happened(
    connection: Connection, proposal_id: int, event: str, actor: Person, comment: str | None = None
) -> None:
    """Note what happened to a proposal."""
    said = None if comment is None else plain(comment)
    ask(connection, "event", proposal=proposal_id, event=event, actor=actor.actor_id, comment=said)


def enter(
    connection: Connection, proposal: Proposal, state: ProposalState, *, eyes: int = 4, why: str | None = None
) -> None:
    """Another state, or one more approval: another version."""
    closed = state not in ("proposed", "approved", "returned")
    given = {"proposal": proposal.proposal_id, "state": state, "eyes": eyes, "why": why, "closed": closed}
    ask(connection, "enter", **given)


def release(connection: Connection, proposal: Proposal, waiting: str = "in_review") -> None:
    """Let go of the breaks that a proposal holds; those that wait are `waiting` from now on."""
    given = {"recon": proposal.recon_id, "proposal": proposal.proposal_id}
    ask(connection, "hold_breaks", **given)
    ask(connection, "release", **given, waiting=waiting)


def makers_of(connection: Connection, recon_id: int, cause_id: str | None = None) -> frozenset[int]:
    """Who proposed something about breaks of a recon (of one cause) that are not passed yet (actor numbers).

    They may not approve a definition or a rule that would pass these breaks.
    """
    return frozenset(row[0] for row in ask(connection, "makers", recon=recon_id, cause=cause_id))


def _part(row: tuple[Any, ...]) -> Part:
    return Part(row[0], row[1], row[2], row[3], row[5])
