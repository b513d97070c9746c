"""What the gate can decide about breaks and records, and the numbers of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Policy = Literal["pass", "review", "reject"]
Decision = Literal["passed", "review", "rejected"]
Resolution = Literal["take_a", "take_b", "take_value", "exclude"]
POLICIES: Final[tuple[Policy, ...]] = ("pass", "review", "reject")
DECISIONS: Final[tuple[Decision, ...]] = ("passed", "review", "rejected")
"""From the best to the worst: what holds several breaks has the worst of their decisions."""
RESOLUTIONS: Final[tuple[Resolution, ...]] = ("take_a", "take_b", "take_value", "exclude")
DECIDED_AS: Final[dict[Policy, Decision]] = {"pass": "passed", "review": "review", "reject": "rejected"}
RULES_OF_PERSONS: Final[dict[Decision, str]] = {
    "passed": "approved",
    "review": "reopened",
    "rejected": "refused",
}
"""The rule of a decision that a person makes."""
GATE: Final = "gate"
"""Who decided where no person did."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many breaks, or records, there are of each decision."""

    passed: int = 0
    review: int = 0
    rejected: int = 0

    def as_dict(self) -> dict[str, int]:
        """The numbers under CONTRACT's names."""
        return {name: getattr(self, name) for name in DECISIONS}
