"""Every planted cause of the simulated trades has its transformation proposed, and it holds."""

import json
from pathlib import Path

import pytest

from greenai.attribution.cells import CELL, cells_of
from greenai.attribution.propose import propose
from greenai.attribution.sampling import draw
from greenai.comparison.result import Comparison
from greenai.definition.loading import load
from greenai.domain.progress import SILENT
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.render import json_key
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.ingest import ingest_both
from greenai.pipeline.opening import open_sources
from greenai.pipeline.reconcile import Clock, reconcile
from greenai.simulation.trades import simulate_trades
from verifying import verify

LEAST = {"lag": 0.95}
"""Share of a cause's breaks in which it must hold; a lag is not seen where the row before is missing."""


def compared(engine: DuckDBEngine, path: Path) -> Comparison:
    """Both sides of a definition, compared: a run without its reasons and its gate."""
    read = load(path)
    sides = ingest_both(
        engine,
        lambda: open_sources(engine, read.definition, read.folder, {"business_date": "2026-11-19"}),
        lambda a, b, sample: plan_definition(engine, read.definition, a, b, sample=sample),
        max_rejects=read.definition.max_rejects,
        progress=SILENT,
    )
    return reconcile(engine, sides, clock=Clock(), explain=False).comparison


@pytest.mark.parametrize("seed", [20261, 20262])
def test_every_planted_cause_has_its_transformation(engine: DuckDBEngine, tmp_path: Path, seed: int) -> None:
    simulate_trades(rows=40_000, seed=seed, out=tmp_path / "trades")
    planted = json.loads((tmp_path / "trades" / "truth.json").read_text())["causes"]
    comparison = compared(engine, tmp_path / "trades" / "recon.yaml")
    truth = engine.view(f"SELECT key, field, cause_id FROM '{tmp_path / 'trades' / 'truth.parquet'}'")
    shares: dict[str, float] = {}
    for field, counts in comparison.fields.items():
        causes = [one for one in planted if one["field"] == field]
        if not counts.different or not causes:
            continue
        cells = cells_of(
            engine, comparison.matches, field, comparison.verdicts[field].different, list(comparison.fields)
        )
        assert cells.count == counts.different
        verified = verify(engine, cells, propose(draw(engine, cells)))
        named = cells.table.select(CELL, key=json_key([cells.table["key:trade_id"]]))
        known = truth.filter(truth.field == field).select("key", "cause_id")
        judged = engine.materialise(named.join(known, "key").join(verified.table, CELL))
        for cause in causes:
            of_cause = judged.filter(judged.cause_id == cause["id"])
            flags = {
                f"h{at}": of_cause[f"t{at}"].mean()
                for at, one in enumerate(verified.transformations)
                if one.family == cause["family"]
            }
            found = engine.row(of_cause.aggregate(**flags)) if flags else {}
            least = LEAST.get(cause["family"], 0.99)
            if cause["family"] != "unknown" and max(found.values(), default=0.0) < least:
                shares[cause["id"]] = max(found.values(), default=0.0)
    assert shares == {}
