"""Statistics for dashboards: figures as of a moment, each with the list filter that leads to its rows."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from greenai.bff.schemas.common import Answer, Moment

Decimals = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["1250000.00"])]
Rate = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$", examples=["0.984200"])]
Leading = Annotated[
    dict[str, Any] | None,
    Field(
        description="Of the list of breaks; null where no list shows these rows.",
        examples=[{"state": ["passed"]}],
    ),
]


class Figures(Answer):
    """Figures as of a moment: they may be older than half a minute only while newer ones are computed."""

    as_of: Moment


class RunRates(Answer):
    """A published run. Match rate: equal pairs of all records. Auto-pass rate: breaks that the gate passed.

    What is null of breaks was not counted yet; a rate is null where there is nothing to divide by.
    """

    run_id: int
    business_date: date
    published_at: Moment
    rows_a: int
    rows_b: int
    matched: int
    equal: int
    records: int
    match_rate: Rate | None
    breaks: int | None
    automatic: int | None
    rejected: int | None
    unexplained: int | None
    auto_pass_rate: Rate | None
    filter: Leading


class Rates(Figures):
    """Match and auto-pass rates, the latest business date first."""

    runs: list[RunRates]


class CurrencyAmount(Answer):
    """Breaks in one currency, and the sums of their amounts with and without sign."""

    currency: str | None
    breaks: int
    amount: Decimals | None
    absolute: Decimals | None


class AgeBand(Answer):
    """Open breaks of an age in days; `to_days` null: and older."""

    from_days: int
    to_days: int | None
    breaks: int
    amounts: list[CurrencyAmount]
    filter: Leading


class Ageing(Figures):
    """Open breaks by age up to the latest business date."""

    business_date: date | None
    bands: list[AgeBand]


class CauseRun(Answer):
    """What a run found of a cause."""

    run: int
    business_date: date
    breaks: int
    exceptions: int


class CauseHistory(Answer):
    """A cause over time, and how many breaks that are present now it has, and how many of them are open."""

    cause_id: str
    kind: str
    field: str | None
    family: str
    expression: str
    scope: str
    reason: str
    breaks: int
    present: int
    open: int
    runs: list[CauseRun]
    filter: Leading


class Causes(Figures):
    """The causes that explained most in the latest runs."""

    causes: list[CauseHistory]


class SideTotal(Answer):
    """What both sides sum up to in a currency, by the latest run."""

    run: int
    business_date: date
    currency: str | None
    amount_a: Decimals
    amount_b: Decimals
    net_difference: Decimals


class StateTotal(CurrencyAmount):
    """Breaks of a state in a currency."""

    state: str
    filter: Leading


class Totals(Figures):
    """Totals by currency: of both sides, and of breaks by state."""

    sides: list[SideTotal]
    states: list[StateTotal]


class Risk(Answer):
    """What open breaks put at stake in a currency: amounts without sign, each record once."""

    currency: str | None
    records: int
    without_amount: int
    breaks: int
    value: Decimals
    largest: Decimals | None
    filter: Leading


class ReasonRisk(Answer):
    """The same by reason: a record counts in each reason of its breaks."""

    reason: str
    currency: str | None
    records: int
    breaks: int
    value: Decimals
    filter: Leading


class ValueAtRisk(Figures):
    """What open breaks put at stake."""

    currencies: list[Risk]
    reasons: list[ReasonRisk]


class Load(Answer):
    """Open breaks that one person or group has: some are overdue, or due within a day."""

    person: str | None
    group: str | None
    breaks: int
    overdue: int
    soon: int
    oldest: date
    next_due: Moment | None
    filter: Leading


class Done(Answer):
    """What somebody did in the last days: breaks of proposals made, and of proposals approved."""

    person: str
    proposed: int
    approved: int


class ReconWorkload(Figures):
    """Who has how much to do in a recon."""

    loads: list[Load]
    done: list[Done]
    done_days: int


class NamedWorkload(ReconWorkload):
    """Who has how much to do in a recon, by its name."""

    recon: str


class Workload(Answer):
    """Who has how much to do, in all recons that the caller may read."""

    recons: list[NamedWorkload]


class DueLine(Answer):
    """Open breaks against their due times."""

    due: str
    breaks: int
    first_due: Moment | None
    filter: Leading


class Backlog(Figures):
    """Open breaks that are overdue, due within a day or a week, later, or without a due time."""

    lines: list[DueLine]


class CurrencyRisk(Answer):
    """What open breaks put at stake in a currency."""

    currency: str | None
    value: Decimals


class ReconOverview(Figures):
    """A recon in one row: its latest published run, the state of its last one, its breaks by state."""

    recon: str
    run_id: int | None
    business_date: date | None
    state: str | None
    published_at: Moment | None
    last_state: str | None
    open: int
    passed: int
    approved: int
    rejected: int
    overdue: int
    unassigned: int
    oldest: date | None
    oldest_days: int | None
    value_at_risk: list[CurrencyRisk]
    filter: Leading


class Overview(Answer):
    """All recons that the caller may read."""

    recons: list[ReconOverview]
