"""The language of `where:` and `expression:`: scalar SQL, and only what is on the list.

The text is parsed by sqlglot and translated node by node; a node that is not listed is refused
with its position, so nothing reaches the engine as the author wrote it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.datatypes as dt
from sqlglot import exp
from sqlglot import parse as parse_sql
from sqlglot.errors import SqlglotError

from greenai.errors import FieldError
from greenai.fields import arithmetic, calls
from greenai.fields.arithmetic import Failures, UnlikeTypesError
from greenai.fields.literals import exact_decimal, literal
from greenai.fields.render import render
from greenai.fields.types import BOOLEAN

if TYPE_CHECKING:
    import ibis.expr.types as ir

ARITHMETIC: dict[type[exp.Expression], Callable[..., Any]] = {
    exp.Add: arithmetic.add,
    exp.Sub: arithmetic.subtract,
    exp.Mul: arithmetic.multiply,
    exp.Mod: arithmetic.modulo,
}
COMPARISONS: dict[type[exp.Expression], Callable[[Any, Any], Any]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}
LANGUAGE = (
    "allowed are columns, constants, + - * / % ||, comparisons, and or not, in, between, like, is null, "
    f"case, cast, and the functions {', '.join(calls.NAMES)}"
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A translated expression. `failed` says where it is null because something could not be computed.

    `operands` are the columns it uses, as ``name=text`` for reports.
    """

    value: ir.Value
    failed: ir.BooleanValue | None
    operands: ir.StringValue


def parse(text: str, table: ir.Table, *, place: str) -> ir.Value:
    """The value of an expression over the columns of `table`. Raises FieldError with the position."""
    return read(text, table, place=place).value


def read(text: str, table: ir.Table, *, place: str, empty_is_null: bool = False) -> Expression:
    """An expression with its failures. `empty_is_null` holds for columns of a text source."""
    translator = _Translator(text, table, place, empty_is_null)
    try:
        value = translator.value(translator.tree())
    except RecursionError:
        raise FieldError("the expression is nested too deeply", column=place) from None
    conditions = translator.failures.conditions
    failed = ibis.and_(value.isnull(), ibis.or_(*conditions)) if conditions else None
    return Expression(value, failed, translator.operands())


def column(table: ir.Table, name: str, *, place: str | None = None, any_case: bool = False) -> str:
    """The column meant by a name. Raises FieldError with the nearest names."""
    names: tuple[str, ...] = table.columns
    if name in names:
        return name
    alike = [known for known in names if known.lower() == name.lower()] if any_case else []
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise FieldError(
            f"column {name!r} is ambiguous: {', '.join(alike)}", column=place, remedy='quote it: "Name"'
        )
    near: list[str] = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    folded = {known.lower(): known for known in names}
    near = near or [
        folded[found] for found in difflib.get_close_matches(name.lower(), folded, n=3, cutoff=0.5)
    ]
    known = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    raise FieldError(
        f"there is no column {name!r}",
        column=place,
        remedy=f"did you mean {' or '.join(near)}?" if near else f"the columns are {known}",
    )


