"""Which rule of a check failed, from the gate through the store to whoever reads a run back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from publishing_desk import Desk

import greenai
from face import greenai as command
from greenai.store.database import connect

DAY = "2026-01-05"
LONG = [f"side {i}" for i in range(900)]
DEFINITION = {
    "key": ["id"],
    "fields": {"id": {"type": "string"}, "price": {"type": "decimal(10,2)"}, "side": {"type": "string"}},
    "gate": {
        "checks": [
            {"not_null": ["price"]},
            {"range": {"field": "price", "min": 0}},
            {"range": {"field": "price", "max": 9}},
            {"unique": ["price", "side"]},
            {"allowed": {"field": "side", "values": LONG}},
            {"row_count": {"min": 9}},
        ]
    },
    "store": {"table": "trade"},
}
ROWS = [
    ("1", None, LONG[0]),
    ("2", "-1", LONG[0]),
    ("3", "-2", LONG[0]),
    ("4", "10", LONG[0]),
    ("5", "5", "other"),
]


def test_each_failed_rule_is_read_back_as_the_report_names_it(postgres_url: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, postgres_url, DEFINITION)
    done = desk.run(DAY, ROWS, ROWS)
    assert done.report.run is not None
    shown = greenai.show(done.report.run, store=postgres_url)
    assert [one.example for one in shown.checks if one.rule == "range(price, min=0)"] == [
        "price is -1.00, less than 0"
    ]
    assert {(one.rule, one.field, one.breaks) for one in shown.checks} == {
        ("not_null(price)", "price", 1),
        ("range(price, min=0)", "price", 2),
        ("range(price, max=9)", "price", 1),
        ("row_count(min=9)", None, 1),
        next((one.rule, "side", 1) for one in shown.checks if one.rule.startswith("allowed(side, [")),
    }
    told = done.report.gate
    assert told is not None
    assert sorted((one.rule, one.breaks) for one in shown.checks) == sorted(told.failed_checks)
    assert len(done.report.samples["check"]) == 6
    text = command("show", done.report.run, "--store", postgres_url).out
    assert "range(price, min=0)" in text
    assert "row_count(min=9)" in text


def test_every_stage_of_a_run_is_read_back_with_its_rows(postgres_url: str, tmp_path: Path) -> None:
    done = Desk(tmp_path, postgres_url, DEFINITION).run(DAY, ROWS, [*ROWS[1:], ("6", "1", "other")])
    assert done.report.run is not None
    stages = greenai.show(done.report.run, store=postgres_url).stages
    assert [(one.stage, one.rows_in, one.rows_out) for one in stages] == [
        ("ingest", None, None),
        ("compare", 10, 2),
        ("attribute", 2, 0),
        ("decide", 2, done.summary.breaks),
    ]
    ends = [one.started_at.timestamp() + (one.seconds or 0.0) for one in stages]
    assert all((one.seconds or 0.0) > 0.0 for one in stages)
    assert ends == sorted(ends)


def test_rules_have_examples_under_another_version_of_the_key(postgres_url: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, postgres_url, DEFINITION)
    desk.run(DAY, ROWS, ROWS)
    other = {**DEFINITION, "key": ["id", "side"], "store": {"table": "trade_by_side"}}
    done = Desk(tmp_path, postgres_url, other).run(DAY, ROWS, ROWS)
    assert {one.rule for one in done.report.samples["check"]} == {
        rule for rule, _ in (done.report.gate.failed_checks if done.report.gate else ())
    }


def test_a_rule_belongs_to_failed_checks_and_to_nothing_else(postgres_url: str, tmp_path: Path) -> None:
    Desk(tmp_path, postgres_url, DEFINITION).run(DAY, ROWS, [*ROWS[:4], ("6", "1", "other")])
    with connect(postgres_url) as connection:
        known = (
            "SELECT kind, count(rule_id) = count(*), count(rule_id) FROM greenai.break GROUP BY 1 ORDER BY 1"
        )
        assert connection.execute(known).fetchall() == [
            ("check", True, 5),
            ("only_a", False, 0),
            ("only_b", False, 0),
        ]
        for change in ("rule_id = NULL WHERE kind = 'check'", "kind = 'check' WHERE kind = 'only_a'"):
            with pytest.raises(psycopg.errors.CheckViolation), connection.transaction():
                connection.execute(f"UPDATE greenai.break SET {change}")


@pytest.mark.parametrize(
    ("said", "decision", "stored"),
    [
        ({"policy": "pass"}, "passed", 2),
        ({"policy": "pass", "resolution": "exclude"}, "review", 0),
        ({"resolution": "exclude"}, "review", 0),
        ({"policy": "reject", "resolution": "exclude"}, "rejected", 0),
    ],
)
def test_a_check_of_the_whole_input_is_passed_but_never_excluded(
    said: dict[str, str], decision: str, stored: int, postgres_url: str, tmp_path: Path
) -> None:
    gate = {"reasons": {"CHECK_FAILED": said}, "checks": [{"row_count": {"min": 9}}]}
    desk = Desk(tmp_path, postgres_url, {**DEFINITION, "gate": gate})
    done = desk.run(DAY, ROWS[:2], ROWS[:2])
    assert done.summary.records == dict.fromkeys(("passed", "review", "rejected"), 0) | {decision: 2}
    told = done.report.gate
    assert told is not None
    assert sum(one.inserted for one in told.stored.values()) == stored
    assert desk.ask("SELECT outcome, resolution FROM greenai.decision") == [(decision, None)]
