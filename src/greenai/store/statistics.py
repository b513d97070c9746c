"""Figures of a recon, by SQL over what is present now and over what its runs said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

DONE: Final = timedelta(days=30)
"""How far back goes what people did."""


@dataclass(frozen=True, slots=True)
class RunRates:
    """A published run: rates are decimals as text; what is None was not counted yet, or there is none of."""

    run_id: int
    business_date: date
    published_at: datetime
    rows_a: int
    rows_b: int
    matched: int
    equal: int
    records: int
    match_rate: str | None
    breaks: int | None
    automatic: int | None
    rejected: int | None
    unexplained: int | None
    auto_pass_rate: str | None


@dataclass(frozen=True, slots=True)
class CauseHistory:
    """A cause as the latest runs found it; `runs` are JSON: run, business_date, breaks, exceptions."""

    cause_id: str
    kind: str
    field: str | None
    family: str
    expression: str
    scope: str
    reason: str
    breaks: int
    runs: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Load:
    """Open breaks that one person or group has, of which some are overdue, or due within a day."""

    person: str | None
    group: str | None
    breaks: int
    overdue: int
    soon: int
    oldest: date
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A recon in one row."""

    run_id: int | None
    business_date: date | None
    state: str | None
    published_at: datetime | None
    last_state: str | None
    open: int
    passed: int
    approved: int
    rejected: int
    overdue: int
    unassigned: int
    oldest: date | None


def now(connection: Connection) -> datetime:
    """The moment of the transaction, by the server's clock."""
    row = connection.execute("SELECT now()").fetchone()
    assert row is not None
    moment: datetime = row[0]
    return moment


def recons(connection: Connection, names: Collection[str] | None) -> list[tuple[int, str]]:
    """Numbers and names of recons, by name; None: all."""
    given = {"recons": None if names is None else sorted(names)}
    return list(connection.execute(queries("statistics")["recons"], given))


def today(connection: Connection, recon_id: int) -> date | None:
    """The latest business date of a recon that was published: ages are counted to it."""
    row = connection.execute(queries("statistics")["today"], {"recon": recon_id}).fetchone()
    return None if row is None else row[0]


def rates(connection: Connection, recon_id: int) -> list[RunRates]:
    """The last published run of each of the latest 366 business dates, the latest first."""
    return [RunRates(*row) for row in _rows(connection, "rates", recon_id)]


def ageing(
    connection: Connection, recon_id: int, day: date, bands: Sequence[int]
) -> list[tuple[int, str | None, int, Decimal | None, Decimal | None]]:
    """Open breaks by band of age and currency: how many, and the sums of their amounts with and without sign.

    `bands` are the least ages in days of each, rising from 0; bands are counted from 0.
    """
    given = {"recon": recon_id, "today": day, "bands": list(bands)}
    return list(connection.execute(queries("statistics")["ageing"], given))


def causes(connection: Connection, recon_id: int) -> list[CauseHistory]:
    """The 50 causes that explained most in the runs of the latest 90 business dates."""
    return [CauseHistory(*row) for row in _rows(connection, "causes", recon_id)]


def present_causes(connection: Connection, recon_id: int) -> dict[str, tuple[int, int]]:
    """How many breaks that are present now each cause has, and how many of them are open."""
    return {
        cause: (present, waiting) for cause, present, waiting in _rows(connection, "present_causes", recon_id)
    }


def run_totals(connection: Connection, recon_id: int) -> list[tuple[int, date, str | None, Decimal, Decimal]]:
    """Run, date, currency and the sums of both sides, by the last published run of the latest date."""
    return _rows(connection, "run_totals", recon_id)


def state_totals(
    connection: Connection, recon_id: int
) -> list[tuple[str, str | None, int, Decimal | None, Decimal | None]]:
    """Breaks that are present now by state and currency: how many, sums with and without sign."""
    return _rows(connection, "state_totals", recon_id)


def value_at_risk(
    connection: Connection, recon_id: int
) -> list[tuple[str | None, int, int, int, Decimal, Decimal | None]]:
    """By currency: records with open breaks, those without an amount, breaks, their sum, the largest."""
    return _rows(connection, "value_at_risk", recon_id)


def risk_by_reason(connection: Connection, recon_id: int) -> list[tuple[str, str | None, int, int, Decimal]]:
    """By reason and currency: records with open breaks, breaks, what they sum up to."""
    return _rows(connection, "risk_by_reason", recon_id)


def workload(connection: Connection, recon_id: int, moment: datetime) -> list[Load]:
    """Open breaks by who has them, the most first."""
    given = {"recon": recon_id, "now": moment}
    return [Load(*row) for row in connection.execute(queries("statistics")["workload"], given)]


def done(connection: Connection, recon_id: int, moment: datetime) -> list[tuple[str, int, int]]:
    """By person: breaks of proposals made and approved in the last `DONE`."""
    given = {"recon": recon_id, "now": moment, "span": DONE}
    return list(connection.execute(queries("statistics")["done"], given))


def backlog(
    connection: Connection, recon_id: int, moment: datetime
) -> list[tuple[int, int, datetime | None]]:
    """Open breaks against their due times: place (see the query), how many, the first due."""
    given = {"recon": recon_id, "now": moment}
    return list(connection.execute(queries("statistics")["backlog"], given))


def overview(connection: Connection, recon_id: int, moment: datetime) -> Overview:
    """A recon in one row."""
    given = {"recon": recon_id, "now": moment}
    row = connection.execute(queries("statistics")["overview"], given).fetchone()
    assert row is not None
    return Overview(*row)


def _rows(connection: Connection, name: str, recon_id: int) -> list[Any]:
    return list(connection.execute(queries("statistics")[name], {"recon": recon_id}))