@dataclass
class _Translator:
    text: str
    table: ir.Table
    place: str
    empty_is_null: bool
    failures: Failures = field(default_factory=Failures)
    used: dict[str, ir.Value] = field(default_factory=dict)

    def tree(self) -> exp.Expression:
        try:
            trees = parse_sql(self.text, dialect="duckdb")
        except SqlglotError as error:
            details = (getattr(error, "errors", None) or [{}])[0]
            where = f" at character {details['col']}" if details.get("col") else ""
            what = str(details.get("description") or error).split("<class")[0].splitlines()[0]
            raise FieldError(
                f"cannot be read as an expression{where}: {what}", column=self.place, value=self.text
            ) from error
        if len(trees) != 1 or trees[0] is None:
            raise FieldError("is not one expression", column=self.place, value=self.text, remedy=LANGUAGE)
        return trees[0]

    def value(self, node: exp.Expression) -> ir.Value:
        try:
            return self._value(node)
        except (UnlikeTypesError, ibis.common.exceptions.IbisError, TypeError) as error:
            raise self.refused(node, str(error)) from error

    def refused(self, node: exp.Expression, why: str, remedy: str | None = None) -> FieldError:
        starts = [found.meta["start"] for found in node.walk() if "start" in found.meta]
        at = f" at character {min(starts) + 1}" if starts else ""
        return FieldError(f"{why}{at}", column=self.place, value=self.text, remedy=remedy)

    def operands(self) -> ir.StringValue:
        texts = [
            ibis.literal(f"{name}=") + ibis.coalesce(render(value), "null")
            for name, value in self.used.items()
        ]
        return ibis.literal(", ").join(texts) if texts else ibis.literal(self.text)

    def _value(self, node: exp.Expression) -> ir.Value:
        if type(node) in NODES:
            translate, arguments = NODES[type(node)]
            calls.check_arguments(node, arguments, self)
            found = translate(self, node)
            return ~found if node.args.get("negate") else found
        if type(node) in ARITHMETIC or type(node) in COMPARISONS:
            calls.check_arguments(node, calls.PAIR, self)
        if type(node) in ARITHMETIC:
            a, b = self.value(node.this), self.value(node.expression)
            return ARITHMETIC[type(node)](a, b, self.failures)
        if type(node) in COMPARISONS:
            return self.compare(type(node), node, node.this, node.expression)
        return calls.translate(node, self)

    def truth(self, node: exp.Expression) -> ir.BooleanValue:
        """A node as a condition; text is read as one."""
        value = self.value(node)
        if isinstance(value.type(), dt.String):
            return self.failures.cast(value, BOOLEAN)
        if not isinstance(value.type(), dt.Boolean | dt.Null):
            raise self.refused(node, f"{arithmetic.described(value.type())} is not a condition")
        return value.cast("boolean")

    def compare(
        self, kind: type[exp.Expression], node: exp.Expression, left: exp.Expression, right: exp.Expression
    ) -> ir.BooleanValue:
        """Two nodes compared in one type."""
        return COMPARISONS[kind](*self._pair(node, left, right))

    def _pair(
        self, node: exp.Expression, left: exp.Expression, right: exp.Expression
    ) -> tuple[ir.Value, ir.Value]:
        a, b = self.value(left), self.value(right)
        a, b = self._written(left, a, b), self._written(right, b, a)
        if isinstance(a.type(), dt.Null) or isinstance(b.type(), dt.Null):
            raise self.refused(node, "nothing equals null", remedy="write `is null` or `is not null`")
        return arithmetic.comparable(a, b, self.failures)

    def _written(self, node: exp.Expression, value: ir.Value, other: ir.Value) -> ir.Value:
        """A text constant as a constant of the other operand's type."""
        type_ = other.type()
        if not (isinstance(node, exp.Literal) and node.is_string) or isinstance(type_, dt.String | dt.Null):
            return value
        try:
            numeric = isinstance(type_, dt.Integer | dt.Decimal)
            found = exact_decimal(Decimal(node.this)) if numeric else literal(node.this, type_)
        except (ValueError, ArithmeticError):
            found = None
        if found is None:
            raise self.refused(node, f"'{node.this}' is not {arithmetic.described(type_)}")
        return found

    def _column(self, node: exp.Column) -> ir.Value:
        if node.args.get("table"):
            raise self.refused(node, "only plain column names are allowed", remedy='quote the name: "a.b"')
        name = column(self.table, node.name, place=self.place, any_case=True)
        value = self.table[name]
        type_ = value.type()
        if isinstance(type_, dt.Timestamp) and type_.timezone is not None:
            value = value.cast(dt.Timestamp(scale=6))
        elif not isinstance(
            type_, dt.Integer | dt.Decimal | dt.Floating | dt.Boolean | dt.Date | dt.Timestamp
        ):
            value = render(value)
            if self.empty_is_null:
                value = value.nullif("")
        self.used[name] = value
        return value

    def _constant(self, node: exp.Expression) -> ir.Value:
        if isinstance(node, exp.Null):
            return ibis.null()
        if isinstance(node, exp.Boolean):
            return ibis.literal(bool(node.this))
        if node.is_string:
            return ibis.literal(node.this)
        try:
            return exact_decimal(Decimal(node.this))
        except (ValueError, ArithmeticError) as error:
            raise self.refused(node, f"{node.this} is not a number of at most 38 digits") from error

    def _division(self, node: exp.Div) -> ir.Value:
        divisor, sign = node.expression.unnest(), 1
        if isinstance(divisor, exp.Neg):
            divisor, sign = divisor.this.unnest(), -1
        constant = isinstance(divisor, exp.Literal) and not divisor.is_string
        a, b = self.value(node.this), self.value(node.expression)
        return arithmetic.divide(a, b, Decimal(divisor.this) * sign if constant else None, self.failures)

    def _is(self, node: exp.Is) -> ir.BooleanValue:
        if isinstance(node.expression, exp.Null):
            return self.value(node.this).isnull()
        if isinstance(node.expression, exp.Boolean):
            return self.truth(node.this).identical_to(ibis.literal(bool(node.expression.this)))
        raise self.refused(node, "`is` takes null, true or false")

    def _between(self, node: exp.Between) -> ir.BooleanValue:
        low = self.compare(exp.GTE, node, node.this, node.args["low"])
        return low & self.compare(exp.LTE, node, node.this, node.args["high"])

    def _and(self, node: exp.And) -> ir.BooleanValue:
        return self.truth(node.this) & self.truth(node.expression)

    def _or(self, node: exp.Or) -> ir.BooleanValue:
        return self.truth(node.this) | self.truth(node.expression)

    def _not(self, node: exp.Not) -> ir.BooleanValue:
        return ~self.truth(node.this)

    def _negative(self, node: exp.Neg) -> ir.Value:
        return -arithmetic.number(self.value(node.this), self.failures)

    def _joined(self, node: exp.DPipe) -> ir.StringValue:
        return render(self.value(node.this)) + render(self.value(node.expression))

    def _in(self, node: exp.In) -> ir.BooleanValue:
        if node.args.get("query") or not node.expressions:
            raise self.refused(node, "`in` takes a list of values; sub-queries are not allowed")
        pairs = [self._pair(node, node.this, item) for item in node.expressions]
        if all(left.equals(pairs[0][0]) for left, _ in pairs):
            return pairs[0][0].isin([right for _, right in pairs])
        return ibis.or_(*(left == right for left, right in pairs))

    def _like(self, node: exp.Like | exp.ILike) -> ir.BooleanValue:
        pattern = node.expression
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            raise self.refused(node, "`like` takes a text constant")
        text = render(self.value(node.this))
        return text.like(pattern.this) if isinstance(node, exp.Like) else text.ilike(pattern.this)


