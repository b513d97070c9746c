"""Flows through the queue: open records join where sides are compared, in another process than reads them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from jobshop import work_off
from test_flows import desk, golden, present

from greenai.definition.loading import load
from greenai.pipeline import submission
from greenai.store.database import connect


def test_open_records_join_the_next_comparison_of_the_engines(folder: Path, postgres_url: str) -> None:
    recon = desk(folder / "recon", postgres_url)
    recon.run("2026-02-01", [("x", "1.00"), ("y", "many"), ("z", "3.00")], [])
    recon.write("a", [])
    recon.write("b", [("x", "1.00"), ("y", "2.00")])
    read = load(folder / "recon" / "recon.yaml")
    with connect(postgres_url, autocommit=True) as connection:
        submission.submit(
            connection,
            read.definition,
            base=read.folder,
            business_date=date(2026, 2, 2),
            requested_by="ann",
        )
    work_off(postgres_url, folder / "workspace")
    assert present(recon, "2026-02-02") == Counter({("y", "value"): 1, ("z", "only_a"): 1})
    assert golden(recon) == {"x": "1.00"}
    rows = recon.ask("SELECT rows_a, rows_b, carried_a, carried_b FROM greenai.run_rows ORDER BY run_id")
    assert rows[-1] == (0, 2, 3, 0)
