"""One file of a side as DuckDB can scan it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.sources.base import RejectedRow

if TYPE_CHECKING:
    from greenai.definition.model import Source


@dataclass(frozen=True, slots=True)
class Part:
    """A file: its columns, the SELECT that scans it, and the SELECT for samples (no reject book-keeping).

    `rejects` is asked after the scan. `promised` is what the file's own trailer says, as (count, sum).
    `types` are the engine's types by column, empty for formats that are text throughout.
    """

    path: Path
    columns: tuple[str, ...]
    scan: str
    sample: str
    rejects: Callable[[], list[RejectedRow]] = field(default=lambda: [])
    promised: tuple[int | None, Decimal | None] | None = None
    types: Mapping[str, str] = field(default_factory=dict)


def order_matters(source: Source) -> bool:
    """Whether the side takes the first value of a group, so that its rows must come in the file's order."""
    return "first" in (source.group or {}).values()
