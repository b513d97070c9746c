"""Numbers in words: counts, shares, durations, rates and amounts as every report writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def count(number: int, noun: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def percent(part: int, whole: int) -> str:
    """A share that never rounds something to nothing nor almost all to all."""
    if whole <= 0:
        return ""
    if part in (0, whole):
        return "100 %" if part else "0 %"
    if part * 10_000 < whole:
        return "<0.01 %"
    if part * 10_000 > 9_999 * whole:
        return ">99.99 %"
    hundredths = (20_000 * part + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02} %"


def seconds(took: float) -> str:
    """A duration as people say it."""
    if took < 0.0005:
        return "<1 ms"
    if took < 0.0995:
        return f"{took * 1000:.0f} ms"
    if took < 9.995:
        return f"{took:.2f} s"
    if took < 59.95:
        return f"{took:.1f} s"
    minutes, rest = divmod(round(took), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def rate(per_second: float) -> str:
    """Rows per second, rounded to what a reader remembers."""
    if per_second >= 999_500:
        return f"{per_second / 1e6:,.2f} M rows/s"
    if per_second >= 1_000:
        return f"{round(per_second, -2):,.0f} rows/s"
    return f"{per_second:,.0f} rows/s"


def money(amounts: Iterable[Decimal]) -> list[str]:
    """Amounts with thousands separators and the same number of decimals, so that the points align."""
    values = list(amounts)
    places = max((_places(value) for value in values), default=0)
    return [f"{value:,.{places}f}" if value.is_finite() else str(value) for value in values]


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
