"""The reasons shipped by default: the business label of a break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FUNCTIONAL: Final = frozenset(
    {
        "FORMAT",
        "ROUNDING",
        "CODE_MAPPING",
        "TIMING",
        "FX_RATE",
        "PRICE_SOURCE",
        "AGGREGATION",
        "LATE_ARRIVAL",
    }
)
NON_FUNCTIONAL: Final = frozenset(
    {
        "SCALE_ERROR",
        "SIGN_ERROR",
        "TRUNCATION",
        "ENCODING",
        "MANUAL_ENTRY",
        "STALE_DATA",
        "MISSING_RECORD",
        "DUPLICATE_RECORD",
        "MISSING_VALUE",
        "INVALID_VALUE",
        "CHECK_FAILED",
        "FIELD_SWAP",
        "DATE_SWAP",
        "REFERENCE_DATA",
    }
)
UNKNOWN: Final = "UNKNOWN"


def is_functional(reason: str) -> bool | None:
    """True: the systems legitimately differ. False: something is wrong. None: nobody knows yet."""
    if reason in FUNCTIONAL:
        return True
    if reason in NON_FUNCTIONAL:
        return False
    return None


@dataclass(frozen=True, slots=True)
class Reason:
    """A business label of breaks: its code, its name, and whether the systems legitimately differ."""

    code: str
    name: str
    functional: bool | None = None

    @property
    def added(self) -> bool:
        """Whether somebody named it; else it is a mere code, that a definition or a break speaks of."""
        return self.name != self.code

    def as_dict(self) -> dict[str, Any]:
        """One JSON document; a mere code has no name."""
        name = self.name if self.added else None
        return {"reason": self.code, "name": name, "functional": self.functional}


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """Causes of these terms have this reason; None is any family, field, scope, recon.

    `column` is a context column that the scope must speak of; `whole` says whether nothing of the scope
    may be left out (None: either).
    """

    reason: str
    kind: str = "value"
    family: str | None = None
    field: str | None = None
    column: str | None = None
    whole: bool | None = None
    recon: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """One JSON document."""
        return {name: getattr(self, name) for name in self.__slots__}
