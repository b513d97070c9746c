"""Runs read back: from the database, from Python and from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk
from storeshop import EQUAL, FIRST, GOLDEN, One, Shop, open_shop
from test_store_decisions import review

import greenai
from face import greenai as command
from greenai.domain.breaks import Reject
from greenai.domain.runs import FailedCheck, Input
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import StoreError, UsageError
from greenai.store import runs

FILES = (
    Input("a", "/data/a\n.csv", "sha256:" + "1" * 64, 3),
    Input("b", "/data/b.csv", "sha256:" + "2" * 64, 4),
)
UNREADABLE = (
    Reject("a", "a.csv", 7, "x;\0;\ud800", "3 cells instead of 2"),
    Reject("a", "a.csv", None, "", "no key"),
)
FOUND = [
    One("k1", decision="passed", reason="FORMAT"),
    One(
        "k1",
        "price",
        decision="rejected",
        reason="ROUNDING",
        explanation="rounded\0",
        row='{"id": "k1", "n": "\\u0000"}',
    ),
    One("k2", value_a=None, decision="review"),
    One("k3", decision="passed", kind="check", reason="CHECK_FAILED", explanation="null"),
]


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def url(shop: Shop) -> str:
    info = shop.connection.info
    return f"postgresql://{info.user}@/{info.dbname}?host={info.host}"


def test_a_run_is_read_back_with_all_its_numbers(shop: Shop) -> None:
    shop.publish(FIRST, FOUND, rejects=UNREADABLE, inputs=FILES)
    run = greenai.show(shop.runs[0], store=url(shop))
    assert run.line.state == "completed"
    assert run.systems == {"a": "front", "b": "back"}
    assert run.inputs == FILES
    assert run.rows is not None
    assert run.rows.as_dict() == {
        **dict.fromkeys(("a", "b", "matched"), EQUAL + 2),
        **{"equal": EQUAL, "different": 2, "only_a": 0, "only_b": 0, "duplicates_a": 0, "duplicates_b": 0},
        **{"rejected_a": 2, "rejected_b": 0},
    }
    assert list(run.fields) == ["price", "amount"]
    assert run.fields["price"].within_tolerance == 7
    assert run.totals[0].a == Decimal("12345678901234567890.12")
    assert run.decisions.as_dict() == {"passed": 2, "review": 1, "rejected": 1}
    assert run.records.as_dict() == {"passed": EQUAL, "review": 1, "rejected": 1}
    assert run.reasons == {"CHECK_FAILED": 1, "FORMAT": 1, "ROUNDING": 1, "UNKNOWN": 1}
    assert run.checks == (FailedCheck("not_null(amount)", "amount", 1, "null"),)
    assert run.stored == {"trade": GOLDEN}


def test_every_golden_table_is_read_back_with_its_numbers(postgres_url: str, tmp_path: Path) -> None:
    fields = {name: {"type": "string"} for name in ("id", "desk", "region")}
    references = {"a_desk": {"key": ["desk"], "fields": ["region"]}}
    desk = Desk(
        tmp_path,
        postgres_url,
        {"key": ["id"], "fields": fields, "store": {"table": "deal", "references": references}},
    )
    rows = [("1", "d", "EU"), ("2", "d", "EU"), ("3", "e", "US")]
    done = desk.run("2026-01-05", rows, rows)
    assert done.report.gate is not None
    assert done.report.run is not None
    run = greenai.show(done.report.run, store=postgres_url)
    assert run.stored == done.report.gate.stored
    assert [(table, one.inserted) for table, one in run.stored.items()] == [("deal", 3), ("a_desk", 2)]
    assert run.as_dict()["stored"]["a_desk"]["inserted"] == 2


def test_what_was_kept_out_is_read_back_with_reason_rule_and_decider(shop: Shop) -> None:
    shop.publish(FIRST, FOUND, rejects=UNREADABLE)
    review(shop, One("k2", value_a=None), "rejected", comment="no")
    kept = greenai.rejected(shop.runs[0], store=url(shop))
    assert [(row.line, row.raw, row.why) for row in kept.rows] == [
        (7, "x;␀;\\ud800", "3 cells instead of 2"),
        (None, "", "no key"),
    ]
    first, second = kept.breaks
    assert (first.key, first.field, first.reason, first.explanation) == (
        ("k1",),
        "price",
        "ROUNDING",
        "rounded␀",
    )
    assert (first.rule, first.decided_by, first.row_a) == ("default", "gate", {"id": "k1", "n": "␀"})
    assert (second.key, second.rule, second.decided_by, second.comment) == (("k2",), "refused", "ann", "no")
    assert len(greenai.rejected(shop.runs[0], limit=1, store=url(shop)).breaks) == 1


def test_a_decision_about_the_whole_input_holds_for_every_record(shop: Shop) -> None:
    late = One("", kind="check", reason="CHECK_FAILED", explanation="too old")
    shop.publish(FIRST, [One("k1", decision="passed"), late])
    run = greenai.show(shop.runs[0], store=url(shop))
    assert run.records.as_dict() == {"passed": 0, "review": EQUAL + 1, "rejected": 0}
    shop.publish(FIRST, [One("k1", decision="review"), One("", kind="check", decision="rejected")])
    run = greenai.show(shop.runs[1], store=url(shop))
    assert run.records.as_dict() == {"passed": 0, "review": 1, "rejected": EQUAL}


def test_a_superseded_run_shows_what_was_known_when_it_was_published(shop: Shop) -> None:
    shop.publish(FIRST, FOUND)
    before = greenai.show(shop.runs[0], store=url(shop)).as_dict()
    shop.publish(FIRST + timedelta(1), [])
    assert greenai.show(shop.runs[0], store=url(shop)).as_dict() == before
    shop.publish(FIRST, [One("k9")])
    after = greenai.show(shop.runs[0], store=url(shop)).as_dict()
    assert after == before | {"superseded_by": shop.runs[2]}
    assert greenai.show(shop.runs[2], store=url(shop)).breaks == 1


def test_runs_are_listed_the_last_first(shop: Shop) -> None:
    shop.publish(FIRST, FOUND)
    shop.publish(FIRST, [])
    failed = runs.begin(shop.connection, shop.saved, FIRST)
    runs.fail(shop.connection, failed, "no such file")
    lines = greenai.runs(store=url(shop))
    assert [(line.run, line.state, line.superseded_by, line.different) for line in lines] == [
        (failed, "failed", None, None),
        (shop.runs[1], "completed", None, 0),
        (shop.runs[0], "completed", shop.runs[1], 2),
    ]
    assert greenai.runs("trades", limit=1, store=url(shop)) == lines[:1]
    with pytest.raises(UsageError, match="no such recon"):
        greenai.runs("other", store=url(shop))


@pytest.mark.parametrize("run", [0, -1, 99, 2**70])
def test_a_run_that_is_not_there_is_a_clear_error(shop: Shop, run: int) -> None:
    with pytest.raises(StoreError, match="nothing is stored yet"):
        greenai.show(run, store=url(shop))
    shop.publish(FIRST, [])
    command("show", "--store", url(shop), "--", run).trouble("no such run", "greenai runs")
    command("rejected", "--store", url(shop), "--", run).trouble("no such run", "greenai runs")


def test_an_empty_database_is_told_from_one_without_runs(empty_database: Any, home: Path) -> None:
    for name in ("runs", "show", "rejected"):
        command(name, *([] if name == "runs" else ["1"]), "--store", empty_database()).trouble(
            "nothing is stored"
        )


def test_reading_starts_no_server_where_nothing_is_stored(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENAI_HOME", str(home))
    command("runs").trouble("nothing is stored", "greenai run")
    assert not home.exists()


def test_the_command_line_says_the_same_in_words_and_as_json(shop: Shop) -> None:
    shop.publish(FIRST, FOUND, rejects=UNREADABLE, inputs=FILES)
    number = shop.runs[0]
    listed = command("runs", "--store", url(shop))
    assert listed.code == 0
    assert "trades" in listed.out
    assert "completed" in listed.out
    shown = command("show", number, "--store", url(shop))
    for words in (
        "front",
        "unreadable",
        "Golden tables",
        "unchanged  pending",
        "ROUNDING",
        "12,345,678,901,234,567,890.12",
    ):
        assert words in shown.out, words
    kept = command("rejected", number, "--store", url(shop))
    for words in ("k1", "rounded‹U+2400›", "by gate", "line 7", "no key"):
        assert words in kept.out, words
    for text in (listed.out, shown.out, kept.out):
        assert all(character == "\n" or character.isprintable() for character in text)
        assert max(map(len, text.split("\n"))) <= 120
    document = command("runs", "--format", "json", "--store", url(shop)).document
    assert [one["run"] for one in document["runs"]] == [number]
    run = greenai.show(number, store=url(shop))
    assert command("show", number, "--format", "json", "--store", url(shop)).document == run.as_dict()
    kept_document = greenai.rejected(number, store=url(shop)).as_dict()
    assert command("rejected", number, "--format", "json", "--store", url(shop)).document == kept_document
