"""Statistics of a recon as documents: each figure with the list filter that leads to its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from greenai.store import statistics
from greenai.store.facets import BANDS
from greenai.store.filters import OPEN, STATES

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

Document = dict[str, Any]
DUE: Final[tuple[tuple[str, Document], ...]] = (
    ("overdue", {"overdue": True}),
    ("within_a_day", {"due_after_days": 0, "due_within_days": 1}),
    ("within_a_week", {"due_after_days": 1, "due_within_days": 7}),
    ("later", {"due_after_days": 7}),
    ("without", {"has_due": False}),
)
"""What open breaks are against their due times, and the filter of each."""
OPEN_ONLY: Final[Document] = {"state": list(OPEN)}


def rates(connection: Connection, recon_id: int) -> Document:
    """Match and auto-pass rates by run, the latest date first; the filter is of the run that lists show."""
    runs = []
    for place, one in enumerate(statistics.rates(connection, recon_id)):
        passed = {"state": ["passed"]} if place == 0 else None
        runs.append({**_json(asdict(one)), "filter": passed})
    return _document(connection, runs=runs)


def ageing(connection: Connection, recon_id: int) -> Document:
    """Open breaks by age."""
    day = statistics.today(connection, recon_id)
    bands: list[Document] = [
        {"from_days": first, "to_days": last, "breaks": 0, "amounts": [], "filter": _of_age(first, last)}
        for first, last in BANDS
    ]
    if day is not None:
        for band, currency, breaks, amount, absolute in statistics.ageing(
            connection, recon_id, day, [first for first, _ in BANDS]
        ):
            bands[band]["breaks"] += breaks
            bands[band]["amounts"].append(
                {
                    "currency": currency,
                    "breaks": breaks,
                    "amount": _money(amount),
                    "absolute": _money(absolute),
                }
            )
    return _document(connection, business_date=_text(day), bands=bands)


def causes(connection: Connection, recon_id: int) -> Document:
    """What explained most in the latest runs, over time."""
    present = statistics.present_causes(connection, recon_id)
    found = []
    for one in statistics.causes(connection, recon_id):
        now, waiting = present.get(one.cause_id, (0, 0))
        found.append(
            {
                **_json(asdict(one)),
                "present": now,
                "open": waiting,
                "filter": {"state": list(STATES), "cause": [one.cause_id]},
            }
        )
    return _document(connection, causes=found)


def totals(connection: Connection, recon_id: int) -> Document:
    """What both sides sum up to by currency, and the breaks that are present now by state and currency."""
    sides = [
        {
            "run": run,
            "business_date": _text(day),
            "currency": currency,
            "amount_a": _money(a),
            "amount_b": _money(b),
            "net_difference": _money(a - b),
        }
        for run, day, currency, a, b in statistics.run_totals(connection, recon_id)
    ]
    states = [
        {
            "state": state,
            "currency": currency,
            "breaks": breaks,
            "amount": _money(amount),
            "absolute": _money(absolute),
            "filter": {"state": [state], "currency": [currency or ""]},
        }
        for state, currency, breaks, amount, absolute in statistics.state_totals(connection, recon_id)
    ]
    return _document(connection, sides=sides, states=states)


def value_at_risk(connection: Connection, recon_id: int) -> Document:
    """What open breaks put at stake: the amounts without sign of their records, each record once."""
    currencies = [
        {
            "currency": currency,
            "records": records,
            "without_amount": lacking,
            "breaks": breaks,
            "value": _money(value),
            "largest": _money(largest),
            "filter": {**OPEN_ONLY, "currency": [currency or ""]},
        }
        for currency, records, lacking, breaks, value, largest in statistics.value_at_risk(
            connection, recon_id
        )
    ]
    reasons = [
        {
            "reason": reason,
            "currency": currency,
            "records": records,
            "breaks": breaks,
            "value": _money(value),
            "filter": {**OPEN_ONLY, "reason": [reason], "currency": [currency or ""]},
        }
        for reason, currency, records, breaks, value in statistics.risk_by_reason(connection, recon_id)
    ]
    return _document(connection, currencies=currencies, reasons=reasons)


def workload(connection: Connection, recon_id: int) -> Document:
    """Open breaks by who has them, and what people did in the last days."""
    moment = statistics.now(connection)
    loads = [
        {
            **_json(asdict(one)),
            "filter": {
                **OPEN_ONLY,
                "assignee": [one.person or ""],
                "assigned_group": [one.group or ""],
            },
        }
        for one in statistics.workload(connection, recon_id, moment)
    ]
    done = [
        {"person": person, "proposed": proposed, "approved": approved}
        for person, proposed, approved in statistics.done(connection, recon_id, moment)
    ]
    return _document(connection, loads=loads, done=done, done_days=statistics.DONE.days)


def backlog(connection: Connection, recon_id: int) -> Document:
    """Open breaks against their due times."""
    moment = statistics.now(connection)
    lines: list[Document] = [
        {"due": name, "breaks": 0, "first_due": None, "filter": {**OPEN_ONLY, **chosen}}
        for name, chosen in DUE
    ]
    for place, breaks, first in statistics.backlog(connection, recon_id, moment):
        lines[place] |= {"breaks": breaks, "first_due": _text(first)}
    return _document(connection, lines=lines)


def overview(connection: Connection, recon_id: int) -> Document:
    """A recon in one row: its latest run, its breaks by state, and what is at stake."""
    one = statistics.overview(connection, recon_id, statistics.now(connection))
    day = statistics.today(connection, recon_id)
    risk = [
        {"currency": currency, "value": _money(value)}
        for currency, _, _, _, value, _ in statistics.value_at_risk(connection, recon_id)
    ]
    oldest = None if one.oldest is None or day is None else max((day - one.oldest).days, 0)
    return _document(
        connection, **_json(asdict(one)), oldest_days=oldest, value_at_risk=risk, filter=OPEN_ONLY
    )


STATISTICS: Final[dict[str, Callable[[Connection, int], Document]]] = {
    "rates": rates,
    "ageing": ageing,
    "causes": causes,
    "totals": totals,
    "value-at-risk": value_at_risk,
    "workload": workload,
    "backlog": backlog,
    "overview": overview,
}
"""All statistics of a recon, by name."""


def _of_age(first: int, last: int | None) -> Document:
    """Open breaks of an age in days, both ends included."""
    older = {"older_than_days": first - 1} if first else {}
    younger = {} if last is None else {"younger_than_days": last + 1}
    return {**OPEN_ONLY, **older, **younger}


def _document(connection: Connection, **figures: Any) -> Document:
    return {"as_of": _text(statistics.now(connection)), **figures}


def _json(given: Document) -> Document:
    return {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return _money(value) if isinstance(value, Decimal) else value


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