# `not like` is a flag in some versions of sqlglot and a node around in others.
CONDITION = calls.PAIR | {"negate"}
NODES: dict[type[exp.Expression], tuple[Callable[[_Translator, Any], Any], frozenset[str]]] = {
    exp.Paren: (lambda translator, node: translator.value(node.this), calls.THIS),
    exp.Column: (_Translator._column, calls.THIS | {"table", "db", "catalog"}),
    exp.Literal: (_Translator._constant, calls.THIS | {"is_string"}),
    exp.Boolean: (_Translator._constant, calls.THIS),
    exp.Null: (_Translator._constant, frozenset()),
    exp.Neg: (_Translator._negative, calls.THIS),
    exp.Div: (_Translator._division, calls.PAIR | {"typed"}),
    exp.And: (_Translator._and, calls.PAIR),
    exp.Or: (_Translator._or, calls.PAIR),
    exp.Not: (_Translator._not, calls.THIS),
    exp.Is: (_Translator._is, CONDITION),
    exp.In: (_Translator._in, CONDITION | {"expressions", "query"}),
    exp.Between: (_Translator._between, CONDITION | {"low", "high"}),
    exp.Like: (_Translator._like, CONDITION),
    exp.ILike: (_Translator._like, CONDITION),
    exp.DPipe: (_Translator._joined, calls.PAIR),
}
