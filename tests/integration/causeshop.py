"""Two small tables compared by a whole run, and the causes and breaks that it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import greenai

Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """The rows of ``causes.parquet`` and of ``breaks.parquet``."""

    causes: list[Row]
    breaks: list[Row]

    def of(self, field: str | None) -> list[Row]:
        """The causes of one field, or of whole records."""
        return [cause for cause in self.causes if cause["field"] == field]

    def keys(self, field: str, cause_id: str | None) -> set[str]:
        """The keys of a field's breaks with a cause, or without any."""
        return {one["key"] for one in self.breaks if one["field"] == field and one["cause_id"] == cause_id}


def reconciled(
    folder: Path, a: Sequence[Row], b: Sequence[Row], *, key: str, fields: str, context: str
) -> Written:
    """Run a definition over both tables; `fields` is its YAML for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for side, rows in (("a", a), ("b", b)):
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        pq.write_table(pa.table(columns), folder / f"{side}.parquet")
    (folder / "recon.yaml").write_text(
        "recon: shop\nsources: {a: {location: a.parquet}, b: {location: b.parquet}}\n"
        f"key: {key}\nfields: {fields}\ncontext: {context}\nmax_rejects: 1.0\n",
        encoding="utf-8",
    )
    with greenai.run(folder / "recon.yaml", store="none") as found:
        found.write(folder / "result")
    return Written(
        pq.read_table(folder / "result" / "causes.parquet").to_pylist(),
        pq.read_table(folder / "result" / "breaks.parquet").to_pylist(),
    )
