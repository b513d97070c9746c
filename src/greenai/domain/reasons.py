"""The reasons shipped by default: the business label of a break."""

from __future__ import annotations

from typing import Final

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
