"""Pages of breaks: filtered, sorted, searched, counted; each page by one or two ranges of an index.

A page goes on where the one before ended (keyset): its cost does not grow with its number. Orders are
total, for the identity of the break comes last; breaks without the value that is sorted by come at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from psycopg import sql

from greenai.errors import NotFoundError, UsageError
from greenai.store.filters import OPEN, Filter, condition, literal, newest
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

__all__ = (
    "OPEN",
    "Count",
    "Filter",
    "Line",
    "Place",
    "Sum",
    "condition",
    "count",
    "newest",
    "page",
    "recon",
    "seek",
)

SortName = Literal["first_date", "amount", "confidence", "key", "due"]
SORTS: Final[dict[str, str]] = {
    "first_date": "first_date",
    "amount": "amount",
    "confidence": "confidence",
    "key": "key_text",
    "due": "due_at",
}
"""What lists can be sorted by, and the columns of it."""
TYPES: Final[dict[str, type]] = {
    "first_date": date,
    "amount": Decimal,
    "confidence": float,
    "key": str,
    "due": datetime,
}
NULLABLE: Final = frozenset({"amount", "confidence", "due"})
COUNTED: Final = 100_000
"""Breaks that a count looks at; more are "at least so many"."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of breaks: by what, and which way."""

    name: str = "first_date"
    descending: bool = False

    def __post_init__(self) -> None:
        if self.name not in SORTS:
            raise UsageError(
                f"lists cannot be sorted by {self.name[:100]!r}",
                column="sort",
                remedy=f"sort by {', '.join(SORTS)}, with a - before it for the other way round",
            )

    @classmethod
    def of(cls, text: str) -> Sort:
        """An order as written: ``amount``, or ``-amount`` for the largest first. Raises UsageError."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: after the break that has this value (None: none) and this identity."""

    value: Any
    break_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A break as a list shows it. Identities are 32 hexadecimal digits."""

    break_id: str
    record_id: str
    key: tuple[str | None, ...]
    key_text: str
    kind: str
    field: str | None
    check: str | None
    state: str
    reason: str
    cause_id: str | None
    group_id: str | None
    method: str
    confidence: float | None
    amount: Decimal | None
    currency: str | None
    first_date: date
    assignee: str | None
    assigned_group: str | None
    due_at: datetime | None
    business_date: date
    value_a: str | None
    value_b: str | None
    sorted_by: Any
    """What it was sorted by."""

    @property
    def place(self) -> Place:
        """The place after it."""
        return Place(self.sorted_by, self.break_id)


@dataclass(frozen=True, slots=True)
class Sum:
    """Breaks in one currency (None: none known): how many, how many of them with an amount, and its sum."""

    currency: str | None
    breaks: int
    with_amount: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many breaks a filter finds. Not `exact`: at least so many, and sums over so many of them."""

    breaks: int
    exact: bool
    sums: tuple[Sum, ...]


def recon(connection: Connection, name: str) -> tuple[int, date | None]:
    """The number of a recon, and the latest business date that was published for it. Raises NotFoundError."""
    row = connection.execute(queries("lists")["recon"], {"name": plain(name)}).fetchone()
    if row is None:
        raise NotFoundError("there is no such recon", value=name, remedy="see GET /api/v1/recons")
    return int(row[0]), row[1]


def page(
    connection: Connection,
    recon_id: int,
    chosen: Filter,
    sort: Sort,
    *,
    after: Place | None = None,
    limit: int,
) -> list[Line]:
    """At most `limit` breaks after a place, in order."""
    where, _ = condition(connection, recon_id, chosen)
    rows: list[tuple[Any, ...]] = []
    for beyond, order in ranges(sort, after):
        found = sql.SQL(queries("lists")["page"]).format(
            where=where,
            beyond=beyond,
            order=order,
            limit=sql.Literal(limit - len(rows)),
            sorted=sql.SQL("p.") + sql.Identifier(SORTS[sort.name]),
        )
        rows += connection.execute(found, prepare=False).fetchall()
        if len(rows) >= limit:
            break
    return [Line(one, record, tuple(key), *more) for one, record, key, *more in rows]


def ranges(sort: Sort, after: Place | None) -> list[tuple[sql.Composable, sql.Composable]]:
    """The ranges of an index that a page is read from, one after the other: condition and order of each.

    First those that have the value, then those that have none: an index holds each together.
    """
    column = sql.SQL("p.") + sql.Identifier(SORTS[sort.name])
    way = sql.SQL("DESC" if sort.descending else "ASC")
    beyond = sql.SQL("<" if sort.descending else ">")
    with_value = sql.SQL("{} {}, p.break_id {}").format(column, way, way)
    without = sql.SQL("p.break_id {}").format(way)
    there = sql.SQL("{} IS NOT NULL").format(column)
    lacking = sql.SQL("{} IS NULL").format(column)
    if after is None:
        first: sql.Composable = there if sort.name in NULLABLE else sql.SQL("true")
        return [(first, with_value), (lacking, without)] if sort.name in NULLABLE else [(first, with_value)]
    identity = sql.SQL("{}::uuid").format(literal(after.break_id))
    if after.value is None:
        if sort.name not in NULLABLE:
            raise UsageError("the cursor is none of this list", column="cursor")
        return [(sql.SQL("{} AND p.break_id {} {}").format(lacking, beyond, identity), without)]
    value = literal(after.value) if isinstance(after.value, str) else sql.Literal(after.value)
    rest = sql.SQL("({}, p.break_id) {} ({}, {})").format(column, beyond, value, identity)
    if sort.name not in NULLABLE:
        return [(rest, with_value)]
    # What a comparison implies is said for the planner: partial indexes hold what is not null.
    return [(sql.SQL("{} AND {}").format(there, rest), with_value), (lacking, without)]


def seek(connection: Connection, recon_id: int, chosen: Filter, key: str) -> tuple[Line | None, Place | None]:
    """The first break of a list sorted by key whose key is `key` or comes after it, and the place before it.

    The place is None at the beginning of the list, and where nothing comes after.
    """
    where, _ = condition(connection, recon_id, chosen)
    named = queries("lists")
    query = sql.SQL(named["place"]).format(where=where, key=literal(key))
    found = connection.execute(query, prepare=False).fetchone()
    if found is None:
        return None, None
    query = sql.SQL(named["before_place"]).format(
        where=where, key=literal(found[0]), break_id=literal(found[1])
    )
    row = connection.execute(query, prepare=False).fetchone()
    before = None if row is None else Place(*row)
    (line,) = page(connection, recon_id, chosen, Sort("key"), after=before, limit=1)
    return line, before


def count(connection: Connection, recon_id: int, chosen: Filter, *, most: int = COUNTED) -> Count:
    """How many breaks there are, with their amounts by currency.

    Exact where a filter asks for what is counted already (see `Filter.tallied`), else up to `most`.
    """
    where, _ = condition(connection, recon_id, chosen)
    named = queries("lists")
    if chosen.tallied:
        query = sql.SQL(named["tallied"]).format(where=where)
    else:
        query = sql.SQL(named["count"]).format(where=where, most=sql.Literal(most + 1))
    sums = tuple(Sum(*row) for row in connection.execute(query, prepare=False))
    found = sum(one.breaks for one in sums)
    if chosen.tallied:
        return Count(found, True, sums)
    return Count(min(found, most), found <= most, sums)
