"""The words the proofs are written in: a value used twice, a gate, the groups of a pattern."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt

from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir


def let(value: Any, body: Callable[[Any], Any]) -> Any:
    """`body` of a value that is computed once, however often `body` uses it.

    An expression is a tree: used twice it is written and computed twice, and eight steps later
    256 times. A list of one element and a function over it is how SQL gives a value a name.
    """
    return ibis.array([value]).map(body)[0]


def where(
    text: ir.StringValue, pattern: str, then: ir.StringValue, otherwise: ir.StringValue | None = None
) -> ir.StringValue:
    """`then` where a pattern is found in the text, else `otherwise` (null).

    The engine computes `then` for those rows only: a cheap pattern keeps dear steps off most rows.
    """
    chosen: ir.StringValue = text.re_search(pattern).ifelse(then, otherwise)
    return chosen


def groups(text: ir.StringValue, pattern: str, names: tuple[str, ...]) -> ir.StructValue:
    """What the groups of a pattern match, by name; all of them empty where the text does not match."""
    fields = dt.Struct(dict.fromkeys(names, dt.string))
    matched: ir.StructValue = call("regexp_extract", fields, text, pattern, list(names))
    return matched
