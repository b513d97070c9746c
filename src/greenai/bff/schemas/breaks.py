"""Breaks as lists show them, filters, counts."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from greenai.bff.schemas.common import Answer, Moment
from greenai.bff.schemas.values import BreakId, Money
from greenai.store import lists
from greenai.store.filters import LONGEST, MOST, OPEN, State

Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b", "check"]
Method = Literal["equivalence", "rule", "cause", "model", "person", "check", "none"]
Text = Annotated[str, Field(max_length=LONGEST)]
Several: Final[Any] = Field(default_factory=list, max_length=MOST)
Share = Annotated[float, Field(ge=0, le=1)]
SortText = Annotated[
    str,
    Field(
        pattern="^-?(first_date|amount|confidence|key|due)$",
        description="What to sort by; with a - before it the other way round. Breaks without it come last.",
        examples=["first_date", "-amount"],
    ),
]


def open_states() -> list[State]:
    """What a list without states shows."""
    return list(OPEN)


class BreakFilter(BaseModel):
    """Breaks that meet all of these; of several values of one any will do.

    An empty text of field, currency, assignee or assigned_group are breaks without one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Annotated[list[State], Field(max_length=MOST, description="Left out: all that are open.")] = Field(
        default_factory=open_states
    )
    kind: Annotated[list[Kind], Several]
    field: Annotated[list[Text], Several]
    reason: Annotated[list[Text], Several]
    cause: Annotated[list[BreakId], Several]
    group: Annotated[list[BreakId], Several]
    method: Annotated[list[Method], Several]
    assignee: Annotated[list[Text], Several]
    assigned_group: Annotated[list[Text], Several]
    assigned: Annotated[bool | None, Field(description="Whether anybody has it.")] = None
    currency: Annotated[list[Text], Several]
    min_amount: Annotated[Money | None, Field(description="Without its sign.")] = None
    max_amount: Money | None = None
    min_confidence: Share | None = None
    max_confidence: Share | None = None
    older_than_days: Annotated[
        int | None, Field(ge=0, lt=10**6, description="Days up to the latest business date.")
    ] = None
    younger_than_days: Annotated[int | None, Field(ge=0, lt=10**6)] = None
    overdue: bool | None = None
    has_due: Annotated[bool | None, Field(description="Whether it has a due time.")] = None
    due_within_days: Annotated[int | None, Field(ge=0, lt=10**6, description="From now on.")] = None
    due_after_days: Annotated[int | None, Field(ge=0, lt=10**6, description="Later than that.")] = None
    search: Annotated[Text | None, Field(description="What the key begins with.")] = None

    def filter(self) -> lists.Filter:
        """As the store takes it."""
        return lists.Filter(**{name: getattr(self, name) for name in BreakFilter.model_fields})


class BreakQuery(BreakFilter):
    """A list: filter, order, page."""

    sort: SortText = "first_date"
    cursor: Annotated[str | None, Field(max_length=4096, description="`next` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=500, description="Entries of a page.")] = 50


class SeekQuery(BreakFilter):
    """A key to be found in the list with a filter that is sorted by key."""

    key: Annotated[Text, Field(description="The key, its parts joined by |.", examples=["T-100"])]


Amount = Annotated[
    Decimal,
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1250000.00"]}),
]


class BreakLine(Answer):
    """A break as a list shows it."""

    break_id: BreakId
    record_id: BreakId
    key: list[str | None] = Field(examples=[["T-100"]])
    kind: Kind
    field: str | None = Field(examples=["notional"])
    check: str | None = Field(description="The rule of a failed check.", examples=[None])
    state: State
    reason: str = Field(examples=["ROUNDING"])
    cause_id: BreakId | None
    group_id: BreakId | None
    method: Method
    confidence: float | None
    amount: Amount | None = Field(description="Of the record, in the amount field of the definition.")
    currency: str | None = Field(examples=["GBP"])
    first_date: date
    age_days: int = Field(description="From the first date to the latest business date of the recon.")
    assignee: str | None
    assigned_group: str | None
    due_at: Moment | None
    value_a: str | None = Field(description="The first 400 characters.")
    value_b: str | None

    @classmethod
    def of(cls, line: lists.Line, today: date | None) -> BreakLine:
        """As it is shown on the latest business date."""
        return cls.model_validate(shown(line, today))


PLAIN: Final = tuple(name for name in BreakLine.model_fields if name not in ("amount", "due_at", "age_days"))
_PLAIN_OF: Final = attrgetter(*PLAIN)


def shown(line: lists.Line, today: date | None) -> dict[str, Any]:
    """A `BreakLine` as plain values, ready to be written: lists are long, and were checked by the store."""
    found = dict(zip(PLAIN, _PLAIN_OF(line), strict=True))
    found["amount"] = None if line.amount is None else format(line.amount, "f")
    found["due_at"] = None if line.due_at is None else line.due_at.astimezone(UTC)
    found["age_days"] = 0 if today is None else max((today - line.first_date).days, 0)
    return found


class BreakPage(Answer):
    """A page of breaks."""

    items: list[BreakLine]
    next: str | None
    business_date: date | None = Field(description="The latest one of the recon, to which ages are counted.")


class CurrencySum(Answer):
    """Breaks in one currency: how many, how many of them with an amount, and its sum."""

    currency: str | None
    breaks: int
    with_amount: int
    amount: Amount | None


class BreakCount(Answer):
    """How many breaks a filter finds, and their amounts. Not `exact`: at least so many, sums over these."""

    count: int
    exact: bool
    amounts: list[CurrencySum]

    @classmethod
    def of(cls, count: lists.Count) -> BreakCount:
        """As it is told."""
        return cls(
            count=count.breaks,
            exact=count.exact,
            amounts=[CurrencySum.model_validate(one) for one in count.sums],
        )


class Sought(Answer):
    """Where a key is in the list sorted by key: its break, and the cursor of the page that begins with it."""

    found: BreakLine | None = Field(description="The first break whose key is not before the one sought.")
    cursor: str | None = Field(description="null: the page is the first one, or nothing comes after.")
