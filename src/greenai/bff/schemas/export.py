"""Exports of lists of breaks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from greenai.bff.schemas.breaks import BreakFilter, SortText
from greenai.store.exports import COLUMNS, DEFAULT


class ExportQuery(BreakFilter):
    """A list to be exported: the same filter and sort as of the list, columns, and the format."""

    format: Literal["csv", "xlsx", "parquet", "json"] = "csv"
    sort: SortText = "first_date"
    columns: Annotated[
        list[Annotated[str, Field(max_length=100)]],
        Field(
            max_length=100,
            description=f"Some of {', '.join(COLUMNS)}; left out: {', '.join(DEFAULT)}.",
        ),
    ] = Field(default_factory=list)
