"""Attribution: every break gets a reason, the proven ones at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from greenai.attribution.equivalences import EQUIVALENCES, Equivalence
from greenai.domain.reasons import UNKNOWN, is_functional

if TYPE_CHECKING:
    import ibis.expr.types as ir

FORMAT = "FORMAT"
INVALID_VALUE = "INVALID_VALUE"


def explain(breaks: ir.Table) -> ir.Table:
    """Add `reason`, `functional`, `confidence` and `explanation` to a relation of breaks.

    `breaks` has the text columns ``kind``, ``value_a`` and ``value_b`` and may have a boolean
    ``invalid`` (a cell could not be read as its field's type); all its columns are kept. A proof
    gives FORMAT with confidence 1, an invalid cell INVALID_VALUE with confidence 1; everything else
    is UNKNOWN, with neither confidence nor explanation.
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
        (_invalid(tried), ibis.literal("a value that cannot be read as the type of its field")),
        (~comparable, ibis.null("string")),
        *((tried[_proof(e)], e.explanation(a, b)) for e in EQUIVALENCES),
    )
    return words


def _invalid(breaks: ir.Table) -> ir.BooleanValue:
    """Whether a cell of the break could not be cast."""
    return breaks.invalid.fill_null(False) if "invalid" in breaks.columns else ibis.literal(False)
