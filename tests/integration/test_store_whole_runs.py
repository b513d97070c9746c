"""Whole runs into the store and back: what `greenai run` said is what `greenai show` says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from face import greenai as command
from greenai.store.database import connect

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
SAME = ("rows", "fields", "totals", "breaks", "decisions", "records", "reasons")


@pytest.fixture
def recon(tmp_path: Path) -> Path:
    shutil.copytree(QUICKSTART, tmp_path / "quickstart")
    return tmp_path / "quickstart" / "recon.yaml"


def run(recon: Path, url: str, day: str = "2026-11-19", *options: str) -> dict[str, Any]:
    answer = command("run", recon, "--store", url, "--business-date", day, "--format", "json", *options)
    assert answer.code == 1, answer
    return answer.document


def shown(number: int, url: str) -> dict[str, Any]:
    return command("show", number, "--store", url, "--format", "json").document


def listed(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = command("runs", "--store", url, "--format", "json").document["runs"]
    return found


def everything(url: str) -> dict[str, int]:
    """How many rows every table of ours has."""
    with connect(url) as connection:
        names = connection.execute(
            "SELECT schemaname || '.' || relname FROM pg_stat_user_tables "
            "WHERE schemaname IN ('greenai', 'golden')"
        ).fetchall()
        counts = {}
        for (name,) in names:
            row = connection.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
            assert row is not None
            counts[name] = row[0]
    return counts


def test_show_says_what_the_run_said(recon: Path, postgres_url: str) -> None:
    with recon.open("a", encoding="utf-8") as file:
        file.write("amount: {field: Notional, currency: Currency}\n")
    said = run(recon, postgres_url)
    (line,) = listed(postgres_url)
    told = shown(line["run"], postgres_url)
    assert {name: told[name] for name in SAME} == {name: said[name] for name in SAME}
    assert (told["state"], told["business_date"], told["fingerprint"]) == (
        "awaiting_review",
        "2026-11-19",
        said["definition_fingerprint"],
    )
    assert len(told["totals"]["by_currency"]) > 1
    assert [Path(one["location"]).name for one in told["inputs"]] == ["front_office.csv", "back_office.csv"]


def test_the_same_run_again_writes_nothing_at_all(recon: Path, postgres_url: str) -> None:
    run(recon, postgres_url)
    before = everything(postgres_url)
    run(recon, postgres_url)
    assert everything(postgres_url) == before


def test_another_input_supersedes_and_the_first_run_still_says_what_it_said(
    recon: Path, postgres_url: str
) -> None:
    run(recon, postgres_url)
    first = shown(1, postgres_url)
    side = recon.parent / "front_office.csv"
    original = side.read_text(encoding="utf-8")
    side.write_text(original.replace("44200.00", "44209.00"), encoding="utf-8")
    run(recon, postgres_url)
    superseding = listed(postgres_url)[0]["run"]
    assert shown(1, postgres_url) == first | {"superseded_by": superseding}
    side.write_text(original, encoding="utf-8")
    run(recon, postgres_url)
    third = listed(postgres_url)[0]["run"]
    assert third > superseding
    assert shown(third, postgres_url)["decisions"] == first["decisions"]


def test_what_a_policy_rejects_is_listed_with_its_rows(recon: Path, postgres_url: str) -> None:
    text = recon.read_text(encoding="utf-8")
    assert "reasons:" not in text
    recon.write_text(text.replace("gate:\n", "gate:\n  reasons: {FORMAT: reject}\n", 1), encoding="utf-8")
    said = run(recon, postgres_url)
    assert said["decisions"]["rejected"] > 0
    kept = command("rejected", 1, "--store", postgres_url, "--format", "json").document
    assert kept["records"] == said["records"]["rejected"]
    assert {one["rule"] for one in kept["breaks"]} == {"policy:FORMAT=reject"}
    assert {one["decided_by"] for one in kept["breaks"]} == {"gate"}
    for one in kept["breaks"]:
        assert one["row_a"][one["field"]] == one["value_a"], json.dumps(one)
        assert one["row_b"][one["field"]] == one["value_b"]
