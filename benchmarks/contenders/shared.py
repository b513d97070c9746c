"""What every contender script needs: its arguments, and the one form in which it reports.

These scripts run in the environments of their products, so this file needs the standard library only.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """One comparison: two tables of one `format`, their `key`, and a folder for the results."""

    a: Path
    b: Path
    format: str
    key: list[str]
    columns: list[str]
    out: Path
    memory: str | None
    algorithm: str | None

    def report(self, rows: dict[str, int], fields: dict[str, int] | None = None) -> None:
        """Write what the product found, in the shape of CONTRACT's ``summary.json``.

        A product that does not say a number leaves it out; nothing is derived on its behalf.
        """
        found: dict[str, Any] = {"rows": rows}
        if fields is not None:
            found["fields"] = {name: {"different": fields.get(name, 0)} for name in self.columns}
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / "summary.json").write_text(json.dumps(found))


def task() -> Task:
    """The comparison asked for on the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--format", choices=("parquet", "csv", "duckdb"), default="parquet")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--memory")
    parser.add_argument("--algorithm")
    chosen = parser.parse_args()
    described = json.loads((chosen.dataset / "dataset.json").read_text())
    return Task(
        a=chosen.dataset / f"a.{chosen.format}",
        b=chosen.dataset / f"b.{chosen.format}",
        format=chosen.format,
        key=described["key"],
        columns=described["columns"],
        out=chosen.out,
        memory=chosen.memory,
        algorithm=chosen.algorithm,
    )
