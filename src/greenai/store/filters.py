"""Which breaks a list is about: filters over `greenai.present_break`, and the conditions that they mean.

Names are fixed words and values are literals, so that the planner sees which index fits and nothing that
somebody sends becomes SQL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from psycopg import sql

from greenai.errors import UsageError
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

State = Literal["passed", "in_review", "proposed", "approved", "returned", "rejected"]
STATES: Final[tuple[State, ...]] = get_args(State)
OPEN: Final[tuple[State, ...]] = ("in_review", "proposed", "returned")
"""The states in which somebody has to do something about a break."""
KINDS: Final = ("value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check")
METHODS: Final = ("equivalence", "rule", "cause", "model", "person", "check", "none")
WORDS: Final[Mapping[str, Sequence[str]]] = {"state": STATES, "kind": KINDS, "method": METHODS}
IDENTITIES: Final = ("cause", "group")
TEXTS: Final = ("field", "reason", "currency", "assignee", "assigned_group")
COLUMNS: Final[Mapping[str, str]] = {
    "state": "state", "kind": "kind", "method": "method", "field": "field", "reason": "reason_code",
    "currency": "currency", "assigned_group": "assigned_group", "cause": "cause_id", "group": "group_id",
}  # fmt: skip
LONGEST_AGE: Final = 1_000_000
DAYS: Final = ("older_than_days", "younger_than_days", "due_within_days", "due_after_days")
TALLIED: Final = frozenset(
    {"state", "kind", "method", "field", "reason", "currency", "older_than_days", "younger_than_days"}
)
MOST: Final = 100
"""Values of one filter."""
LONGEST: Final = 400
"""Characters of a text of a filter: as many as lists keep of a key."""
_AFTER: Final = "\U0010ffff"
"""Comes after every character of a key in the order of bytes."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Breaks that meet all of these; of several values of one filter any will do. Empty: all breaks.

    `assignee` are names of persons, `assigned` says whether anybody has it; `older_than_days` counts from
    the first date to the latest business date of the recon; amounts are compared without their sign;
    `search` is what the key begins with; `overdue` looks at the clock of the database, as `due_within_days`
    and `due_after_days` do, and `has_due` says whether there is a due time at all. An empty text of `field`,
    `currency`, `assignee` or `assigned_group` are breaks without one.
    Raises UsageError for values that no break can have.
    """

    state: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    field: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    assignee: tuple[str, ...] = ()
    assigned_group: tuple[str, ...] = ()
    assigned: bool | None = None
    currency: tuple[str, ...] = ()
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    older_than_days: int | None = None
    younger_than_days: int | None = None
    overdue: bool | None = None
    has_due: bool | None = None
    due_within_days: int | None = None
    due_after_days: int | None = None
    search: str | None = None

    def __post_init__(self) -> None:
        for name in (*WORDS, *IDENTITIES, *TEXTS):
            object.__setattr__(self, name, _several(name, getattr(self, name)))
        for name in ("min_amount", "max_amount"):
            object.__setattr__(self, name, _amount(name, getattr(self, name)))
        for name in ("min_confidence", "max_confidence"):
            object.__setattr__(self, name, _share(name, getattr(self, name)))
        for name in DAYS:
            days = getattr(self, name)
            if days is not None and (
                not isinstance(days, int) or isinstance(days, bool) or not 0 <= days < LONGEST_AGE
            ):
                raise _wrong(name, days, "a number of days")
        for name in ("assigned", "overdue", "has_due"):
            if not isinstance(getattr(self, name), bool | None):
                raise _wrong(name, getattr(self, name), "true or false")
        if self.search is not None:
            object.__setattr__(self, "search", _text("search", self.search))

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Filter:
        """A filter from a JSON object with these names. Raises UsageError for others."""
        known = {one.name for one in fields(cls)}
        for name in given:
            if name not in known:
                raise UsageError(
                    f"lists cannot be filtered by {name!r}",
                    column=name,
                    remedy=f"filter by {', '.join(sorted(known))}",
                )
        return cls(**given)

    @property
    def states(self) -> tuple[str, ...]:
        """The states that it names."""
        return self.state

    @property
    def tallied(self) -> bool:
        """Whether it asks for nothing but what is counted already (`greenai.present_tally`)."""
        return self.document().keys() <= TALLIED

    def document(self) -> dict[str, Any]:
        """What it says, as a JSON object: `of` reads it."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return {
            name: list(value)
            if isinstance(value, tuple)
            else str(value)
            if isinstance(value, Decimal)
            else value
            for name, value in said.items()
        }


