"""A rule whose scope is a dated file holds on the next day: its name there is that of every day."""

from __future__ import annotations

from pathlib import Path

import yaml

import greenai
from greenai.store.database import connect

FIRST, SECOND = "2026-11-02", "2026-11-03"
SCOPE = "source_file = 'fo_2_{business_date}.csv'"


def day(folder: Path, url: str, date: str, first: int) -> None:
    """Two front office files of a day; the back office has amounts of the second one times 100."""
    back = ["id,amount"]
    for number in (1, 2):
        rows = ["id,amount"]
        for n in range(first, first + 300):
            key, amount = f"T{number}{n:05d}", 1000 + 7 * n
            rows.append(f"{key},{amount}")
            back.append(f"{key},{amount * 100 if number == 2 else amount}")
        (folder / f"fo_{number}_{date}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / f"bo_{date}.csv").write_text("\n".join(back) + "\n", encoding="utf-8")
    definition = {
        "recon": "dated",
        "sources": {
            "a": {"location": "fo_*_{business_date}.csv"},
            "b": {"location": "bo_{business_date}.csv"},
        },
        "key": ["id"],
        "fields": {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}},
        "context": ["source_file"],
    }
    (folder / "recon.yaml").write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
    with greenai.run(folder / "recon.yaml", business_date=date, store=url) as done:
        assert done.summary.breaks == 300


def test_a_rule_of_a_dated_file_decides_on_the_next_day(postgres_url: str, tmp_path: Path) -> None:
    day(tmp_path, postgres_url, FIRST, 0)
    (found,) = greenai.causes("dated", store=postgres_url)
    assert found.scope == SCOPE
    greenai.accept_cause(found.cause_id, actor="ann", resolution="take_a", store=postgres_url)
    day(tmp_path, postgres_url, SECOND, 1000)
    with connect(postgres_url) as connection:
        decided = connection.execute(
            "SELECT outcome, rule, count(*) FROM greenai.recon n,"
            " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) GROUP BY 1, 2",
            [SECOND],
        ).fetchall()
    assert decided == [("passed", f"rule:{found.cause_id}", 300)]
