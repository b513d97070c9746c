"""Functions of the table engine that Ibis has no word for.

Each compiles to a call of the engine's function of that name. An engine that lacks one must
register it under the same name.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt

if TYPE_CHECKING:
    import ibis.expr.types as ir


def fingerprint(columns: Sequence[ir.Value]) -> ir.IntegerColumn:
    """A 64-bit hash of several columns at once, null included; equal rows hash alike.

    The columns of both sides must have the same types: the hash depends on the type.
    """
    return call("hash", dt.uint64, *columns)


def try_strptime(text: ir.Value, formats: Sequence[str]) -> ir.TimestampValue:
    """Read a timestamp by the first strptime format that fits; null where none does."""
    return call("try_strptime", dt.Timestamp(), text, ibis.literal(list(formats)))


def json_list(texts: Sequence[ir.Value]) -> ir.StringValue:
    """A JSON array of texts, as text: ``["TRD1","2024-01-01"]``."""
    return call("json_array", dt.json, *texts).cast("string")


def regexp_full(text: ir.Value, pattern: str) -> ir.BooleanValue:
    """Whether the whole text matches a regular expression (RE2)."""
    return call("regexp_full_match", dt.boolean, text, ibis.literal(pattern))


def similarity(left: ir.Value, right: ir.Value) -> ir.FloatingValue:
    """Jaro-Winkler similarity of two texts, 0 to 1."""
    return call("jaro_winkler_similarity", dt.float64, left, right)


def any_of(flags: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    """Whether at least one of many flags holds (at least one is given)."""
    return _evenly(operator.or_, flags)


def all_of(flags: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    """Whether each of many flags holds (at least one is given)."""
    return _evenly(operator.and_, flags)


def _evenly(join: Callable[[Any, Any], Any], values: Sequence[Any]) -> Any:
    # A tree instead of a chain: Ibis walks an expression recursively, and Python allows 1,000 calls.
    if len(values) == 1:
        return values[0]
    middle = (len(values) + 1) // 2
    return join(_evenly(join, values[:middle]), _evenly(join, values[middle:]))


def call(name: str, returns: dt.DataType, *arguments: Any) -> Any:
    """Call the engine's own function `name`, typed for Ibis as returning `returns`."""
    values = [ibis.literal(a) if not hasattr(a, "type") else a for a in arguments]
    recipe = (name, returns, tuple(value.type() for value in values))
    called = _builtin(*recipe)(*values)
    _RECIPES[type(called.op())] = recipe
    return called


Recipe = tuple[str, dt.DataType, tuple[dt.DataType, ...]]
_RECIPES: dict[type, Recipe] = {}
"""How each class of expression was made that `call` made: Ibis makes one per function, without a home."""


def recipe_of(function: type) -> Recipe | None:
    """Of what `function_of` makes a class of expression again, in another process; None for other classes."""
    return _RECIPES.get(function)


def function_of(name: str, returns: dt.DataType, types: tuple[dt.DataType, ...]) -> type:
    """The class of expression that calls the engine's function `name` with parameters of `types`."""
    return type(call(name, returns, *(ibis.null(kind) for kind in types)).op())


@cache
def _builtin(name: str, returns: dt.DataType, types: tuple[dt.DataType, ...]) -> Any:
    # Ibis reads the number of parameters from the Python signature, so one is made to measure.
    parameters = [
        inspect.Parameter(f"c{i}", inspect.Parameter.POSITIONAL_OR_KEYWORD) for i in range(len(types))
    ]

    def function() -> None: ...

    function.__name__ = name
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return ibis.udf.scalar.builtin(function, name=name, signature=(types, returns))
