"""Reasons in the store: business labels, and the table from family and scope of a cause to its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.attribution.reasons import ReasonRow
from greenai.domain.reasons import Reason, ReasonRule
from greenai.errors import UsageError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def mapping(connection: Connection, recon_id: int) -> tuple[ReasonRow, ...]:
    """The rows that hold for a recon, those that say most first: the first that fits gives the reason."""
    return tuple(
        ReasonRow(
            reason=reason,
            family=family,
            kind=kind,
            field=field,
            columns=frozenset() if column is None else frozenset({column}),
            whole=whole,
            functional=functional,
        )
        for kind, family, field, column, whole, reason, functional in connection.execute(
            queries("reasons")["mapping"], {"recon": recon_id}
        )
    )


def reasons(connection: Connection) -> list[Reason]:
    """All reasons, by code."""
    return [Reason(*row) for row in connection.execute(queries("reasons")["reasons"])]


def rules(connection: Connection, recon: str | None = None) -> list[ReasonRule]:
    """The table from cause to reason, in the order in which it is asked; of one recon, what holds for it.

    Raises UsageError for a recon that the store does not know.
    """
    if recon is not None:
        recon_id(connection, recon)
    return [ReasonRule(*row) for row in connection.execute(queries("reasons")["rules"], {"recon": recon})]


def add(connection: Connection, reason: Reason) -> None:
    """A reason of one's own, of a new code or of one that only a definition names. Raises UsageError."""
    added = connection.execute(
        "INSERT INTO greenai.reason (reason_code, name, functional) VALUES (%s, %s, %s) "
        "ON CONFLICT (reason_code) DO UPDATE SET name = excluded.name, functional = excluded.functional "
        "WHERE reason.name = reason.reason_code AND excluded.name <> excluded.reason_code",
        [reason.code, plain(reason.name), reason.functional],
    )
    if not added.rowcount:
        raise UsageError(
            "there is such a reason already", value=reason.code, remedy="see `greenai reasons list`"
        )


def put(connection: Connection, rule: ReasonRule) -> None:
    """Let causes of a kind have a reason from now on, in place of the one that a rule of the same terms gave.

    Raises UsageError for a reason or a recon that the store does not know.
    """
    known = [one.code for one in reasons(connection)]
    if rule.reason not in known:
        raise UsageError(
            "the store knows no such reason",
            value=rule.reason,
            remedy=f"add it: greenai reasons add {rule.reason} --name '…'; or name one of {', '.join(known)}",
        )
    of = None if rule.recon is None else recon_id(connection, rule.recon)
    given: Sequence[Any] = (of, rule.kind, rule.family, rule.field, rule.column, rule.whole, rule.reason)
    connection.execute(
        "INSERT INTO greenai.reason_rule (recon_id, kind, family, field, scope_column, whole, reason_code) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (recon_id, kind, family, field, scope_column, whole) "
        "DO UPDATE SET reason_code = excluded.reason_code",
        given,
    )


def remove(connection: Connection, rule: ReasonRule) -> None:
    """Take a rule of these terms away, whatever its reason. Raises UsageError when there is none."""
    of = None if rule.recon is None else recon_id(connection, rule.recon)
    gone = connection.execute(
        "DELETE FROM greenai.reason_rule WHERE (recon_id, kind, family, field, scope_column, whole) "
        "IS NOT DISTINCT FROM (%s::integer, %s::text, %s::text, %s::text, %s::text, %s::boolean)",
        [of, rule.kind, rule.family, rule.field, rule.column, rule.whole],
    )
    if not gone.rowcount:
        raise UsageError("there is no such rule", remedy="see `greenai reasons list`")


def recon_id(connection: Connection, name: str) -> int:
    """The number of a recon. Raises UsageError when the store does not know it."""
    row = connection.execute("SELECT recon_id FROM greenai.recon WHERE name = %s", [name]).fetchone()
    if row is None:
        raise UsageError(
            "the store knows no such recon", value=name, remedy="run it once: greenai run recon.yaml"
        )
    return int(row[0])
