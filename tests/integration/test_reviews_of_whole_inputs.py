"""What a person can decide about a check of the whole input, and what makes no sense there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

from greenai.errors import UsageError
from greenai.pipeline.review import approve

DAY = "2026-01-06"
FIELDS = {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}}
ROWS = [("k", "1.00"), ("m", "2.00")]


@pytest.fixture
def waiting(postgres_url: str, tmp_path: Path) -> tuple[Desk, int, str]:
    """A day whose input is too short, the number of its run, and the break that says so."""
    gate = {"checks": [{"row_count": {"min": 9}}]}
    desk = Desk(
        tmp_path, postgres_url, {"key": ["id"], "fields": FIELDS, "gate": gate, "store": {"table": "trade"}}
    )
    run_id = desk.run(DAY, ROWS, [ROWS[0], ("m", "3.00")]).run_id
    assert run_id is not None
    return desk, run_id, desk.breaks(DAY)[""][0][0]


@pytest.mark.parametrize(
    "more", [{"resolution": "exclude"}, {"resolution": "take_a"}, {"resolution": "take_value", "value": "1"}]
)
@pytest.mark.parametrize("outcome", ["passed", "rejected"])
def test_the_whole_input_is_not_resolved_like_a_record(
    waiting: tuple[Desk, int, str], more: dict[str, Any], outcome: Any
) -> None:
    desk, run_id, whole = waiting
    before = desk.everything()
    with pytest.raises(UsageError, match="about the whole input") as refused:
        approve(desk.url, run_id, [whole], actor="ann", outcome=outcome, **more)
    assert refused.value.remedy is not None
    assert "row_count(" in str(refused.value)
    assert desk.everything() == before


def test_nor_together_with_breaks_of_records(waiting: tuple[Desk, int, str]) -> None:
    desk, run_id, whole = waiting
    own = desk.breaks(DAY)["m"][0][0]
    with pytest.raises(UsageError, match="about the whole input"):
        approve(desk.url, run_id, [own, whole], actor="ann", resolution="take_b")
    approve(desk.url, run_id, [own], actor="ann", resolution="take_b")
    assert approve(desk.url, run_id, [whole], actor="ann").rerun
    desk.run(DAY)
    assert {key: str(row[0]) for key, row in desk.golden().items()} == {"k": "1.00", "m": "3.00"}


def test_refused_it_keeps_all_records_out_of_the_next_run_too(waiting: tuple[Desk, int, str]) -> None:
    desk, run_id, whole = waiting
    approve(desk.url, run_id, [whole], actor="ann", outcome="rejected", comment="half a file")
    desk.run(DAY)
    assert desk.breaks(DAY)[""][0][2] == "rejected"
    assert desk.ask("SELECT to_regclass('golden.trade')") == [(None,)]
