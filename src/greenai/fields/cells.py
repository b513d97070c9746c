"""The cells of one side on their way: null values, steps, cast, and the text of what failed.

An expression that names its input ten times, fed with another that does the same, would be written
a hundred times. So the way goes in stages: each is a sub-query that computes columns, the next one
names them. The engine passes columns from stage to stage without copying them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import ibis.expr.datatypes as dt

from greenai.definition.steps import Coalesce, Step, Strip
from greenai.definition.types import FieldType
from greenai.errors import FieldError
from greenai.fields.casts import cast
from greenai.fields.expressions import column, read
from greenai.fields.literals import without
from greenai.fields.normalise import READING, SINGLE, apply
from greenai.fields.number_steps import plain
from greenai.fields.plan import FieldPlan, SidePlan, raw_name
from greenai.fields.render import forced, render
from greenai.fields.types import INTEGER, STRING

if TYPE_CHECKING:
    import ibis.expr.types as ir

PADDED = ("0_%", "+0_%", "-0_%")
"""What a code with leading zeros looks like; as a number it would lose them."""


@dataclass
class Cell:
    """One field's column on its way.

    `original` is the cell that failures show, `reason` the text shown instead where an expression
    failed. `before` is what the last reading step or cast started from; where it is there and
    `value` is not, reading failed. `settled` says that `value` is a column of the present stage.
    """

    name: str
    type: FieldType
    steps: tuple[Step, ...]
    value: ir.Value
    original: ir.Value
    reason: ir.StringValue | None = None
    before: ir.Value | None = None
    failed: ir.BooleanValue | None = None
    defaulted: bool = False
    settled: bool = False
    guessed: bool = False

    def advance(self) -> None:
        """Apply the next steps, as far as they can be written in one stage."""
        while self.steps:
            step = self.steps[0]
            # After a reading step comes the question whether it failed; a later step would blur it.
            if not self.settled and (self.before is not None or not isinstance(step, SINGLE)):
                return
            after = apply(step, self.value)
            self.steps = self.steps[1:]
            if after is self.value:
                continue
            if isinstance(step, READING):
                self.before = self.value
            self.defaulted |= isinstance(step, Coalesce)
            self.value, self.settled = after, False

    def cast(self) -> None:
        """Bring the column to the field's type."""
        value = self.value
        computed = isinstance(value.type(), dt.Decimal) and not isinstance(self.original.type(), dt.Decimal)
        if self.type == STRING and computed:
            # Computed from text or an integer, so its decimal places say nothing.
            value = plain(value)
        doubtful = self.guessed and self.type == INTEGER and isinstance(value.type(), dt.String)
        if doubtful:
            value = ibis.ifelse(value.like(list(PADDED)), ibis.null("string"), value)
        result = cast(value, self.type)
        if result.failed is not None or doubtful:
            self.before = self.value
        self.settled &= result.value is self.value
        self.value = result.value

    def columns(self) -> dict[str, ir.Value]:
        """The field and, where it can fail, the text of the cells that did."""
        if self.failed is None:
            return {self.name: self.value}
        shown = render(self.original)
        if self.reason is not None:
            shown = ibis.coalesce(self.reason, shown)
        # A default is for what was never there, not for what could not be read.
        value = ibis.ifelse(self.failed, ibis.null(self.value.type()), self.value)
        return {
            self.name: value if self.defaulted else self.value,
            raw_name(self.name): ibis.ifelse(self.failed, shown, ibis.null("string")),
        }


class Cells:
    """All fields of one side, prepared stage by stage; `carried` are columns that only come along."""

    def __init__(self, table: ir.Table, plan: SidePlan, carried: dict[str, ir.Value], *, text: bool) -> None:
        self.table, self.plan, self.carried = table, plan, carried
        counted = {name for name, how in plan.group if how == "count"}
        self.cells = []
        for field in plan.fields:
            with Place(plan.source, field.name):
                type = STRING if field.name in counted else field.type
                self.cells.append(_started(table, field, type, text=text))

    def prepared(self) -> ir.Table:
        """The fields with their raw texts, then what is carried."""
        self._advance()
        while not all(cell.settled for cell in self.cells) or any(cell.steps for cell in self.cells):
            self._settle()
            self._advance()
        for cell in self.cells:
            cell.cast()
        if any(cell.before is not None for cell in self.cells):
            self._settle()
        columns = {name: value for cell in self.cells for name, value in cell.columns().items()}
        # A view keeps what is made of the result from being written into it.
        return _selected(self.table, columns | self.carried).view()

    def _advance(self) -> None:
        for cell in self.cells:
            with Place(self.plan.source, cell.name):
                cell.advance()

    def _settle(self) -> None:
        columns = dict(self.carried)
        for i, cell in enumerate(self.cells):
            for part in ("value", "original", "reason", "before", "failed"):
                if getattr(cell, part) is not None:
                    columns[f"{part}:{i}"] = getattr(cell, part)
        self.table = table = _selected(self.table, columns).view()
        self.carried = {name: table[name] for name in self.carried}
        for i, cell in enumerate(self.cells):
            for part in ("value", "original", "reason", "before", "failed"):
                if getattr(cell, part) is not None:
                    setattr(cell, part, table[f"{part}:{i}"])
            if cell.before is not None:
                lost = cell.before.notnull() & cell.value.isnull()
                cell.failed = lost if cell.failed is None else cell.failed | lost
            cell.before, cell.settled = None, True


def _selected(table: ir.Table, columns: dict[str, ir.Value]) -> ir.Table:
    # Not as keywords: a column may be called `self`.
    return table.select([value.name(name) for name, value in columns.items()])


class Place:
    """Adds source and field to a FieldError that passes by."""

    def __init__(self, source: str, field: str) -> None:
        self.source, self.field = source, field

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, FieldError):
            # The column may be there already, as the place of an expression.
            error.source, error.column = self.source, error.column or self.field


def source_column(table: ir.Table, name: str, place: str, *, text: bool) -> ir.Value:
    """A column of the source by its exact name. Raises FieldError with the nearest names."""
    value = table[column(table, name, place=place)]
    # In a typed source Ibis may call a string what the engine keeps as something else (ENUM).
    return value if text or not isinstance(value.type(), dt.String) else forced(value, dt.string)


def _started(table: ir.Table, field: FieldPlan, type: FieldType, *, text: bool) -> Cell:
    if field.expression is None:
        if field.column is None:
            raise FieldError("has neither a column nor an expression", remedy="name its column")
        original = source_column(table, field.column, field.name, text=text)
        cleaned, steps = original, field.steps
        if steps and isinstance(steps[0], Strip) and field.null_values:
            # A cell of blanks is empty for whoever strips it.
            cleaned, steps = apply(steps[0], original), steps[1:]
        value = without(cleaned, field.null_values)
        settled = value is original
        return Cell(field.name, type, steps, value, original, settled=settled, guessed=field.guessed)
    computed = read(field.expression, table, place=f"expression of {field.name}", empty_is_null=text)
    original = computed.value.cast("string") if isinstance(computed.value.type(), dt.Null) else computed.value
    reason = None
    if computed.failed is not None:
        reason = ibis.ifelse(computed.failed, computed.operands, ibis.null("string"))
    value = without(original, field.null_values)
    return Cell(field.name, type, field.steps, value, original, reason, failed=computed.failed)
