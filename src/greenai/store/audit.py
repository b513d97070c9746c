"""The audit as it is stored: search in events, the chain as a stream, heads, and digests of decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from greenai.domain.audit import Event, Head, written
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

FETCHED: Final = 2_000
"""Rows that a stream has in memory."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: all that is given must hold. `text` is looked for in subject, action and documents.

    `recons` are the only recons that may be seen, with events of the platform not among them; None for all.
    """

    actor: str | None = None
    action: str | None = None
    recon: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    request_id: str | None = None
    text: str | None = None
    recons: Collection[str] | None = None


def events(connection: Connection, wanted: Wanted, *, limit: int, below: int | None = None) -> list[Event]:
    """Up to `limit` events, latest first; with `below` those before that event."""
    rows = connection.execute(_events(wanted, limit, below)).fetchall()
    return [_event(row) for row in rows]


def streamed(connection: Connection, wanted: Wanted, *, most: int | None = None) -> Iterator[Event]:
    """All events that are wanted, latest first, a few in memory at a time. Needs a transaction."""
    with connection.cursor(name="greenai_audit") as cursor:
        cursor.itersize = FETCHED
        for row in cursor.execute(_events(wanted, most, None)):
            yield _event(row)


def _events(wanted: Wanted, limit: int | None, below: int | None) -> sql.Composed:
    given: list[tuple[str, object]] = [
        ("a.name = {}", wanted.actor),
        ("e.action = {}", wanted.action),
        ("e.subject = {}", wanted.subject),
        ("e.request_id = {}", wanted.request_id),
        ("e.at >= {}", wanted.since),
        ("e.at < {}", wanted.until),
        ("e.event_id < {}", below),
        ("e.recon_id = (SELECT r.recon_id FROM greenai.recon r WHERE r.name = {})", wanted.recon),
    ]
    conditions: list[sql.Composable] = [
        sql.SQL(text).format(sql.Literal(plain(value) if isinstance(value, str) else value))
        for text, value in given
        if value is not None
    ]
    if wanted.recons is not None:
        conditions.append(sql.SQL("n.name = ANY({}::text[])").format(sql.Literal(sorted(wanted.recons))))
    if wanted.text is not None:
        looked_for = sql.Literal(plain(wanted.text))
        places = (
            "e.subject",
            "e.action",
            "e.details::text",
            "e.before::text",
            "e.after::text",
            "e.evidence::text",
        )
        conditions.append(
            sql.SQL("strpos(lower(concat_ws(' ', {})), lower({})) > 0").format(
                sql.SQL(", ").join(sql.SQL(place) for place in places), looked_for
            )
        )
    return sql.SQL(queries("audit")["events"]).format(
        conditions=sql.SQL(" AND ").join(conditions or [sql.SQL("true")]),
        limit=sql.Literal(limit) if limit is not None else sql.SQL("ALL"),
    )


def _event(row: Sequence[Any]) -> Event:
    return Event(*row)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the chain; `text` is the canonical text of its event, None where that is gone."""

    position: int
    event_id: int
    previous: bytes
    hash: bytes
    text: str | None


def chain(connection: Connection) -> Iterator[Link]:
    """All links in order, a few in memory at a time. Needs a transaction."""
    connection.execute("SET LOCAL cursor_tuple_fraction = 1")
    with connection.cursor(name="greenai_chain") as cursor:
        cursor.itersize = FETCHED
        for row in cursor.execute(queries("audit")["chain"]):
            yield Link(*row)


def unlinked(connection: Connection, limit: int) -> list[int]:
    """Events that are in no chain, up to so many."""
    rows = connection.execute(queries("audit")["unlinked"], {"limit": limit}).fetchall()
    return [event_id for (event_id,) in rows]


def last_link(connection: Connection) -> tuple[int, bytes] | None:
    """Position and hash of the chain's end; None where nothing ever happened."""
    row = connection.execute(queries("audit")["head"]).fetchone()
    return None if row is None else (int(row[0]), bytes(row[1]))


def add_head(connection: Connection, head: Head) -> None:
    """Keep a signed head."""
    connection.execute(
        queries("audit")["add_head"],
        {
            **head.as_dict(),
            "hash": bytes.fromhex(head.hash),
            "signature": bytes.fromhex(head.signature),
        },
    )


def heads(
    connection: Connection, *, limit: int | None = None, below: int | None = None
) -> list[tuple[int, Head]]:
    """Signed heads with their numbers: with a limit the latest first, else all in order."""
    named = queries("audit")
    if limit is None:
        rows = connection.execute(named["all_heads"]).fetchall()
    else:
        rows = connection.execute(named["heads"], {"limit": limit, "below": below}).fetchall()
    return [
        (number, Head(position, hash_.hex(), written(signed_at), key_id, signature.hex()))
        for number, position, hash_, signed_at, key_id, signature in rows
    ]


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed of a publication, as its event says."""

    publication: int
    recon_id: int | None
    event_id: int
    evidence: Any


def seals(connection: Connection) -> list[Seal]:
    """The seals of all publications."""
    return [Seal(*row) for row in connection.execute(queries("audit")["seals"]).fetchall()]


def unsealed(connection: Connection, limit: int) -> list[int]:
    """Publications without a seal, up to so many."""
    rows = connection.execute(queries("audit")["publications"], {"limit": limit}).fetchall()
    return [publication for (publication,) in rows]


def recons(connection: Connection) -> dict[int, str]:
    """The names of all recons by number."""
    return dict(connection.execute(queries("audit")["recons"]).fetchall())


def decision_columns(connection: Connection) -> list[str]:
    """The columns of a decision, in order."""
    return [name for (name,) in connection.execute(queries("audit")["columns"]).fetchall()]


def digests(connection: Connection, recon_id: int, columns: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Number and digest (hex) of the decisions of each publication of a recon, over those columns."""
    # As greenai.seal_publication writes them, whatever the session says.
    connection.execute(
        "SELECT set_config('datestyle', 'ISO, YMD', true), set_config('timezone', 'UTC', true),"
        " set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)"
    )
    query = sql.SQL(queries("audit")["digests"]).format(
        columns=sql.SQL(", ").join(sql.Identifier("d", name) for name in columns), recon=sql.Literal(recon_id)
    )
    return {
        publication: (number, digest.hex())
        for publication, number, digest in connection.execute(query).fetchall()
    }
