"""What the gate's decisions do to golden tables, from files to PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

FIELDS = {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}, "note": {"type": "string"}}


def desk(folder: Path, url: str, **more: Any) -> Desk:
    return Desk(folder, url, {"key": ["id"], "fields": FIELDS, "store": {"table": "trade"}, **more})


BEFORE = [(kind, "1.00", "old") for kind in ("value", "only_a", "only_b", "dup_a", "dup_b", "check", "fine")]


@pytest.mark.parametrize("policy", ["pass", "review", "reject"])
@pytest.mark.parametrize("resolution", ["take_a", "take_b", "exclude"])
def test_every_kind_stands_as_policy_and_resolution_say(
    policy: str, resolution: str, postgres_url: str, tmp_path: Path
) -> None:
    rule = {"policy": policy, "resolution": resolution}
    gate = {"reasons": dict.fromkeys(("UNKNOWN", "CHECK_FAILED"), rule), "checks": [{"not_null": ["note"]}]}
    recon = desk(tmp_path, postgres_url, gate=gate)
    recon.run("2026-01-05", BEFORE, BEFORE)
    assert set(recon.golden()) == {row[0] for row in BEFORE}

    same = [("check", "2.00", None), ("fine", "2.00", "new")]
    a = [("value", "2.00", "a"), ("only_a", "2.00", "a"), ("dup_a", "2.00", "x"), ("dup_a", "3.00", "y")]
    b = [("value", "2.00", "b"), ("only_b", "2.00", "b"), ("dup_b", "2.00", "x"), ("dup_b", "3.00", "y")]
    done = recon.run("2026-01-06", [*a, ("dup_b", "2.00", "x"), *same], [*b, ("dup_a", "2.00", "x"), *same])

    found = {key: (str(amount), note, pending) for key, (amount, note, pending) in recon.golden().items()}
    old, waits = ("1.00", "old", False), ("1.00", "old", True)
    if policy == "pass":
        one_of_two = ("2.00", "x", False)
        wanted = {
            "take_a": {
                "value": ("2.00", "a", False),
                "only_a": ("2.00", "a", False),
                "dup_a": waits,  # two rows under one key: nobody can store both
                "dup_b": one_of_two,
                "check": ("2.00", None, False),
            },
            "take_b": {
                "value": ("2.00", "b", False),
                "only_b": ("2.00", "b", False),
                "dup_a": one_of_two,
                "dup_b": waits,
                "check": ("2.00", None, False),
            },
            "exclude": {"dup_a": one_of_two, "dup_b": one_of_two},
        }[resolution]
    else:
        kept = waits if policy == "review" else old
        wanted = dict.fromkeys(("value", "only_a", "only_b", "dup_a", "dup_b", "check"), kept)
    assert found == {**wanted, "fine": ("2.00", "new", False)}
    decided = {"pass": "passed", "review": "review", "reject": "rejected"}[policy]
    decisions = done.summary.decisions
    assert decisions is not None
    assert decisions[decided] == 6 or policy == "pass"
    assert (
        decisions["review"] == {"pass": 1 if resolution != "exclude" else 0, "review": 6, "reject": 0}[policy]
    )


def test_a_record_waits_whole_when_one_of_its_two_breaks_passes(postgres_url: str, tmp_path: Path) -> None:
    gate = {"reasons": {"FORMAT": "pass"}}
    recon = desk(tmp_path, postgres_url, gate=gate)
    first = [("k", "1.00", "old"), ("new", "1.00", "n")]
    recon.run("2026-01-05", first[:1], first[:1])

    # The notes differ in case alone, which is proved; nobody knows about the amounts.
    done = recon.run(
        "2026-01-06",
        [("k", "2.00", "Word"), ("new", "2.00", "Word")],
        [("k", "3.00", "WORD"), ("new", "3.00", "WORD")],
    )

    assert done.summary.decisions == {"passed": 2, "review": 2, "rejected": 0}
    assert done.summary.records == {"passed": 0, "review": 2, "rejected": 0}
    assert {key: (str(row[0]), *row[1:]) for key, row in recon.golden().items()} == {
        "k": ("1.00", "old", True)
    }


def test_the_mark_goes_when_a_changed_input_agrees(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("k", "1.00", "x")], [("k", "1.00", "x")])
    recon.run("2026-01-06", [("k", "2.00", "x")], [("k", "3.00", "x")])
    assert recon.golden()["k"][-1] is True

    recon.run("2026-01-06", [("k", "2.00", "x")], [("k", "2.00", "x")])

    assert [str(v) for v in recon.golden()["k"]] == ["2.00", "x", "False"]


def test_the_same_run_again_writes_nothing_at_all(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("k", "1.00", "x"), ("l", "1.00", "x")], [("k", "1.00", "x")])
    first = recon.run("2026-01-06", [("k", "2.00", "x"), ("m", "1.00", "y")], [("k", "3.00", "x")])
    before = recon.everything()

    again = recon.run("2026-01-06")

    assert again.run_id == first.run_id
    assert recon.everything() == before


def test_full_inputs_remove_what_is_gone_and_flows_remove_nothing(postgres_url: str, tmp_path: Path) -> None:
    for population, left in (("full", {"l"}), ("flow", {"k", "l"})):
        recon = desk(
            tmp_path, postgres_url, recon=population, population=population, store={"table": population}
        )
        recon.run(
            "2026-01-05", [("k", "1.00", "x"), ("l", "1.00", "x")], [("k", "1.00", "x"), ("l", "1.00", "x")]
        )
        recon.run("2026-01-06", [("l", "1.00", "x")], [("l", "1.00", "x")])
        assert set(recon.golden(population)) == left


def test_all_rows_are_marked_while_the_whole_input_waits(postgres_url: str, tmp_path: Path) -> None:
    gate = {"checks": [{"row_count": {"min": 2}}]}
    recon = desk(tmp_path, postgres_url, gate=gate)
    two = [("k", "1.00", "x"), ("l", "1.00", "x")]
    recon.run("2026-01-05", two, two)
    recon.run("2026-01-06", [("k", "2.00", "x")], [("k", "2.00", "x")])
    assert {key: row[-1] for key, row in recon.golden().items()} == {"k": True, "l": True}

    three = [*two, ("m", "1.00", "x")]
    recon.run("2026-01-06", three, three)

    assert {key: row[-1] for key, row in recon.golden().items()} == {"k": False, "l": False, "m": False}


def test_money_and_moments_are_stored_to_the_last_digit(postgres_url: str, tmp_path: Path) -> None:
    fields = {
        "id": {"type": "decimal(38,0)"},
        "money": {"type": "decimal(38,10)"},
        "at": {"type": "timestamp"},
        "day": {"type": "date"},
        "ratio": {"type": "float"},
        "text": {"type": "string"},
    }
    recon = desk(tmp_path, postgres_url, fields=fields)
    big, small = "9" * 38, "-1234567890123456789012345678.0000000001"
    rows = [
        (big, small, "2026-01-05 23:59:59.999999", "0001-01-01", "NaN", ""),
        ("1", "0.1000000000", "0001-01-01 00:00:00.000001", "9999-12-31", "-Infinity", None),
        ("2", None, None, None, "0.1", "a\n\\.\nb \"quoted\", 'x' \\N"),
        ("3", "0.3000000000", "9999-12-31 23:59:59.999999", "2026-02-28", "Infinity", "x" * 10_000_000),
    ]
    recon.run("2026-01-05", rows, rows)

    found = recon.ask(
        'SELECT id::text, money::text, "at"::text, day::text, ratio::text, text FROM golden.trade ORDER BY id'
    )
    wanted = sorted(rows, key=lambda row: int(row[0]))
    assert [tuple(row) for row in found] == [tuple(row) for row in wanted]
    before = recon.everything()
    changed = [*rows[:3], ("3", "0.3000000000", *rows[3][2:5], "y")]
    recon.run("2026-01-06", changed, changed)
    assert recon.ask("SELECT count(*) FROM golden.trade_history") == [(2,)]
    assert len(recon.everything()["golden.trade"]) == len(before["golden.trade"])


def test_another_way_to_identify_records_gives_them_other_breaks(postgres_url: str, tmp_path: Path) -> None:
    gate = {"reasons": {"UNKNOWN": {"policy": "pass", "resolution": "take_a"}}}
    recon = desk(tmp_path, postgres_url, gate=gate)
    recon.run("2026-01-05", [("k", "1.00", "x"), ("l", "1.00", "x")], [("k", "2.00", "x")])
    first = {one for found in recon.breaks("2026-01-05").values() for one, *_ in found}
    recon.definition["fields"] = {
        **FIELDS,
        "id": {"type": "string", "a": {"column": "id", "normalise": ["strip"]}},
    }

    recon.run("2026-01-06", [("k", "1.00", "x"), ("l", "3.00", "x")], [("k", "2.00", "x")])

    assert not first & {one for found in recon.breaks("2026-01-06").values() for one, *_ in found}
    versions = recon.ask("SELECT key_version, key FROM greenai.record ORDER BY 1, 2")
    assert versions == [(1, ["k"]), (1, ["l"]), (2, ["k"]), (2, ["l"])]
    assert {key: str(row[0]) for key, row in recon.golden().items()} == {"k": "1.00", "l": "3.00"}


def test_an_excluded_record_needs_no_check(postgres_url: str, tmp_path: Path) -> None:
    gate = {"reasons": {"INVALID_VALUE": {"policy": "pass", "resolution": "exclude"}}}
    recon = desk(tmp_path, postgres_url, gate=gate, max_rejects=1)
    done = recon.run("2026-01-05", [("k", "1.x", "x")], [("k", "2.00", "x")])
    assert done.summary.decisions == {"passed": 1, "review": 0, "rejected": 0}
    assert recon.golden() == {}


def test_in_a_flow_the_mark_stays_until_the_record_is_told_again(postgres_url: str, tmp_path: Path) -> None:
    gate = {"checks": [{"not_null": ["id"]}, {"row_count": {"max": 2}}]}
    recon = desk(tmp_path, postgres_url, population="flow", gate=gate)

    def marked() -> set[str]:
        return {key for key, row in recon.golden().items() if row[-1]}

    two = [("k", "1.00", "x"), ("l", "1.00", "x")]
    recon.run("2026-01-05", two, two)
    recon.run("2026-01-06", [("k", "2.00", "x")], [("k", "3.00", "x")])
    assert marked() == {"k"}
    recon.run("2026-01-07", [("m", "1.00", "x")], [("m", "1.00", "x")])
    assert marked() == {"k"}
    many = [(str(i), "1.00", "x") for i in range(3)]
    recon.run("2026-01-08", [*many, ("l", "2.00", "x")], [*many, ("l", "3.00", "x")])
    assert marked() == {"k", "l"}
    recon.run("2026-01-09", two, two)
    assert marked() == set()


def test_a_clock_that_was_set_back_does_not_turn_history_around(postgres_url: str, tmp_path: Path) -> None:
    from greenai.store.database import connect

    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("k", "1.00", "x")], [("k", "1.00", "x")])
    with connect(postgres_url) as connection:
        connection.execute("UPDATE greenai.publication SET published_at = published_at + interval '1 hour'")
        connection.execute("UPDATE golden.trade SET _known_from = _known_from + interval '1 hour'")
    recon.run("2026-01-05", [("k", "2.00", "x")], [("k", "2.00", "x")])
    recon.run("2026-01-05", [("k", "3.00", "x")], [("k", "3.00", "x")])
    known = recon.ask("SELECT published_at FROM greenai.publication ORDER BY publication_id")
    found = [
        recon.ask("SELECT amount::text FROM golden.trade_as_of('2026-01-05', %s)", at) for (at,) in known
    ]
    assert found == [[("1.00",)], [("2.00",)], [("3.00",)]]
