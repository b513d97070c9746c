"""One side of a recon: where its rows come from and how the file is written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from greenai.definition.formats import check_encoding
from greenai.definition.patterns import check_pattern
from greenai.definition.problems import Problem, UnfitError, explain
from greenai.definition.written import Number, Part, Text, Texts, Truth, Whole

Format = Literal["csv", "parquet", "json", "jsonl", "excel", "fixed", "xml", "arrow"]
Aggregate = Literal["sum", "count", "min", "max", "first"]
TRAILER_GROUPS = ("count", "sum")


def _encoding(name: str) -> str:
    check_encoding(name)
    return name


def _delimiter(text: Any) -> Any:
    # Without double quotes YAML leaves \t as two characters; nobody means a backslash and a t.
    return "\t" if text == "\\t" else text


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text:
        raise ValueError("must not hold a line break")
    return text


def _trailer(text: str) -> str:
    groups = check_pattern(text).groupindex
    if not set(groups) & set(TRAILER_GROUPS):
        raise ValueError("names no group `count` or `sum`; write one like ^TRL;(?P<count>[0-9]+)")
    return text


class ControlTotals(Part):
    """A trailer that states how many rows, and which sum, the file should hold.

    `trailer` is a regular expression for the trailer line with groups named ``count`` and ``sum``;
    the matching line is taken out of the data. `sum_of` names the column that is summed.
    `count` and `sum` may be given directly instead.
    """

    trailer: Annotated[
        Annotated[Text, AfterValidator(_trailer)] | None,
        Field(description="Regular expression (RE2) of the trailer line, with groups named count and sum."),
    ] = None
    sum_of: Annotated[Text | None, Field(description="The column whose sum is checked.")] = None
    count: Annotated[
        Annotated[Whole, Field(ge=0)] | None, Field(description="The number of rows expected.")
    ] = None
    sum: Annotated[Number | None, Field(description="The sum of `sum_of` expected.")] = None

    @model_validator(mode="after")
    def _something_to_check(self) -> ControlTotals:
        groups = check_pattern(self.trailer).groupindex if self.trailer is not None else {}
        if self.trailer is None and self.count is None and self.sum is None:
            raise ValueError("nothing to check: give `trailer`, `count`, or `sum` with `sum_of`")
        if ("sum" in groups or self.sum is not None) and self.sum_of is None:
            raise ValueError("`sum_of` is missing: it names the column that is summed")
        if self.sum_of is not None and "sum" not in groups and self.sum is None:
            raise ValueError(
                "`sum_of` names a column, but there is neither `sum` nor a group `sum` in `trailer`"
            )
        for name in TRAILER_GROUPS:
            if name in groups and getattr(self, name) is not None:
                raise ValueError(f"`{name}` is given twice: as a group in `trailer` and directly")
        return self


class FixedColumn(Part):
    """One column of a fixed-width file: `start` is the 1-based first character."""

    name: Text
    start: Annotated[Whole, Field(ge=1)]
    length: Annotated[Whole, Field(ge=1)]


def _columns(value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        return value
    mappings = [isinstance(one, dict) for one in value]
    if any(mappings) and not all(mappings):
        raise ValueError("either names only, or {name, start, length} throughout")
    if not any(mappings):
        return value
    columns, problems = [], []
    for index, one in enumerate(value):
        try:
            columns.append(FixedColumn.model_validate(one))
        except ValidationError as error:
            problems += [problem.below((index,)) for problem in explain(error, FixedColumn)]
    if problems:
        raise UnfitError(problems)
    return columns


class Source(Part):
    """Where one side's rows come from, and how the file is written."""

    system: Annotated[
        Text | None, Field(description="Name of the system that delivers this side, for people.")
    ] = None
    location: Annotated[
        Texts,
        Field(
            description="Path or glob, or a list of them, relative to the definition's folder. "
            "{business_date} stands for the run's date, like 2026-01-31."
        ),
    ]
    format: Annotated[
        Format | None, Field(description="Format of the files; by their extension when left out.")
    ] = None
    # csv
    delimiter: Annotated[
        Annotated[
            str, Field(min_length=1, max_length=4), BeforeValidator(_delimiter), AfterValidator(_one_line)
        ]
        | None,
        Field(description="csv: what separates the cells; found out when left out."),
    ] = None
    quote: Annotated[
        Annotated[str, Field(max_length=1)] | None,
        Field(description='csv: what encloses a cell; "" for nothing.'),
    ] = None
    escape: Annotated[
        Annotated[str, Field(max_length=1)] | None,
        Field(description='csv: what stands before a quote inside quotes; "" for nothing.'),
    ] = None
    header: Annotated[Truth, Field(description="Whether the first line names the columns.")] = True
    comment: Annotated[
        Annotated[str, Field(max_length=1)] | None,
        Field(description="csv: the character that starts a line to be skipped."),
    ] = None
    # csv, fixed, json, xml
    encoding: Annotated[
        Annotated[str, AfterValidator(_encoding)] | None,
        Field(description="Encoding of text files: utf-8, latin-1, cp1252, utf-16 …"),
    ] = None
    compression: Annotated[
        Literal["none", "gzip", "zstd", "bz2", "xz"] | None,
        Field(description="Compression of the files; by their extension when left out."),
    ] = None
    skip_rows: Annotated[
        Whole, Field(ge=0, description="Lines above the header that are not part of the table.")
    ] = 0
    # excel
    sheet: Annotated[Text | None, Field(description="excel: name of the sheet; the first when left out.")] = (
        None
    )
    # xml (a path like trades/trade) and json (the list inside the document)
    row_path: Annotated[
        Text | None, Field(description="xml, json: where the rows are, like trades/trade.")
    ] = None
    # fixed width; for a csv without header, the names of its columns
    columns: Annotated[
        Annotated[tuple[FixedColumn, ...] | tuple[Text, ...], Field(min_length=1), BeforeValidator(_columns)]
        | None,
        Field(
            description="fixed: name, start (from 1) and length of each column. "
            "csv without header: the names of the columns."
        ),
    ] = None
    control: Annotated[
        ControlTotals | None, Field(description="Count and sum that the file must come to.")
    ] = None
    where: Annotated[
        Text | None, Field(description="Condition (SQL over the source's columns) on the rows that count.")
    ] = None
    group: Annotated[
        Annotated[dict[Text, Aggregate], Field(min_length=1)] | None,
        Field(description="Group this side by the key: field and sum, count, min, max or first."),
    ] = None

    @model_validator(mode="after")
    def _columns_fit(self) -> Source:
        problems = []
        names = [column if isinstance(column, str) else column.name for column in self.columns or ()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            problems.append(Problem(("columns",), f"name used twice: {', '.join(twice)}"))
        placed = any(isinstance(column, FixedColumn) for column in self.columns or ())
        if self.format == "fixed" and not placed:
            problems.append(
                Problem(
                    (),
                    "a fixed-width file needs `columns` with name, start and length",
                    "Add columns: [{name: …, start: 1, length: …}, …].",
                )
            )
        if placed and self.format not in (None, "fixed"):
            problems.append(Problem(("columns",), "start and length belong to format: fixed", None))
        if problems:
            raise UnfitError(problems)
        return self


class Sources(Part):
    """Both sides."""

    a: Annotated[Source, Field(description="The side that is compared.")]
    b: Annotated[Source, Field(description="The side that it is compared against.")]


__all__ = ["Aggregate", "ControlTotals", "FixedColumn", "Format", "Source", "Sources"]
