"""One break as the store knows it: versions, rows, decisions, causes, and what became of others like it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import NotFoundError
from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

LOOKED_AT: Final = 100
"""Decisions of persons that precedents are looked for in."""


@dataclass(frozen=True, slots=True)
class Head:
    """What holds of a break; of one that is gone, what held last. Identities are 32 hexadecimal digits.

    `row_a` and `row_b` are the normalised rows of its record: field to text, several of a key that
    repeats. `state` is ``resolved`` for a break that is not present any more, since `gone_on`.
    """

    break_id: str
    record_id: str
    key: tuple[str | None, ...]
    kind: str
    field: str | None
    check: str | None
    business_date: date
    publication_id: int
    value_a: str | None
    value_b: str | None
    present: bool
    gone_on: date | None
    state: str
    first_date: date | None
    amount: Decimal | None
    currency: str | None
    assignee: str | None
    assigned_group: str | None
    due_at: datetime | None
    reason: str
    reason_name: str
    functional: bool | None
    cause_id: str | None
    group_id: str | None
    method: str
    confidence: float | None
    explanation: str | None
    row_a: Any
    row_b: Any
    rows_of: date | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a version. `by_person` is false for the gate; `maker` proposed it."""

    outcome: str
    rule: str
    policy: str
    resolution: str | None
    value: str | None
    reason: str | None
    by: str
    by_person: bool
    maker: str | None
    comment: str | None
    proposal: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Another break of the same record."""

    break_id: str
    kind: str
    field: str | None
    state: str
    reason: str
    value_a: str | None
    value_b: str | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another cause of the last run for the same kind and field; it does not explain this break."""

    reason: str
    reason_name: str
    functional: bool | None
    cause_id: str
    expression: str
    scope: str
    breaks: int
    scope_size: int
    exceptions: int


@dataclass(frozen=True, slots=True)
class Precedent:
    """A reason that persons approved for breaks of the same kind and field: `breaks` of `of` looked at."""

    reason: str
    reason_name: str
    functional: bool | None
    breaks: int
    of: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was said or decided of a break in a publication."""

    business_date: date
    publication_id: int
    known: int
    at: datetime
    kind: str
    run: int
    new_version: bool
    present: bool
    value_a: str | None
    value_b: str | None
    reason: str | None
    method: str | None
    confidence: float | None
    explanation: str | None
    outcome: str | None
    rule: str | None
    resolution: str | None
    value: str | None
    by: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Latest:
    """The run that holds for a date of a recon, and the definition by which it ran."""

    run: int
    business_date: date
    version: int
    fingerprint: str


def head(connection: Connection, recon_id: int, break_id: str) -> Head:
    """What holds of a break. Raises NotFoundError."""
    row = _rows(connection, "head", recon=recon_id, **{"break": break_id})
    if not row:
        raise NotFoundError("there is no such break", value=break_id)
    found = list(row[0])
    # A break that is gone since a date; one that is there is gone on none.
    found[11] = None if found[10] else found[11]
    found[2] = tuple(found[2])
    return Head(*found)


def decisions(connection: Connection, recon_id: int, about: Head) -> list[Decided]:
    """The decisions about the version that holds, the last one first."""
    given = {"day": about.business_date, "break": about.break_id, "publication": about.publication_id}
    return [Decided(*row) for row in _rows(connection, "decisions", recon=recon_id, **given)]


def beside(connection: Connection, recon_id: int, about: Head) -> list[Beside]:
    """The other breaks of its record that are present."""
    given = {"record": about.record_id, "break": about.break_id}
    return [Beside(*row) for row in _rows(connection, "beside", recon=recon_id, **given)]


def alternatives(connection: Connection, run_id: int, about: Head) -> list[Alternative]:
    """Other causes of a run for the same kind and field, the largest first."""
    given = {"kind": about.kind, "field": about.field, "reason": about.reason}
    return [Alternative(*row) for row in _rows(connection, "alternatives", run=run_id, **given)]


def precedents(connection: Connection, recon_id: int, about: Head) -> list[Precedent]:
    """What persons approved for breaks of the same kind and field, the most frequent first."""
    given = {"kind": about.kind, "field": about.field, "break": about.break_id, "most": LOOKED_AT}
    rows = _rows(connection, "precedents", recon=recon_id, **given)
    return [Precedent(*[*own, int(of)]) for *own, of in rows]


def history(
    connection: Connection, recon_id: int, break_id: str, *, before: tuple[int, date] | None, limit: int
) -> list[Event]:
    """What was said and decided of a break, the last first, before a place (`known`, `business_date`)."""
    known, day = before if before is not None else (None, None)
    given = {"break": break_id, "before": known, "date": day, "limit": limit}
    return [Event(*row) for row in _rows(connection, "history", recon=recon_id, **given)]


def latest(connection: Connection, recon_id: int) -> Latest:
    """The run that holds for the latest date. Raises NotFoundError where none was published."""
    found = run_of(connection, recon_id, None)
    if found is None:
        raise NotFoundError("nothing of this recon was published yet", remedy="start a run")
    return found


def run_of(connection: Connection, recon_id: int, day: date | None) -> Latest | None:
    """The run that holds for a date, the latest one for None; None where none was published."""
    rows = _rows(connection, "run_of", recon=recon_id, day=day)
    return Latest(*rows[0]) if rows else None


def contents(connection: Connection, run_id: int) -> dict[str, list[str]]:
    """The hashes of the files that a run read, by side, in the order in which it read them."""
    return dict(_rows(connection, "contents", run=run_id))


def definition_document(connection: Connection, recon_id: int, version: int) -> str:
    """A version of a definition, as YAML."""
    return str(_rows(connection, "document", recon=recon_id, version=version)[0][0])


def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return connection.execute(queries("detail")[name], given).fetchall()