def condition(connection: Connection, recon_id: int, chosen: Filter) -> tuple[sql.Composed, dict[str, Any]]:
    """The condition on ``greenai.present_break p`` that a filter means, the recon among it.

    All values stand in it; the second part is empty and there for who adds parameters of their own.
    """
    parts: list[sql.Composable] = [sql.SQL("p.recon_id = {}").format(recon_id)]
    for name, column in COLUMNS.items():
        if values := getattr(chosen, name):
            kind = sql.SQL("::uuid" if name in IDENTITIES else "")
            listed = sql.SQL(", ").join(literal(one) + kind for one in values)
            one_of = sql.SQL("p.{} = {}" if len(values) == 1 else "p.{} IN ({})")
            found = one_of.format(sql.Identifier(column), listed)
            parts.append(_or_none(found, column) if name in TEXTS and "" in values else found)
    if chosen.assignee:
        known = _actors(connection, chosen.assignee)
        found = sql.SQL("p.assignee_id IN ({})").format(sql.SQL(", ").join(map(sql.Literal, known or [-1])))
        parts.append(_or_none(found, "assignee_id") if "" in chosen.assignee else found)
    if chosen.assigned is not None:
        there = sql.SQL("p.assignee_id IS {}").format(sql.SQL("NOT NULL" if chosen.assigned else "NULL"))
        parts.append(there)
    if chosen.min_amount is not None:
        parts.append(sql.SQL("abs(p.amount) >= {}").format(chosen.min_amount))
    if chosen.max_amount is not None:
        parts.append(sql.SQL("abs(p.amount) <= {}").format(chosen.max_amount))
    if chosen.min_confidence is not None:
        parts.append(sql.SQL("p.confidence >= {}").format(chosen.min_confidence))
    if chosen.max_confidence is not None:
        parts.append(sql.SQL("p.confidence <= {}").format(chosen.max_confidence))
    parts += _in_time(connection, recon_id, chosen)
    if chosen.search:
        between = sql.SQL("p.key_text >= {} AND p.key_text < {}")
        parts.append(between.format(literal(chosen.search), literal(chosen.search + _AFTER)))
    return sql.SQL(" AND ").join(parts), {}


def _in_time(connection: Connection, recon_id: int, chosen: Filter) -> list[sql.Composable]:
    parts: list[sql.Composable] = []
    if chosen.older_than_days is not None:
        parts.append(_older(connection, recon_id, chosen.older_than_days))
    if chosen.younger_than_days is not None:
        parts.append(_younger(connection, recon_id, chosen.younger_than_days))
    if chosen.overdue is not None:
        late = sql.SQL("p.due_at <= now()" if chosen.overdue else "(p.due_at > now() OR p.due_at IS NULL)")
        parts.append(late)
    if chosen.has_due is not None:
        parts.append(sql.SQL("p.due_at IS NOT NULL" if chosen.has_due else "p.due_at IS NULL"))
    if chosen.due_within_days is not None:
        parts.append(sql.SQL("p.due_at <= now() + make_interval(days => {})").format(chosen.due_within_days))
    if chosen.due_after_days is not None:
        parts.append(sql.SQL("p.due_at > now() + make_interval(days => {})").format(chosen.due_after_days))
    return parts


def newest(connection: Connection, recon_id: int) -> Any:
    """The latest business date that was published for a recon, None where there is none."""
    row = connection.execute(queries("lists")["newest"], {"recon": recon_id}).fetchone()
    return None if row is None else row[0]


def literal(text: str) -> sql.Composable:
    """A text as a literal that has no per cent sign, which would announce a parameter."""
    parts = [sql.Literal(part) for part in text.split("%")]
    if len(parts) == 1:
        return parts[0]
    return sql.SQL("({})").format(sql.SQL(" || chr(37) || ").join(parts))


def _older(connection: Connection, recon_id: int, days: int) -> sql.Composable:
    day = newest(connection, recon_id)
    if day is None:
        return sql.SQL("false")
    if days >= day.toordinal():
        return sql.SQL("false")
    return sql.SQL("p.first_date < {}").format(day - timedelta(days=days))


def _younger(connection: Connection, recon_id: int, days: int) -> sql.Composable:
    day = newest(connection, recon_id)
    if day is None or not days:
        return sql.SQL("false")
    if days >= day.toordinal():
        return sql.SQL("true")
    return sql.SQL("p.first_date > {}").format(day - timedelta(days=days))


def _or_none(found: sql.Composable, column: str) -> sql.Composable:
    return sql.SQL("({} OR p.{} IS NULL)").format(found, sql.Identifier(column))


def _actors(connection: Connection, names: Sequence[str]) -> list[int]:
    rows = connection.execute("SELECT actor_id FROM greenai.actor WHERE name = ANY(%s)", [list(names)])
    return [int(number) for (number,) in rows]


def _several(name: str, given: Any) -> tuple[str, ...]:
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list | tuple | set | frozenset) or len(values) > MOST:
        raise _wrong(name, values, f"at most {MOST} texts")
    found = tuple(dict.fromkeys(_text(name, one) for one in values))
    if name in IDENTITIES:
        found = tuple(one.replace("-", "").lower() for one in found)
    for value in found:
        if name in IDENTITIES and not re.fullmatch("[0-9a-f]{32}", value):
            raise _wrong(name, value, "32 hexadecimal digits")
        if value not in WORDS.get(name, (value,)):
            raise _wrong(name, value, f"one of {', '.join(WORDS[name])}")
    return found


def _days(name: str, given: Any) -> None:
    if given is None:
        return
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < LONGEST_AGE:
        raise _wrong(name, given, "a number of days")


def _text(name: str, given: Any) -> str:
    if not isinstance(given, str) or len(given) > LONGEST:
        raise _wrong(name, given, f"a text of at most {LONGEST} characters")
    return plain(given)


def _amount(name: str, given: Any) -> Decimal | None:
    if given is None:
        return None
    try:
        found = Decimal(str(given)) if not isinstance(given, bool | float) else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or abs(found.adjusted()) > 60:
        raise _wrong(name, given, "a decimal number as text, like 1000.50")
    return found


def _share(name: str, given: Any) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= 1:
        raise _wrong(name, given, "a number from 0 to 1")
    return float(given)


def _wrong(name: str, value: object, wanted: str) -> UsageError:
    return UsageError(
        f"{name} cannot be what was given", column=name, value=str(value)[:200], remedy=f"give {wanted}"
    )
