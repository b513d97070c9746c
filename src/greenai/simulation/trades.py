"""A realistic recon with known truth: front-office trades against the back-office ledger."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.domain.progress import SILENT, Progress
from greenai.errors import UsageError
from greenai.simulation.causes import CAUSES, CauseKind
from greenai.simulation.output import claimed
from greenai.simulation.planting import plant, written_fields
from greenai.simulation.recon import definition_text
from greenai.simulation.sides import BACK_OFFICE, FRONT_OFFICE, write_back_office, write_front_office
from greenai.simulation.slices import plant_causes
from greenai.simulation.text import quoted
from greenai.simulation.truth import (
    PlantedCause,
    create_truth,
    expected,
    planted_causes,
    write_truth,
)
from greenai.simulation.world import create_world

if TYPE_CHECKING:
    import duckdb

__all__ = ["CAUSES", "CauseKind", "PlantedCause", "Simulated", "simulate_trades"]

MAX_ROWS = 999_999_999


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where a simulation was written and what it holds.

    `files` are the data files of both sides. `rows_a` and `rows_b` are readable rows, `rejects` the
    lines of side a that cannot be read, `breaks` the rows of the truth.
    """

    definition: Path
    files: tuple[Path, ...]
    truth: Path
    causes: tuple[PlantedCause, ...]
    rows_a: int
    rows_b: int
    rejects: int
    breaks: int


def simulate_trades(
    *,
    rows: int,
    seed: int,
    out: Path,
    business_date: date = date(2026, 11, 19),
    progress: Progress = SILENT,
) -> Simulated:
    """Write both sides of `rows` trades, their definition and the truth about their breaks into `out`.

    The same arguments give the same bytes (with one version of DuckDB), however many threads run;
    another seed moves the slices and parameters of the causes. `out` is written whole or not at all;
    it may be new, empty, or hold an earlier simulation, which is replaced. Raises UsageError otherwise,
    and EngineError or SourceError when memory or disk run out.
    """
    if not 1 <= rows <= MAX_ROWS:
        raise UsageError(
            "the number of rows is out of range",
            value=rows,
            remedy=f"give a number from 1 to {MAX_ROWS:,}",
        )
    import duckdb

    with claimed(out) as folder:
        connection = _connect(folder)
        try:
            told, causes = _write(
                connection, folder, rows=rows, seed=seed, day=business_date, progress=progress
            )
        except duckdb.Error as error:
            from greenai.engines.duckdb import translated

            raise translated(error) from error
        finally:
            connection.close()
    progress.done()
    return Simulated(
        definition=out / "recon.yaml",
        files=tuple(out / name for name in told["data"]),
        truth=out / "truth.parquet",
        causes=causes,
        rows_a=told["rows"]["a"],
        rows_b=told["rows"]["b"],
        rejects=told["rejects"],
        breaks=sum(told["breaks"].values()),
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    rows: int,
    seed: int,
    day: date,
    progress: Progress,
) -> tuple[dict[str, Any], tuple[PlantedCause, ...]]:
    """Generate everything into `folder`; returns what `truth.json` tells, and the causes."""
    progress.stage("trades", rows)
    world = create_world(connection, rows=rows, seed=seed, day=day)
    plants = plant_causes(connection, world)
    progress.stage("causes", rows)
    plant(connection, world, plants)
    connection.execute("DROP TABLE trade")  # Its columns are in `planted` too.
    written = frozenset(written_fields(plants))
    progress.stage("front office", rows)
    data = write_front_office(connection, world, folder / FRONT_OFFICE, written)
    progress.stage("back office", rows)
    data += write_back_office(connection, world, folder / BACK_OFFICE)
    progress.stage("truth", rows)
    create_truth(connection, plants, written)
    write_truth(connection, folder / "truth.parquet")
    causes = planted_causes(connection, plants)
    (folder / "recon.yaml").write_text(definition_text(), encoding="utf-8")
    summary = expected(connection)
    kinds = connection.execute("SELECT kind, count(*) FROM truth GROUP BY 1 ORDER BY 1").fetchall()
    names = [path.relative_to(folder).as_posix() for path in data]
    told: dict[str, Any] = {
        "simulation": "trades",
        "seed": seed,
        "trades": rows,
        "business_date": day.isoformat(),
        "rows": summary.rows,
        "fields": summary.fields,
        "breaks": dict(kinds),
        "rejects": summary.rows["rejected_a"],
        "causes": [asdict(cause) for cause in causes],
        "data": names,
        "files": [*names, "recon.yaml", "truth.parquet", "truth.json"],
    }
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    (folder / "truth.json").write_text(text, encoding="utf-8")
    return told, causes


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """A private database in memory that keeps the order of rows and spills beside the output."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET temp_directory = {quoted(str(folder / '.spill'))}")
    return connection
