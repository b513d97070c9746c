"""The numbers of a run, and the law that they add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any


@dataclass(frozen=True, slots=True)
class RowCounts:
    """How many rows each side has and where each of them went.

    ``matched`` counts pairs. ``equal + different = matched``; ``a = matched + only_a +
    duplicates_a`` and the same for b; rejected rows are outside ``a`` and ``b``. In a flow with a store
    ``carried_a`` open rows of earlier dates joined: there ``a + carried_a`` is that sum.
    """

    a: int
    b: int
    matched: int
    equal: int
    different: int
    only_a: int
    only_b: int
    duplicates_a: int = 0
    duplicates_b: int = 0
    rejected_a: int = 0
    rejected_b: int = 0
    carried_a: int | None = None
    carried_b: int | None = None

    def __post_init__(self) -> None:
        laws = (
            self.equal + self.different == self.matched,
            self.matched + self.only_a + self.duplicates_a == self.a + (self.carried_a or 0),
            self.matched + self.only_b + self.duplicates_b == self.b + (self.carried_b or 0),
        )
        if not all(laws) or min(self.as_dict().values()) < 0:
            raise AssertionError(f"the row counts do not add up: {self.as_dict()}")

    @property
    def clean(self) -> bool:
        """Whether nothing differs: every readable row is matched and equal, and none was rejected."""
        rows_a, rows_b = self.a + (self.carried_a or 0), self.b + (self.carried_b or 0)
        return self.equal == rows_a == rows_b and self.rejected_a == 0 and self.rejected_b == 0

    def as_dict(self) -> dict[str, int]:
        """The counts under CONTRACT's names; those of carried rows where rows could be carried."""
        counts = {name: getattr(self, name) for name in self.__slots__}
        return {name: count for name, count in counts.items() if count is not None}


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """One compared field over all matched pairs; ``within_tolerance`` are unequal but tolerated."""

    different: int
    within_tolerance: int

    def as_dict(self) -> dict[str, int]:
        """The counts under CONTRACT's names."""
        return {"different": self.different, "within_tolerance": self.within_tolerance}


@dataclass(frozen=True, slots=True)
class Total:
    """Sums of the amount field in one currency; ``net`` is a minus b over all readable rows."""

    currency: str | None
    a: Decimal
    b: Decimal

    @property
    def net(self) -> Decimal:
        """What side a has more than side b."""
        # The usual 28 digits would round large sums; infinity less infinity is not a number.
        with localcontext(prec=1_000) as context:
            context.traps[InvalidOperation] = False
            return self.a - self.b

    def as_dict(self) -> dict[str, str | None]:
        """Exact decimals as text."""
        return {"currency": self.currency, "a": str(self.a), "b": str(self.b), "net": str(self.net)}


@dataclass(frozen=True, slots=True)
class Summary:
    """All the numbers of one comparison or run; `as_dict` is ``summary.json``."""

    rows: RowCounts
    fields: dict[str, FieldCounts]
    breaks: int
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds per stage."""
    decisions: dict[str, int] | None = None
    records: dict[str, int] | None = None
    amount: str | None = None
    totals: tuple[Total, ...] | None = None
    causes: tuple[dict[str, Any], ...] | None = None
    unexplained: tuple[dict[str, Any], ...] | None = None
    """Groups of breaks that nothing explains."""

    def as_dict(self) -> dict[str, Any]:
        """The document of ``summary.json``; what only `run` knows is left out of a diff."""
        document: dict[str, Any] = {
            "rows": self.rows.as_dict(),
            "fields": {name: counts.as_dict() for name, counts in self.fields.items()},
            "breaks": self.breaks,
        }
        if self.decisions is not None:
            document["decisions"] = self.decisions
        if self.records is not None:
            document["records"] = self.records
        if self.totals is not None:
            document["totals"] = {
                "amount": self.amount,
                "by_currency": [total.as_dict() for total in self.totals],
            }
        if self.causes is not None:
            document["causes"] = list(self.causes)
        if self.unexplained is not None:
            document["unexplained"] = list(self.unexplained)
        document["timings"] = {stage: round(seconds, 4) for stage, seconds in self.timings.items()}
        return document
