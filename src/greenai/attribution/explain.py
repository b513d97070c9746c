"""Attribution: every break gets a reason, the proven ones at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.attribution.equivalences import EQUIVALENCES, Equivalence
from greenai.domain.reasons import UNKNOWN, is_functional
from greenai.engines.functions import any_of, call

if TYPE_CHECKING:
    import ibis.expr.types as ir

FORMAT = "FORMAT"
INVALID_VALUE = "INVALID_VALUE"
LONGEST_CELL = 40
"""Characters of an unreadable cell that its explanation quotes; the value itself is kept whole."""


def explain(breaks: ir.Table) -> ir.Table:
    """Add `reason`, `functional`, `confidence` and `explanation` to a relation of breaks.

    `breaks` has the text columns ``kind``, ``value_a`` and ``value_b`` and may have ``invalid_a`` and
    ``invalid_b`` (the type that a cell could not be read as, else null); all its columns are kept.
    A proof gives FORMAT with confidence 1, an unreadable cell INVALID_VALUE with confidence 1;
    everything else is UNKNOWN, with neither confidence nor explanation.
    """
    tried = breaks.mutate(
        **{_proof(e): e.holds(breaks.value_a, breaks.value_b).fill_null(False) for e in EQUIVALENCES}
    )
    proven = tried.mutate(explanation=_explanation(tried))
    reason = ibis.cases(
        (_invalid(proven), INVALID_VALUE), (proven.explanation.notnull(), FORMAT), else_=UNKNOWN
    )
    reasoned = proven.mutate(reason=reason)
    known = reasoned.reason != UNKNOWN
    explained: ir.Table = reasoned.mutate(
        functional=ibis.cases(
            *((reasoned.reason == code, is_functional(code)) for code in (FORMAT, INVALID_VALUE))
        ),
        confidence=known.ifelse(1, None).cast("float64"),
    ).select(*breaks.columns, "reason", "functional", "confidence", "explanation")
    return explained


def _proof(equivalence: Equivalence) -> str:
    """The column that says whether a proof holds; all are tried on all rows, which is the faster way."""
    return f"proof:{equivalence.name}"


def _explanation(tried: ir.Table) -> ir.StringValue:
    """The sentence of the first proof that holds, null where none does."""
    a, b = tried.value_a, tried.value_b
    comparable = (tried.kind == "value") & a.notnull() & b.notnull()
    words: ir.StringValue = ibis.cases(
        (_invalid(tried), _unreadable(tried)),
        (~comparable, ibis.null("string")),
        *((tried[_proof(e)], e.explanation(a, b)) for e in EQUIVALENCES),
    )
    return words


def _invalid(breaks: ir.Table) -> ir.BooleanValue:
    """Whether a cell of the break could not be read."""
    flags = [breaks[f"invalid_{side}"].notnull() for side in _known_sides(breaks)]
    return any_of(flags) if flags else ibis.literal(False)


def _unreadable(breaks: ir.Table) -> ir.StringValue:
    """``a: '12x' cannot be read as decimal(18,2)``, of one side or both."""
    sides = _known_sides(breaks)
    if not sides:
        return ibis.null("string")
    types = [breaks[f"invalid_{side}"] for side in sides]
    cells = [
        type.notnull().ifelse(f"{side}: " + _quoted(breaks[f"value_{side}"]), ibis.null("string"))
        for side, type in zip(sides, types, strict=True)
    ]
    named: ir.StringValue = call("concat_ws", dt.string, " and ", *cells)
    return named + " cannot be read as " + ibis.coalesce(*types)


def _quoted(text: ir.StringValue) -> ir.StringValue:
    """A text in quotes, its beginning only where it is long."""
    short = (text.length() > LONGEST_CELL).ifelse(text.left(LONGEST_CELL) + "…", text)
    return ibis.literal("'") + short + "'"


def _known_sides(breaks: ir.Table) -> list[str]:
    """The sides of which the breaks say what could not be read."""
    return [side for side in ("a", "b") if f"invalid_{side}" in breaks.columns]
