"""`python -m benchmarks.store`: a whole `greenai run` of CSV into PostgreSQL, first and again.

Beside it the least that anybody must do: scan both files and COPY the same rows into the same
constrained table. Every round begins with an empty database; what is timed are whole processes, the
server runs already.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine
from benchmarks.generate import Recipe, generate
from benchmarks.measure import Limits, run

HERE = Path(__file__).parent
CHANGED = 1_000
"""Of so many rows one is changed before the run again."""
LIMITS = Limits(1_800, 16_000_000_000)
DEFINITION = """\
recon: bench
sources:
  a: {location: a.csv}
  b: {location: b.csv}
key: [id]
store:
  table: bench
"""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows a side")
    parser.add_argument("--repeat", type=int, default=3, help="rounds")
    parser.add_argument("--data", type=Path, default=HERE / ".data")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--store", help="a PostgreSQL database that may be emptied (default: embedded)")
    asked = parser.parse_args()
    folder = prepared(asked.data, asked.rows)
    with server(asked.store) as url:
        rounds = measured(url, folder, asked.repeat)
    document = {"machine": machine.facts(), "rows": asked.rows, "rounds": rounds}
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "store.json").write_text(json.dumps(document, indent=1) + "\n")
    page = written(document)
    (asked.out / "store.md").write_text(page)
    print(page)


def prepared(data: Path, rows: int) -> Path:
    """A folder with both sides as CSV, once as they are and once with changed rows, and a definition."""
    import duckdb

    recipe = Recipe(rows)
    source = data / recipe.folder
    generate(recipe, source, csv=True)
    folder = (data / f"store-{rows}").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for side in ("a", "b"):
        changed = folder / f"{side}-changed.csv"
        if not changed.exists():
            # The same rows on both sides, so that they enter the table with other values.
            duckdb.execute(
                "COPY (SELECT * REPLACE"
                f" (CASE WHEN id::BIGINT % {CHANGED} = 0 THEN 'changed' ELSE c2 END AS c2)"
                f" FROM read_csv('{source}/{side}.csv', all_varchar = true)) TO '{changed}' (HEADER)"
            )
        original = folder / f"{side}-original.csv"
        if not original.exists():
            original.symlink_to((source / f"{side}.csv").resolve())
    (folder / "recon.yaml").write_text(DEFINITION)
    return folder


def server(url: str | None) -> Any:
    """A running server's URL, as a context."""
    import contextlib

    if url:
        return contextlib.nullcontext(url)
    from greenai.embedded.postgres import embedded_postgres
    from greenai.settings import read_settings

    home = read_settings().home
    assert home is not None
    return embedded_postgres(home / "benchmark")


def measured(url: str, folder: Path, repeat: int) -> list[dict[str, float]]:
    """Seconds of every round, by what was done."""
    greenai = (
        str(Path(sys.executable).parent / "greenai"),
        "run",
        str(folder / "recon.yaml"),
        "--no-causes",
        "--store",
        url,
    )
    stored = folder / "stored.csv"
    emptied(url)
    pointed(folder, "original")
    timed((*greenai, "--business-date", "2026-01-01"), folder)
    with stored.open("wb") as file, connected(url) as connection:
        with connection.cursor().copy("COPY golden.bench TO STDOUT (FORMAT csv)") as copy:
            for block in copy:
                file.write(block)
        connection.execute("DROP TABLE IF EXISTS public.greenai_bench")
        connection.execute("CREATE TABLE public.greenai_bench (LIKE golden.bench INCLUDING ALL)")
    hand = (sys.executable, str(HERE / "contenders" / "load_table.py"), url, "public.greenai_bench")
    rounds = []
    for number in range(repeat):
        emptied(url)
        with connected(url) as connection:
            connection.execute("TRUNCATE public.greenai_bench")
            connection.execute("CHECKPOINT")
        pointed(folder, "original")
        files = (str(folder / "a.csv"), str(folder / "b.csv"))
        found = {"by hand": timed((*hand, str(stored), *files), folder)}
        found["first"] = timed((*greenai, "--business-date", "2026-01-01"), folder)
        pointed(folder, "changed")
        found["again"] = timed((*greenai, "--business-date", "2026-01-02"), folder)
        rounds.append(found)
        print(f"  {number + 1}/{repeat} " + ", ".join(f"{k} {v:.2f} s" for k, v in found.items()), flush=True)
    return rounds


def timed(command: tuple[str, ...], folder: Path) -> float:
    """Wall seconds of one process; it must end as a command that found differences does, or well."""
    cost = run(command, scratch=folder / "scratch", limits=LIMITS)
    if cost.exit_code not in (0, 1) or cost.stopped:
        sys.exit(f"{' '.join(command)}: exit {cost.exit_code}\n{cost.complaint}")
    return cost.seconds


def pointed(folder: Path, which: str) -> None:
    """Let the definition's files be the original or the changed ones."""
    for side in ("a", "b"):
        link = folder / f"{side}.csv"
        link.unlink(missing_ok=True)
        link.symlink_to(folder / f"{side}-{which}.csv")


def connected(url: str) -> Any:
    """A connection that commits every statement."""
    import psycopg

    return psycopg.connect(url, autocommit=True)


def emptied(url: str) -> None:
    """Remove all that greenai stored."""
    with connected(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS greenai CASCADE")
        connection.execute("DROP SCHEMA IF EXISTS golden CASCADE")
        connection.execute("CHECKPOINT")


def written(document: dict[str, Any]) -> str:
    """The table as Markdown."""
    rounds = document["rounds"]
    middle = {name: median(found[name] for found in rounds) for name in rounds[0]}
    first = median(found["first"] / found["by hand"] for found in rounds)
    again = median(found["again"] / found["first"] for found in rounds)
    facts = document["machine"]
    rows = (
        (
            "by hand: scan both, COPY the same rows into the same constrained table",
            middle["by hand"],
            "1",
            "",
        ),
        ("`greenai run --no-causes`, first time", middle["first"], f"{first:.2f} x by hand", "1.6"),
        (
            "`greenai run --no-causes` again, 0.1 % changed",
            middle["again"],
            f"{again:.2f} x the first time",
            "0.7",
        ),
    )
    lines = [f"| {what} | {seconds:.2f} | {ratio} | {goal} |" for what, seconds, ratio, goal in rows]
    return "\n".join(
        (
            "# `greenai run` of CSV into PostgreSQL",
            "",
            f"{document['rows']:,} rows a side of 17 columns, 1 % of them differ; {facts['cores']} cores,",
            f"{len(rounds)} rounds in turn, medians; whole processes, PostgreSQL running"
            " (`python -m benchmarks.store`).",
            "",
            "| what | seconds | ratio | goal |",
            "|---|--:|--:|--:|",
            *lines,
            "",
        )
    )


if __name__ == "__main__":
    os.umask(0o022)
    main()
