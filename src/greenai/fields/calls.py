"""CASE, CAST and the functions that expressions may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import ibis
import ibis.expr.datatypes as dt
from sqlglot import exp

from greenai.definition.steps import Round, Strip
from greenai.definition.types import MAX_PRECISION, FieldType
from greenai.engines.functions import call
from greenai.errors import FieldError
from greenai.fields import arithmetic, number_steps, text_steps
from greenai.fields.arithmetic import Failures
from greenai.fields.render import render
from greenai.fields.types import DATE, decimal

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Translator(Protocol):
    """What the functions need of the translation they belong to."""

    failures: Failures

    def value(self, node: exp.Expression) -> ir.Value:
        """The value of an argument."""

    def truth(self, node: exp.Expression) -> ir.BooleanValue:
        """An argument as a condition."""

    def compare(
        self, kind: type[exp.Expression], node: exp.Expression, left: exp.Expression, right: exp.Expression
    ) -> ir.BooleanValue:
        """Two arguments compared."""

    def refused(self, node: exp.Expression, why: str, remedy: str | None = None) -> FieldError:
        """The error that says where."""


def translate(node: exp.Expression, to: Translator) -> ir.Value:
    """A call, CASE or CAST. Raises FieldError for any that is not on the list."""
    known = FUNCTIONS.get(type(node))
    if known is None:
        name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__.lower()
        raise to.refused(node, f"{name} is not allowed", remedy=f"the functions are {', '.join(NAMES)}")
    function, arguments = known
    check_arguments(node, arguments, to)
    return function(node, to)


def check_arguments(node: exp.Expression, allowed: frozenset[str], to: Translator) -> None:
    """Raises FieldError for anything said in a node that would be passed over."""
    for name, given in node.args.items():
        if given not in (None, False, []) and name not in allowed | HARMLESS:
            raise to.refused(node, f"{name} is not allowed in {type(node).__name__.lower()}")


def _texts(function: Callable[..., Any]) -> Callable[[exp.Expression, Translator], ir.Value]:
    def on_text(node: exp.Expression, to: Translator) -> ir.Value:
        return function(render(to.value(node.this)))

    return on_text


def _numbers(name: str) -> Callable[[exp.Expression, Translator], ir.Value]:
    def on_number(node: exp.Expression, to: Translator) -> ir.Value:
        value = arithmetic.number(to.value(node.this), to.failures)
        type = value.type()
        if isinstance(type, dt.Decimal) and name in ("floor", "ceil"):
            type = dt.Decimal(MAX_PRECISION, 0)
            return call(name, type, value).cast(type)
        return call(name, type, value)

    return on_number


def _date_part(name: str) -> Callable[[exp.Expression, Translator], ir.Value]:
    def on_date(node: exp.Expression, to: Translator) -> ir.Value:
        value = to.value(node.this)
        if isinstance(value.type(), dt.String):
            # A timestamp's text has a date too.
            value = to.failures.cast(value, FieldType("timestamp"))
        if not isinstance(value.type(), dt.Date | dt.Timestamp):
            raise to.refused(node, f"{name} needs a date, not {arithmetic.described(value.type())}")
        return getattr(value, name)().cast("int64")

    return on_date


def _date(node: exp.Expression, to: Translator) -> ir.Value:
    value = to.value(node.this)
    if isinstance(value.type(), dt.Timestamp):
        return value.cast("date")
    return to.failures.cast(value, DATE)


def _round(node: exp.Expression, to: Translator) -> ir.Value:
    digits = node.args.get("decimals")
    count = 0 if digits is None else _whole(digits, to, least=0, most=30)
    value = to.value(node.this)
    if not isinstance(value.type(), dt.String):
        value = arithmetic.number(value, to.failures)
    return to.failures.note(number_steps.round(Round(digits=count), value), value)


def _whole(node: exp.Expression, to: Translator, *, least: int, most: int = 1_000_000) -> int:
    if not (isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit()):
        raise to.refused(node, "a whole number is expected")
    if not least <= int(node.this) <= most:
        raise to.refused(node, f"a whole number from {least} to {most} is expected")
    return int(node.this)


def _substring(node: exp.Expression, to: Translator) -> ir.Value:
    start = _whole(node.args["start"], to, least=1)
    length = node.args.get("length")
    return render(to.value(node.this)).substr(
        start - 1, None if length is None else _whole(length, to, least=0)
    )


def _left(node: exp.Expression, to: Translator) -> ir.Value:
    return render(to.value(node.this)).left(_whole(node.expression, to, least=0))


def _right(node: exp.Expression, to: Translator) -> ir.Value:
    return render(to.value(node.this)).right(_whole(node.expression, to, least=0))


def _replace(node: exp.Expression, to: Translator) -> ir.Value:
    old, new = render(to.value(node.expression)), render(to.value(node.args["replacement"]))
    return render(to.value(node.this)).replace(old, new)


def _concat(node: exp.Expression, to: Translator) -> ir.Value:
    texts = [ibis.coalesce(render(to.value(part)), "") for part in node.expressions]
    return ibis.literal("").join(texts)


def _several(function: Callable[..., Any]) -> Callable[[exp.Expression, Translator], ir.Value]:
    def on_all(node: exp.Expression, to: Translator) -> ir.Value:
        values = [to.value(part) for part in (node.this, *node.expressions)]
        return function(*arithmetic.alike(values, to.failures))

    return on_all


def _nullif(node: exp.Expression, to: Translator) -> ir.Value:
    same = to.compare(exp.EQ, node, node.this, node.expression)
    value = to.value(node.this)
    return ibis.ifelse(same, ibis.null(value.type()), value)


def _case(node: exp.Expression, to: Translator) -> ir.Value:
    conditions = []
    for branch in node.args["ifs"]:
        if node.this is None:
            conditions.append(to.truth(branch.this))
        else:
            conditions.append(to.compare(exp.EQ, node, node.this, branch.this))
    default = node.args.get("default")
    results = [to.value(branch.args["true"]) for branch in node.args["ifs"]]
    results.append(ibis.null() if default is None else to.value(default))
    *results, otherwise = arithmetic.alike(results, to.failures)
    return ibis.cases(*zip(conditions, results, strict=True), else_=otherwise)


def _cast(node: exp.Expression, to: Translator) -> ir.Value:
    value = to.value(node.this)
    type = _field_type(node.args["to"], to)
    return value.cast("string") if isinstance(value.type(), dt.Null) else to.failures.cast(value, type)


def _field_type(node: exp.DataType, to: Translator) -> FieldType:
    kind = KINDS.get(node.this)
    if kind is None:
        raise to.refused(node, f"cannot cast to {node.sql('duckdb')}", remedy=f"the types are {TYPES}")
    if kind != "decimal":
        return FieldType(kind)
    digits = [int(parameter.name) for parameter in node.expressions]
    if len(digits) != 2 or not 1 <= digits[0] <= MAX_PRECISION or digits[1] > digits[0]:
        raise to.refused(node, "a decimal is written decimal(precision, scale) with up to 38 digits")
    return decimal(*digits)


TYPES = "string, integer, decimal(p,s), float, boolean, date, timestamp"
KINDS: dict[Any, Any] = {
    **dict.fromkeys((exp.DataType.Type.TEXT, exp.DataType.Type.VARCHAR, exp.DataType.Type.CHAR), "string"),
    **dict.fromkeys((exp.DataType.Type.INT, exp.DataType.Type.BIGINT), "integer"),
    **dict.fromkeys((exp.DataType.Type.FLOAT, exp.DataType.Type.DOUBLE), "float"),
    **dict.fromkeys((exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ), "timestamp"),
    exp.DataType.Type.DECIMAL: "decimal",
    exp.DataType.Type.BOOLEAN: "boolean",
    exp.DataType.Type.DATE: "date",
}
# Flags that sqlglot sets by itself and that change nothing here.
HARMLESS = frozenset({"safe", "coalesce", "ignore_nulls", "_type"})
THIS = frozenset({"this"})
LIST = THIS | {"expressions"}
PAIR = THIS | {"expression"}
FUNCTIONS: dict[type[exp.Expression], tuple[Callable[[Any, Translator], Any], frozenset[str]]] = {
    exp.Coalesce: (_several(ibis.coalesce), LIST),
    exp.Nullif: (_nullif, PAIR),
    exp.Upper: (_texts(lambda text: text.upper()), THIS),
    exp.Lower: (_texts(lambda text: text.lower()), THIS),
    exp.Trim: (_texts(lambda text: text_steps.strip(Strip(), text)), THIS),
    exp.Length: (_texts(lambda text: text.length().cast("int64")), THIS),
    exp.Substring: (_substring, THIS | {"start", "length"}),
    exp.Abs: (_numbers("abs"), THIS),
    exp.Round: (_round, THIS | {"decimals"}),
    exp.Floor: (_numbers("floor"), THIS),
    exp.Ceil: (_numbers("ceil"), THIS),
    exp.Replace: (_replace, PAIR | {"replacement"}),
    exp.Concat: (_concat, frozenset({"expressions"})),
    exp.Left: (_left, PAIR),
    exp.Right: (_right, PAIR),
    exp.Year: (_date_part("year"), THIS),
    exp.Month: (_date_part("month"), THIS),
    exp.Day: (_date_part("day"), THIS),
    exp.Date: (_date, THIS),
    exp.Greatest: (_several(ibis.greatest), LIST),
    exp.Least: (_several(ibis.least), LIST),
    exp.Case: (_case, THIS | {"ifs", "default"}),
    exp.Cast: (_cast, THIS | {"to"}),
    exp.TryCast: (_cast, THIS | {"to"}),
}
NAMES = (
    "abs",
    "ceil",
    "coalesce",
    "concat",
    "date",
    "day",
    "floor",
    "greatest",
    "least",
    "left",
    "length",
    "lower",
    "month",
    "nullif",
    "replace",
    "right",
    "round",
    "substr",
    "trim",
    "upper",
    "year",
)
