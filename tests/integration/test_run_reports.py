"""What `greenai run` prints and writes about gate and store, by real runs into a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

A = "id,name,amount\n1,x,10.00\n2,y,20.00\n3,z,30.00\n"
GATE = "gate:\n  checks:\n    - {not_null: [name]}\n    - {range: {field: amount, max: 25}}\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(A)
    (tmp_path / "b.csv").write_text(A)
    return tmp_path


def define(folder: Path, name: str, more: str) -> None:
    (folder / "recon.yaml").write_text(
        f"recon: {name}\nsources: {{a: {{location: a.csv}}, b: {{location: b.csv}}}}\nkey: [id]\n"
        'fields:\n  id: {type: integer}\n  name: {type: string}\n  amount: {type: "decimal(18,2)"}\n' + more
    )


def run(folder: Path, url: str, form: str, *, expect: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "greenai", "run", str(folder / "recon.yaml"), "--business-date", "2026-11-19",
         "--store", url, "--format", form, "--out", str(folder / "out")],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == expect, done.stderr
    return done.stdout


def document(folder: Path, url: str, *, expect: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(folder, url, "json", expect=expect))
    return found


def test_a_run_that_passes_says_so_and_what_it_stored(shop: Path, postgres_url: str) -> None:
    define(shop, "passes", "store: {table: passing}\n")
    shown = run(shop, postgres_url, "text", expect=0)
    assert "✓ All 3 records passed.\n  Stored as run 1: golden.passing 3 inserted." in shown
    assert "See it again: greenai show 1" in shown
    summary = json.loads((shop / "out" / "summary.json").read_text())
    assert summary["decisions"] == {"passed": 0, "review": 0, "rejected": 0}
    assert summary["records"] == {"passed": 3, "review": 0, "rejected": 0}
    assert "golden.passing" in (shop / "out" / "report.html").read_text()


def test_the_same_run_again_says_that_nothing_was_written(shop: Path, postgres_url: str) -> None:
    define(shop, "again", "store: {table: again}\n")
    run(shop, postgres_url, "text", expect=0)
    again = document(shop, postgres_url, expect=0)
    assert again["run"] == again["gate"]["repeated"] == 1
    assert again["gate"]["stored"] == {}
    assert "Run 1 stored the same before: nothing was written." in run(
        shop, postgres_url, "markdown", expect=0
    )


def test_a_failed_check_is_shown_with_its_key_and_its_record_waits(shop: Path, postgres_url: str) -> None:
    define(shop, "checked", GATE + "store: {table: checked}\n")
    found = document(shop, postgres_url, expect=1)
    assert found["gate"]["failed_checks"] == [
        {
            "rule": "range(amount, max=25)",
            "failures": 1,
            "example": {
                "key": ["3"],
                "field": "amount",
                "kind": "check",
                "value_a": None,
                "value_b": None,
                "reason": "CHECK_FAILED",
                "decision": "review",
                "rule": "range(amount, max=25)",
                "explanation": found["breaks_sample"][0]["explanation"],
            },
        }
    ]
    assert "30.00" in found["breaks_sample"][0]["explanation"]
    assert found["gate"]["stored"]["checked"]["inserted"] == 2
    assert found["records"] == {"passed": 2, "review": 1, "rejected": 0}


def test_a_record_that_is_rejected_or_waits_keeps_its_last_version(shop: Path, postgres_url: str) -> None:
    define(shop, "later", "gate: {reasons: {UNKNOWN: review}}\nstore: {table: later}\n")
    run(shop, postgres_url, "text", expect=0)
    (shop / "b.csv").write_text(A.replace("30.00", "31.00"))
    waits = document(shop, postgres_url, expect=1)
    assert waits["gate"]["stored"]["later"]["pending"] == 1
    assert waits["breaks_sample"][0]["decision"] == "review"
    assert waits["breaks_sample"][0]["resolution"] == "take_a"
    define(shop, "later", "gate: {reasons: {UNKNOWN: reject}}\nstore: {table: later}\n")
    shown = run(shop, postgres_url, "text", expect=1)
    assert "! 1 of 3 records is rejected; 2 passed." in shown
    assert "UNKNOWN · rejected" in shown


def test_a_check_of_the_whole_input_holds_everything_back(shop: Path, postgres_url: str) -> None:
    define(shop, "short", "gate: {checks: [{row_count: {min: 10}}]}\nstore: {table: short}\n")
    shown = run(shop, postgres_url, "text", expect=1)
    assert "! All 3 records await review. A check of the whole input holds everything back: 3 rows," in shown
    assert "the golden tables stay as they were" in shown
    assert "✓ Both sides are equal" in shown
    found = document(shop, "none", expect=1)
    assert found["gate"]["holds_all"]
    assert found["run"] is None
    assert found["breaks_sample"][0]["key"] == []
