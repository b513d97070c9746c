"""Medians are paired by round, goals are judged honestly, the page and the picture can be read."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from benchmarks.goals import GOAL_ROWS, judge
from benchmarks.plot import svg
from benchmarks.report import markdown
from benchmarks.results import read


def run(seconds: float, peak: int = 500_000_000, **other: Any) -> dict[str, Any]:
    plain = {"cpu_seconds": seconds, "exit_code": 0, "stopped": None, "faults": []}
    return {"seconds": seconds, "peak_bytes": peak, **plain, **other}


def document(rounds: list[dict[str, Any]], rows: int = GOAL_ROWS) -> dict[str, Any]:
    roles = {"floor": "floor", "greenai": "greenai", "datacompy": "peer"}
    candidates = [
        {"name": n, "label": n, "role": r, "judged": "counts", "exit_code": 0} for n, r in roles.items()
    ]
    group = {"name": "parquet", "title": "Parquet", "rows": rows, "candidates": candidates, "rounds": rounds}
    machine = {"processor": "P", "cores": 2, "memory_bytes": 24e9, "system": "Linux"}
    return {"machine": machine, "versions": {"greenai": {"duckdb": "2"}}, "groups": [group]}


def test_ratios_are_paired_by_round_before_the_median() -> None:
    rounds = [
        {"floor": run(1.0), "greenai": run(2.0)},
        {"floor": run(4.0), "greenai": run(8.0)},
        {"floor": run(2.0), "greenai": run(8.0)},
    ]
    line = read(document(rounds))[0].line("greenai")
    assert line is not None
    assert line.ratio == 2.0
    assert line.seconds == 8.0


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(1.4, "the dream of 1.5"), (1.9, "reached |"), (2.1, "**not")]
)
def test_a_goal_is_reached_or_not(seconds: float, verdict: str) -> None:
    page = markdown_of([{"floor": run(1.0), "greenai": run(seconds)}])
    assert verdict in goal(page, "Parquet: time")


def test_a_wrong_result_reaches_no_goal_and_is_shown() -> None:
    page = markdown_of([{"floor": run(1.0), "greenai": run(1.0, faults=["different 1 instead of 2"])}])
    assert "**not reached** (greenai gave a wrong result)" in goal(page, "Parquet: time")
    assert "**WRONG**: different 1 instead of 2" in page


def test_a_failure_is_not_called_a_wrong_result() -> None:
    failed = run(1.0, exit_code=2, faults=["ended with 2 instead of 0: out of memory"])
    page = markdown_of([{"floor": run(1.0), "greenai": failed}])
    assert "**FAILED**: ended with 2 instead of 0: out of memory" in page
    assert "**not reached** (greenai failed)" in goal(page, "Parquet: time")


def test_a_stopped_peer_can_prove_a_goal_but_not_refute_it() -> None:
    for seconds, verdict in ((20.0, "reached"), (5.0, "undecided")):
        stopped = run(seconds, stopped="memory")
        page = markdown_of([{"floor": run(1.0), "greenai": run(1.0), "datacompy": stopped}])
        assert goal(page, "faster than datacompy").split("|")[5].startswith(f" {verdict} (or better")
        assert f"> {seconds:.2f} s" in page


def test_what_was_not_measured_is_said_so() -> None:
    assert "not measured" in goal(markdown_of([{"floor": run(1.0), "greenai": run(1.0)}]), "CSV: time")


def test_goals_are_judged_at_the_size_they_are_set_for() -> None:
    found = document([{"floor": run(1.0), "greenai": run(1.8)}])
    larger = document([{"floor": run(1.0), "greenai": run(3.0)}], rows=5 * GOAL_ROWS)
    found["groups"] += larger["groups"]
    verdicts = {verdict.what: verdict for verdict in judge(read(found))}
    assert verdicts["`greenai diff`, Parquet: time"].measured == 1.8
    growth = verdicts["growth: seconds per row, largest over smallest size"]
    assert growth.measured == pytest.approx(3.0 / 1.8 / 5)


def test_the_picture_is_one_well_formed_document_with_a_dot_per_figure() -> None:
    picture = svg(read(document([{"floor": run(1.0), "greenai": run(2.0), "datacompy": run(30.0)}])))
    dots = ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}circle")
    assert len(list(dots)) == 6


def markdown_of(rounds: list[dict[str, Any]]) -> str:
    found = document(rounds)
    return markdown(found, read(found), "diff.svg")


def goal(page: str, what: str) -> str:
    return next(line for line in page.splitlines() if what in line)
