"""Control totals: what a trailer or the definition promises, against what was read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from typing import TYPE_CHECKING

from greenai.engines.duckdb import identifier
from greenai.errors import ControlTotalError, UsageError
from greenai.sources.part import Part

if TYPE_CHECKING:
    from greenai.definition.model import ControlTotals
    from greenai.engines.duckdb import DuckDBEngine

Promise = tuple[int | None, Decimal | None]
"""How many rows, and which sum; None where nothing is said."""

_EXACT = Context(prec=1000, traps=[Inexact, InvalidOperation])
_PLAIN = r"\s*[-+]?\d{1,24}(\.\d{1,10})?\s*"


def promised(control: ControlTotals | None, trailer: re.Match[str] | None, source: str) -> Promise | None:
    """What the trailer of one file says. Raises ControlTotalError where it is missing or holds no number."""
    if control is None or control.trailer is None:
        return None
    if trailer is None:
        raise ControlTotalError(
            "the file ends without the trailer that the definition expects",
            remedy="check that the file is complete, and `control.trailer` against its last line",
            source=source,
            value=control.trailer,
        )
    found = trailer.groupdict()
    count, total = found.get("count"), found.get("sum")
    try:
        return (
            int(number(count)) if count is not None else None,
            number(total) if total is not None else None,
        )
    except (InvalidOperation, ValueError) as error:
        raise ControlTotalError(
            "the trailer holds no number where one is expected",
            remedy="check the groups `count` and `sum` of `control.trailer`",
            source=source,
            value=trailer[0],
        ) from error


def check_totals(engine: DuckDBEngine, control: ControlTotals, parts: Sequence[Part], name: str) -> None:
    """Compare what is promised with what the files hold, scanning them once more.

    Rejected rows count as rows of the file. Sums are exact decimals; a cell that is no number is not
    in the sum, and the error says how many there are. Raises ControlTotalError.
    """
    for part in parts:
        if part.promised is not None:
            _check(engine, control.sum_of, [part], part.promised, part.path.name)
    if control.count is not None or control.sum is not None:
        _check(engine, control.sum_of, parts, (control.count, control.sum), name)


def _check(
    engine: DuckDBEngine,
    sum_of: str | None,
    parts: Sequence[Part],
    wanted: Promise,
    source: str,
) -> None:
    count, total = wanted
    rejected = sum(len(part.rejects()) for part in parts)
    if count is not None:
        rows = sum(int(engine.execute(f"SELECT count(*) FROM ({part.sample})")[0][0]) for part in parts)
        if rows + rejected != count:
            raise ControlTotalError(
                f"{count:,} rows are promised, {rows + rejected:,} were found"
                f" ({rejected:,} of them rejected)",
                remedy="ask the sender for a complete file, or correct `control.count`",
                source=source,
            )
    if total is not None:
        with localcontext(_EXACT):
            sums = [_sum(engine, part, sum_of) for part in parts]
            found = sum((value for value, _ in sums), Decimal(0))
        if found != total:
            unread = sum(unread for _, unread in sums)
            also = f"; {unread:,} cells are no number" if unread else ""
            also += f"; {rejected:,} rows were rejected" if rejected else ""
            raise ControlTotalError(
                f"a sum of {total:f} is promised, {found:f} was found{also}",
                remedy="ask the sender for a complete file, or correct `control.sum`",
                source=source,
                column=sum_of,
            )


def _sum(engine: DuckDBEngine, part: Part, column: str | None) -> tuple[Decimal, int]:
    """The exact sum of a column, and how many of its cells are neither empty nor a number."""
    names = {name.casefold(): name for name in part.columns}
    if column is None or column.casefold() not in names:
        raise UsageError(
            "a control sum needs `sum_of`, the column that is summed",
            remedy=f"set `control.sum_of` to one of {', '.join(part.columns)}",
            source=part.path.name,
            column=column,
        )
    cell = f"CAST({identifier(names[column.casefold()])} AS VARCHAR)"
    plain = f"regexp_full_match({cell}, '{_PLAIN}')"
    ((quick,),) = engine.execute(
        f"SELECT CAST(sum(CAST(trim({cell}) AS DECIMAL(38, 10))) AS VARCHAR) "
        f"FROM ({part.sample}) WHERE {plain}"
    )
    result, unread = Decimal(quick or 0), 0
    for text, times in engine.execute(
        f"SELECT {cell}, count(*) FROM ({part.sample}) WHERE trim({cell}) <> '' AND NOT {plain} GROUP BY 1"
    ):
        try:
            result += number(text) * times
        except InvalidOperation:
            unread += times
    return result, unread


def number(text: str) -> Decimal:
    """Read ``1,234.50``, ``(12.00)`` and ``-12`` exactly. Raises decimal.InvalidOperation."""
    text = text.strip()
    negative = text.startswith("(") and text.endswith(")")
    value = Decimal(text.strip("()").replace(",", "").replace(" ", ""))
    if not value.is_finite():
        raise InvalidOperation
    return -value if negative else value
