"""Holds what a candidate found against the truth.

Run as ``python -m benchmarks.verify PLANTED.parquet FOUND.parquet`` it compares breaks one by one, in a
process of its own, because the measuring process must not load DuckDB.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.candidates import Candidate


def faults(
    candidate: Candidate, out: Path, data: Path, truth: dict[str, Any], *, thorough: bool
) -> list[str]:
    """What is wrong with a result, in words; empty when it is right.

    `thorough` also compares the breaks themselves where the candidate writes them.
    """
    if candidate.judged == "nothing":
        return []
    summary = out / "summary.json"
    if not summary.exists():
        return ["no summary.json was written"]
    found = count_faults(truth, json.loads(summary.read_text()))
    if thorough and candidate.judged == "breaks" and not found:
        found = break_faults(data / "breaks.parquet", out / "breaks.parquet")
    return found


def count_faults(truth: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Every number in `found` that the truth contradicts; at least one must be comparable."""
    wrong = []
    compared = 0
    for name, expected in truth["rows"].items():
        if name in found.get("rows", {}):
            compared += 1
            if found["rows"][name] != expected:
                wrong.append(f"{name} {found['rows'][name]:,} instead of {expected:,}")
    if "fields" in found:
        for name, expected in truth["fields"].items():
            compared += 1
            number = found["fields"].get(name, {}).get("different")
            if number != expected["different"]:
                wrong.append(f"{name} {number} instead of {expected['different']:,}")
    return wrong if compared else ["no number that could be checked"]


def break_faults(planted: Path, found: Path) -> list[str]:
    """Breaks that were missed, invented or listed twice, or whose two values are the same text."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.verify", planted.resolve(), found.resolve()],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        return [without_folders(f"breaks.parquet: {answer.stderr.strip().splitlines()[-1]}")]
    counted: dict[str, int] = json.loads(answer.stdout)
    return [f"{number:,} breaks {what}" for what, number in counted.items() if number]


def without_folders(text: str) -> str:
    """The text with each path cut down to its file name, because results are published."""
    return re.sub(r"(?<![\w.])(?:/[^\s:'\"/]+)*/(?=[^\s:'\"/])", "", text)


def compare(planted: str, found: str) -> dict[str, int]:
    """Counts of breaks missed, invented, and of cells reported with equal values."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET memory_limit = '4GB'; SET preserve_insertion_order = false")
    # Keys may be spaced differently as JSON; the list of their values is what counts.
    identity = "SELECT from_json(key, '[\"VARCHAR\"]') AS key, field, kind FROM '{}'"
    connection.execute(
        f"""CREATE TEMP TABLE tally AS
            SELECT key, field, kind, sum(planted) AS planted, sum(found) AS found FROM (
                SELECT *, 1 AS planted, 0 AS found FROM ({identity.format(planted)})
                UNION ALL SELECT *, 0, 1 FROM ({identity.format(found)}))
            GROUP BY ALL HAVING sum(planted) <> sum(found)"""
    )
    missed, invented, alike = connection.execute(
        f"""SELECT coalesce(sum(planted - found) FILTER (planted > found), 0)::BIGINT,
                   coalesce(sum(found - planted) FILTER (found > planted), 0)::BIGINT,
                   (SELECT count(*) FROM '{found}'
                    WHERE kind = 'value' AND value_a IS NOT DISTINCT FROM value_b)
            FROM tally"""
    ).fetchone() or (0, 0, 0)
    return {"missed": missed, "invented": invented, "with equal values": alike}


if __name__ == "__main__":
    print(json.dumps(compare(*sys.argv[1:3])))
