"""The definition of a recon as a model: what the YAML of a recon may say, and nothing more.

Text enters here, so this is pydantic. `greenai.definition.loading` reads YAML into it and turns
validation errors into messages with file, line and path.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from greenai.definition.steps import Step, parse_step, write_step
from greenai.definition.types import FieldType, parse_type


class Part(BaseModel):
    """Base of every part: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_type(value: Any) -> Any:
    return parse_type(value) if isinstance(value, str) else value


def _as_steps(value: Any) -> Any:
    if isinstance(value, (str, dict)):
        value = [value]
    return [parse_step(step) for step in value] if isinstance(value, (list, tuple)) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Steps = Annotated[
    tuple[Step, ...],
    BeforeValidator(_as_steps),
    PlainSerializer(lambda steps: [write_step(step) for step in steps]),
]
Type = Annotated[FieldType, BeforeValidator(_as_type), PlainSerializer(str)]
Format = Literal["csv", "parquet", "json", "jsonl", "excel", "fixed", "xml", "arrow"]
Aggregate = Literal["sum", "count", "min", "max", "first"]


class ControlTotals(Part):
    """A trailer that states how many rows, and which sum, the file should hold.

    `trailer` is a regular expression for the trailer line with groups named ``count`` and ``sum``;
    the matching line is taken out of the data. `sum_of` names the column that is summed.
    `count` and `sum` may be given directly instead.
    """

    trailer: str | None = None
    sum_of: str | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    sum: Decimal | None = None


class FixedColumn(Part):
    """One column of a fixed-width file: `start` is the 1-based first character."""

    name: str
    start: Annotated[int, Field(ge=1)]
    length: Annotated[int, Field(ge=1)]


class Source(Part):
    """Where one side's rows come from, and how the file is written."""

    system: str | None = None
    location: Annotated[Names, Field(min_length=1)]
    format: Format | None = None
    # csv
    delimiter: Annotated[str, Field(min_length=1, max_length=4)] | None = None
    quote: Annotated[str, Field(max_length=1)] | None = None
    escape: Annotated[str, Field(max_length=1)] | None = None
    header: bool = True
    comment: Annotated[str, Field(max_length=1)] | None = None
    # csv, fixed, json, xml
    encoding: str | None = None
    compression: Literal["none", "gzip", "zstd", "bz2", "xz"] | None = None
    skip_rows: Annotated[int, Field(ge=0)] = 0
    # excel
    sheet: str | None = None
    # xml (a path like trades/trade) and json (the list inside the document)
    row_path: str | None = None
    # fixed width; for a csv without header, the names of its columns
    columns: tuple[FixedColumn, ...] | Names | None = None
    control: ControlTotals | None = None
    where: str | None = None
    group: dict[str, Aggregate] | None = None


class FieldSide(Part):
    """Where a field comes from on one side: a column or an expression, then normalisation."""

    column: str | None = None
    expression: str | None = None
    normalise: Steps = ()

    @model_validator(mode="after")
    def _one_origin(self) -> FieldSide:
        if (self.column is None) == (self.expression is None):
            raise ValueError("give either `column` or `expression`")
        return self


class Compare(Part):
    """How two values of a field are compared; the default is exact equality, null equal to null."""

    absolute: Annotated[Decimal, Field(ge=0)] | None = None
    relative: Annotated[Decimal, Field(ge=0)] | None = None
    days: Annotated[int, Field(ge=0)] | None = None
    seconds: Annotated[Decimal, Field(ge=0)] | None = None
    ignore_case: bool = False
    similarity: Annotated[float, Field(gt=0, le=1)] | None = None
    ignore: bool = False

    @property
    def exact(self) -> bool:
        """Whether only identical values are equal."""
        return self == Compare()


EXACT = Compare()


def _as_side(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class FieldRule(Part):
    """One field of the recon: its type, its origin on both sides, its comparison."""

    type: Type | None = None
    a: Annotated[FieldSide | None, BeforeValidator(_as_side)] = None
    b: Annotated[FieldSide | None, BeforeValidator(_as_side)] = None
    compare: Compare = EXACT
    authority: Literal["a", "b"] | None = None


class Amount(Part):
    """The field that totals are counted in, and the field or context column with its currency."""

    field: str
    currency: str | None = None


class Defaults(Part):
    """What holds for every field that does not say otherwise."""

    normalise: Steps = ()
    # None: an empty cell is null in text formats (csv, fixed width, xml, excel), where nothing else
    # can be; in typed formats an empty text and null differ unless listed here.
    null_values: tuple[str, ...] | None = None


class Sources(Part):
    """Both sides."""

    a: Source
    b: Source


class Definition(Part):
    """A recon as written: see CONTRACT in the documentation for every key."""

    recon: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
    description: str | None = None
    population: Literal["full", "flow"] = "full"
    sources: Sources
    key: Annotated[Names | None, Field(default=None)] = None
    fields: dict[str, FieldRule] | None = None
    amount: Amount | None = None
    context: Names = ()
    max_rejects: Annotated[float, Field(ge=0, le=1)] = 0.01
    defaults: Defaults = Defaults()
