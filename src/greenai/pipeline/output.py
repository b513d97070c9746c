"""The files of ``--out DIR``, each complete or absent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis

from greenai.domain.report import Report
from greenai.errors import UnreadableSourceError, UsageError
from greenai.pipeline.ageing import AGE_DAYS
from greenai.pipeline.reconcile import Reconciled
from greenai.reports import html

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

REJECT_COLUMNS = {"side": "string", "source": "string", "line": "int64", "raw": "string", "why": "string"}
GROUP_COLUMNS = {
    **dict.fromkeys(("group_id", "kind", "field", "shape", "slice"), "string"),
    "breaks": "int64",
    **dict.fromkeys(("description", "why"), "string"),
}
CAUSE_COLUMNS = {
    **dict.fromkeys(("cause_id", "field", "transformation", "expression", "scope", "reason"), "string"),
    "functional": "bool",
    "breaks": "int64",
    "exceptions": "int64",
    "confidence": "float64",
    **dict.fromkeys(("explanation", "examples", "counter_examples"), "string"),
}
AS_JSON = ("examples", "counter_examples")
"""Columns of causes that hold JSON."""
DIFF_COLUMNS = ("break_id", "key", "field", "kind", "value_a", "value_b")
SORTED_BREAKS = 500_000
"""Up to so many breaks are written in the order of key and field; more are left in the engine's order."""


def write_output(engine: DuckDBEngine, outcome: Reconciled, report: Report, folder: Path) -> None:
    """Write ``breaks.parquet``, ``rejects.parquet``, ``report.html`` and, last, ``summary.json``; of a run
    ``causes.parquet`` and ``groups.parquet`` too.

    A summary that is there says that the other files are of the same run. Raises UsageError when
    the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "summary.json").unlink(missing_ok=True)
        engine.write_parquet(output_breaks(outcome), folder / "breaks.parquet")
        write_rejects(engine, outcome, folder / "rejects.parquet")
        if outcome.explained:
            causes = [cause.as_dict() for cause in outcome.causes]
            for cause in causes:
                cause |= {name: json.dumps(cause[name], ensure_ascii=False) for name in AS_JSON}
            write_rows(engine, causes, CAUSE_COLUMNS, folder / "causes.parquet")
            groups = [group.as_dict() for group in outcome.groups]
            write_rows(engine, groups, GROUP_COLUMNS, folder / "groups.parquet")
        write_text(folder / "report.html", html.render(report))
        write_text(folder / "summary.json", json.dumps(outcome.summary.as_dict(), indent=2) + "\n")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what keeps `path` from being written into UsageError."""
    try:
        yield
    except (OSError, UnreadableSourceError) as error:
        # The engine raises the same error for a file that it cannot write as for one that it cannot read.
        why = error.strerror if isinstance(error, OSError) else None
        raise UsageError(
            f"cannot write the output: {why or error}",
            source=str(path),
            remedy="give a folder that can be written and has room",
        ) from error


def output_breaks(outcome: Reconciled) -> ir.Table:
    """The breaks with CONTRACT's columns, ``group_id`` and ``age_days`` after them; `diff` has no reasons."""
    breaks = outcome.breaks
    columns: dict[str, ir.Value] = {name: breaks[name] for name in DIFF_COLUMNS}
    if outcome.explained:
        columns |= {
            "reason": breaks.reason,
            "functional": breaks.functional,
            "confidence": breaks.confidence,
            "decision": breaks.decision if outcome.decided else ibis.null("string"),
            "cause_id": breaks.cause_id,
            "resolution": breaks.resolution if outcome.decided else ibis.null("string"),
            "explanation": breaks.explanation,
            "group_id": breaks.group_id,
        }
    if AGE_DAYS in breaks.columns:
        columns[AGE_DAYS] = breaks[AGE_DAYS]
    table = breaks.select(**columns)
    if outcome.summary.breaks <= SORTED_BREAKS:
        table = table.order_by(["key", "kind", "field", "break_id"])
    return table


def write_rejects(engine: DuckDBEngine, outcome: Reconciled, path: Path) -> None:
    """``rejects.parquet``: side, source, line (1-based, null when unknown), raw text, why."""
    if not outcome.rejects:
        # Written without PyArrow, whose import takes longer than many a diff.
        empty = {name: ibis.null(kind) for name, kind in REJECT_COLUMNS.items()}
        engine.write_parquet(outcome.breaks.select(**empty).limit(0), path)
        return
    import pyarrow as pa

    columns = {
        name: pa.array([getattr(reject, name) for reject in outcome.rejects], pa.type_for_alias(kind))
        for name, kind in REJECT_COLUMNS.items()
    }
    engine.write_parquet(engine.register(pa.table(columns)), path)


def write_rows(
    engine: DuckDBEngine, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], path: Path
) -> None:
    """A small table: what explains many breaks at once, or groups of what nothing explains."""
    import pyarrow as pa

    data = {
        name: pa.array([row[name] for row in rows], pa.type_for_alias(kind)) for name, kind in columns.items()
    }
    engine.write_parquet(engine.register(pa.table(data)), path)


def write_text(path: Path, text: str) -> None:
    """Write a whole UTF-8 file or none."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
