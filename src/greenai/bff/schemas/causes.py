"""Causes, and groups of what nothing explains."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from greenai.bff.schemas.breaks import CurrencySum, Kind
from greenai.bff.schemas.common import Answer, Moment
from greenai.bff.schemas.values import BreakId
from greenai.store.cause_lists import CauseNow


class RuleNow(Answer):
    """The last rule that was made of a cause."""

    rule: int
    state: Literal["accepted", "suspended", "withdrawn"]
    at: Moment
    by: str


class CauseLine(Answer):
    """A cause (`explains`), or a group of breaks that look alike and that nothing explains."""

    cause_id: BreakId
    explains: bool
    kind: Kind
    field: str | None = Field(examples=["notional"])
    transformation: str | None = Field(description="Of a cause: its family.", examples=["scale"])
    expression: str | None = Field(examples=["b = a * 100"])
    scope: str | None = Field(examples=["currency = 'JPY'"])
    shape: str | None = Field(description="Of a group: what its values have in common.")
    slice: str | None
    reason: str | None = Field(examples=["SCALE_ERROR"])
    explanation: str | None
    why: str | None = Field(description="Of a group: why nothing explains it.")
    open: int = Field(description="Of these, those to be decided: in review or returned, in no proposal.")
    total: int = Field(description="Present breaks of it.")
    found: int | None = Field(description="Breaks that `run` found it to explain.")
    scope_size: int | None = Field(description="Records in its scope then.")
    exceptions: int | None = Field(description="Those of them for which it did not hold.")
    run: int | None = Field(description="The last run that found it.")
    amounts: list[CurrencySum] = Field(description="Of the open breaks.")
    rule: RuleNow | None

    @classmethod
    def of(cls, one: CauseNow) -> CauseLine:
        """As it is shown."""
        made = None
        if one.rule is not None:
            made = RuleNow.model_validate(
                {"rule": one.rule, "state": one.rule_state, "at": one.rule_at, "by": one.rule_by}
            )
        own = {name: getattr(one, name) for name in cls.model_fields if hasattr(one, name)}
        amounts = [CurrencySum.model_validate(part) for part in one.sums]
        return cls(**{**own, "transformation": one.family, "amounts": amounts, "rule": made})


class CausePage(Answer):
    """A page of causes and groups, those with the most open breaks first."""

    items: list[CauseLine]
    next: str | None


class CauseExample(Answer):
    """A break of a cause, or one that is an exception of it."""

    break_id: BreakId
    key: str = Field(description="Its parts joined by |.", examples=["T-100"])
    value_a: str | None
    value_b: str | None
    state: str


class CauseDetail(CauseLine):
    """A cause with breaks that it explains, and open breaks that are exceptions of it."""

    examples: list[CauseExample]
    odd: list[CauseExample] = Field(description="Open breaks in its scope that it does not explain.")
