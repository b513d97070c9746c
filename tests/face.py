"""greenai as a user meets it: the command line, in this process or its own, and the law of the counts."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.parquet as pq

from greenai.cli.main import main

DIFF_COLUMNS = ["break_id", "key", "field", "kind", "value_a", "value_b"]
RUN_COLUMNS = [
    *DIFF_COLUMNS,
    *(
        "reason",
        "functional",
        "confidence",
        "decision",
        "cause_id",
        "resolution",
        "explanation",
        "group_id",
        "age_days",
    ),
]
REJECT_COLUMNS = ["side", "source", "line", "raw", "why"]


@dataclass(frozen=True)
class Answer:
    """What a command said. Whatever it was given, it neither crashed nor left anybody alone."""

    code: int
    out: str
    err: str

    def __post_init__(self) -> None:
        assert "Traceback" not in self.err, self.err
        assert "a bug, sorry" not in self.err, self.err
        assert self.code in (0, 1, 2), self
        if self.code == 2:
            assert self.out == "", "trouble belongs on standard error"
            assert self.err.strip(), "trouble without a word"

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document it must be."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def trouble(self, *parts: str) -> None:
        """It is exit 2 with one message that holds all `parts` and says what to do."""
        assert self.code == 2, self
        for part in parts:
            assert part in self.err, f"{part!r} is not in {self.err!r}"
        usage = "Usage: " in self.err
        assert usage or (self.err.startswith("greenai: ") and "→ " in self.err), self.err


def greenai(*arguments: object, cwd: Path | None = None) -> Answer:
    """Run the command line in this process, through the same door as the script."""
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    stderr = io.StringIO()
    before = Path.cwd()
    if cwd is not None:
        os.chdir(cwd)
    code: object = 0
    try:
        with (
            patch.object(sys, "argv", ["greenai", *map(str, arguments)]),
            redirect_stdout(stdout),
            redirect_stderr(stderr),
        ):
            main()
    except SystemExit as leaving:
        code = leaving.code
    finally:
        os.chdir(before)
    buffer = stdout.buffer
    assert isinstance(buffer, io.BytesIO)
    assert isinstance(code, int)
    return Answer(code, buffer.getvalue().decode(), stderr.getvalue())


def process(
    *arguments: object, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("GREENAI_")}
    return subprocess.run(
        [sys.executable, "-m", "greenai", *map(str, arguments)],
        env={**given, **(env or {})},
        check=False,
        encoding="utf-8",
        timeout=120,
        **{"capture_output": True, **options},
    )


def assert_adds_up(summary: Mapping[str, Any], lines_in_a: int, lines_in_b: int) -> None:
    """Every row of both files is somewhere, once; the counts of breaks agree with the rows."""
    rows = summary["rows"]
    assert min(rows.values()) >= 0
    assert rows["equal"] + rows["different"] == rows["matched"]
    assert rows["matched"] + rows["only_a"] + rows["duplicates_a"] == rows["a"]
    assert rows["matched"] + rows["only_b"] + rows["duplicates_b"] == rows["b"]
    assert rows["a"] + rows["rejected_a"] == lines_in_a
    assert rows["b"] + rows["rejected_b"] == lines_in_b
    different = [field["different"] for field in summary["fields"].values()]
    assert max(different, default=0) <= rows["different"] <= sum(different)
    records = rows["only_a"] + rows["only_b"] + rows["duplicates_a"] + rows["duplicates_b"]
    assert summary["breaks"] == sum(different) + records


def written(folder: Path, *, explained: bool = False) -> dict[str, Any]:
    """``summary.json`` of ``--out``, once the other files are known to agree with it."""
    files = ["breaks.parquet", "rejects.parquet", "report.html", "summary.json"]
    if explained:
        files += ["causes.parquet", "groups.parquet"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(files)
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    breaks = pq.read_table(folder / "breaks.parquet")
    assert breaks.column_names == (RUN_COLUMNS if explained else DIFF_COLUMNS)
    assert breaks.num_rows == summary["breaks"]
    assert len(set(breaks["break_id"].to_pylist())) == breaks.num_rows
    assert None not in breaks["key"].to_pylist()
    # A failed check has a field too, and is no difference between the sides.
    kinds = zip(breaks["field"].to_pylist(), breaks["kind"].to_pylist(), strict=True)
    counted = Counter(field for field, kind in kinds if kind == "value")
    assert all(field["different"] == counted[name] for name, field in summary["fields"].items())
    rejects = pq.read_table(folder / "rejects.parquet")
    assert rejects.column_names == REJECT_COLUMNS
    rows = summary["rows"]
    assert rejects.num_rows == rows["rejected_a"] + rows["rejected_b"]
    assert (folder / "report.html").read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    return summary


def breaks_of(folder: Path) -> list[dict[str, Any]]:
    """The rows of ``breaks.parquet`` without their identities, keys read."""
    rows = pq.read_table(folder / "breaks.parquet").to_pylist()
    return [
        {**{name: value for name, value in row.items() if name != "break_id"}, "key": json.loads(row["key"])}
        for row in rows
    ]


def rejects_of(folder: Path) -> list[dict[str, Any]]:
    """The rows of ``rejects.parquet``."""
    found: list[dict[str, Any]] = pq.read_table(folder / "rejects.parquet").to_pylist()
    return found


def write_csv(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """A csv as Python's own writer writes it."""
    import csv

    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path
