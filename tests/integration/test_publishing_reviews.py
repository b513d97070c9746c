"""From a person's decision to the golden table, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

from greenai.errors import UsageError
from greenai.pipeline.review import approve

DAY, NEXT = "2026-01-06", "2026-01-07"
FIELDS = {
    "id": {"type": "string"},
    "amount": {"type": "decimal(18,2)"},
    "note": {"type": "string"},
    "at": {"type": "timestamp"},
}
AT = "2026-01-05 10:00:00.123456"


def desk(folder: Path, url: str, **more: Any) -> Desk:
    return Desk(folder, url, {"key": ["id"], "fields": FIELDS, "store": {"table": "trade"}, **more})


def shown(recon: Desk, table: str = "trade") -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(str, row)) for key, row in recon.golden(table).items()}


def ids(recon: Desk, key: str, kind: str | None = None, day: str = DAY) -> list[str]:
    return [one for one, found, _ in recon.breaks(day)[key] if kind in (None, found)]


@pytest.fixture
def two_breaks(postgres_url: str, tmp_path: Path) -> tuple[Desk, int]:
    """A record with a break in the amount and one in the note, and a golden row of the day before."""
    recon = desk(tmp_path, postgres_url)
    fine = ("fine", "1.00", "x", AT)
    recon.run("2026-01-05", [("k", "1.00", "old", AT), fine], [("k", "1.00", "old", AT), fine])
    done = recon.run(DAY, [("k", "2.00", "a", AT), fine], [("k", "3.00", "b", AT), fine])
    assert done.run_id is not None
    return recon, done.run_id


def test_a_record_enters_with_its_last_break_and_its_mark_goes(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    amount, note = ids(recon, "k")
    first = approve(recon.url, run_id, [amount], actor="ann", resolution="take_b")
    assert shown(recon)["k"] == ("1.00", "old", "2026-01-05 10:00:00.123456", "True")
    assert first.stored["trade"].pending == 1

    second = approve(recon.url, run_id, [note], actor="bob", resolution="take_value", value="new")

    assert shown(recon)["k"] == ("3.00", "new", "2026-01-05 10:00:00.123456", "False")
    assert second.stored["trade"].updated == 1
    assert shown(recon)["fine"] == ("1.00", "x", "2026-01-05 10:00:00.123456", "False")
    assert recon.ask("SELECT state FROM greenai.run WHERE run_id = %s", run_id) == [("completed",)]
    assert recon.ask("SELECT count(*) FROM golden.trade_as_of(%s) WHERE note = 'old'", "2026-01-05") == [(1,)]
    before = recon.everything()
    assert recon.run(DAY).run_id == run_id
    assert recon.everything() == before


def test_all_breaks_of_a_record_are_decided_by_its_key(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    assert approve(recon.url, run_id, key=["k"], actor="ann").breaks == 2
    assert shown(recon)["k"][:2] == ("2.00", "a")


def test_a_rejected_record_keeps_its_golden_row_unmarked(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    approve(recon.url, run_id, key=["k"], actor="ann", outcome="rejected", comment="no")
    assert shown(recon)["k"] == ("1.00", "old", "2026-01-05 10:00:00.123456", "False")
    rejected = "SELECT * FROM greenai.decided_at(1, %s, 1::bigint << 62) WHERE outcome = 'rejected'"
    assert len(recon.ask(rejected, DAY)) == 2
    approve(recon.url, run_id, key=["k"], actor="ann", outcome="review")
    assert shown(recon)["k"][-1] == "True"


def test_an_excluded_record_leaves_the_golden_table(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    amount, note = ids(recon, "k")
    approve(recon.url, run_id, [amount], actor="ann", resolution="exclude")
    approve(recon.url, run_id, [note], actor="ann")
    assert set(shown(recon)) == {"fine"}


def test_what_was_decided_holds_in_later_runs_with_the_same_values(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    approve(recon.url, run_id, key=["k"], actor="ann", resolution="take_b")
    recon.run(NEXT, [("k", "2.00", "a", AT)], [("k", "3.00", "b", AT)])
    assert shown(recon) == {"k": ("3.00", "b", "2026-01-05 10:00:00.123456", "False")}


@pytest.mark.parametrize("kind", ["only_a", "only_b", "duplicate_a", "duplicate_b"])
def test_rows_of_one_side_enter_when_a_person_takes_them(
    kind: str, postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    two = [("k", "1.00", "x", AT), ("k", "2.00", "y", AT)]
    rows = two[:1] if kind.startswith("only") else two
    sides = (rows, []) if kind.endswith("a") else ([], rows)
    recon.run("2026-01-05", [("z", "1.00", "x", AT)], [("z", "1.00", "x", AT)])
    done = recon.run(DAY, *sides)
    side = kind[-1]
    found = ids(recon, "k", kind)
    assert done.run_id is not None
    approve(recon.url, done.run_id, found[:1], actor="ann", resolution=f"take_{side}")  # type: ignore[arg-type]
    if len(found) > 1:
        assert shown(recon) == {}
        approve(recon.url, done.run_id, found[1:], actor="ann", resolution="exclude")
    assert [row[1] for row in shown(recon).values()] in (["x"], ["y"])
    assert len(shown(recon)) == 1


def test_two_rows_of_one_key_are_never_both_taken(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    two = [("k", "1.00", "x", AT), ("k", "2.00", "y", AT)]
    run_id = recon.run(DAY, two, []).run_id
    assert run_id is not None
    approve(recon.url, run_id, key=["k"], actor="ann", resolution="take_a")
    assert shown(recon) == {}
    assert {kind: outcome for _, kind, outcome in recon.breaks(DAY)["k"]} == {
        "duplicate_a": "passed",
        "check": "review",
    }
    before = recon.everything()
    with pytest.raises(UsageError, match="cannot be stored"):
        approve(recon.url, run_id, ids(recon, "k", "check"), actor="ann")
    assert recon.everything() == before
    approve(recon.url, run_id, ids(recon, "k", "duplicate_a")[:1], actor="ann", resolution="exclude")
    assert len(shown(recon)) == 1
    assert [outcome for *_, outcome in recon.breaks(DAY)["k"]] == ["passed", "passed"]


def test_a_failed_check_is_approved_or_cured_by_a_value(postgres_url: str, tmp_path: Path) -> None:
    checks = [{"range": {"field": "amount", "min": 0}}]
    recon = desk(tmp_path, postgres_url, gate={"checks": checks})
    bad = [("plain", "-1.00", "x", AT), ("cured", "-1.00", "x", AT), ("worse", "1.00", "x", AT)]
    other = [bad[0], ("cured", "2.00", "x", AT), ("worse", "-2.00", "x", AT)]
    run_id = recon.run(DAY, bad, other).run_id
    assert run_id is not None
    assert set(shown(recon)) == set()

    approve(recon.url, run_id, ids(recon, "plain"), actor="ann", comment="a refund")
    approve(recon.url, run_id, ids(recon, "cured", "value"), actor="ann", resolution="take_b")
    approve(recon.url, run_id, ids(recon, "worse"), actor="ann", resolution="take_b")

    assert {key: row[0] for key, row in shown(recon).items()} == {"plain": "-1.00", "cured": "2.00"}
    assert [kind for _, kind, _ in recon.breaks(DAY)["cured"]] == ["value"]
    approve(recon.url, run_id, ids(recon, "worse", "check"), actor="ann")
    assert shown(recon)["worse"][0] == "-2.00"
    waiting = recon.ask("SELECT state FROM greenai.run WHERE run_id = %s", run_id)
    assert waiting == [("completed",)]


def test_an_unreadable_value_is_not_stored_as_null(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, max_rejects=1)
    run_id = recon.run(DAY, [("k", "1.x", "x", AT)], [("k", "2.00", "x", AT)]).run_id
    assert run_id is not None
    with pytest.raises(UsageError, match="cannot be read"):
        approve(recon.url, run_id, ids(recon, "k"), actor="ann", resolution="take_a")
    with pytest.raises(UsageError, match="cannot be read"):
        approve(
            recon.url, run_id, ids(recon, "k", "value"), actor="ann", resolution="take_value", value="much"
        )
    assert shown(recon) == {}
    approve(recon.url, run_id, ids(recon, "k", "value"), actor="ann", resolution="take_b")
    assert shown(recon)["k"][0] == "2.00"
    assert len(recon.breaks(DAY)["k"]) == 1


def test_a_late_decision_about_an_earlier_day_changes_that_day_alone(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    recon.run(NEXT, [("k", "9.00", "z", AT)], [("k", "9.00", "z", AT)])
    approve(recon.url, run_id, key=["k"], actor="ann", resolution="take_b")
    assert shown(recon)["k"][:2] == ("9.00", "z")
    for day, amount in (("2026-01-05", "1.00"), (DAY, "3.00"), (NEXT, "9.00")):
        found = recon.ask("SELECT amount::text FROM golden.trade_as_of(%s) WHERE id = 'k'", day)
        assert found == [(amount,)]


def test_the_whole_input_enters_when_the_run_is_run_again(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, gate={"checks": [{"row_count": {"min": 2}}]})
    rows = [("k", "1.00", "x", AT)]
    run_id = recon.run(DAY, rows, rows).run_id
    assert run_id is not None
    assert approve(recon.url, run_id, ids(recon, ""), actor="ann").rerun
    again = recon.run(DAY).run_id
    assert again != run_id
    assert set(shown(recon)) == {"k"}
    before = recon.everything()
    assert recon.run(DAY).run_id == again
    assert recon.everything() == before


def test_decisions_about_superseded_runs_and_unknown_breaks_are_refused(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    found = ids(recon, "k")
    later = recon.run(DAY, [("k", "2.00", "a", AT)], [("k", "4.00", "a", AT)]).run_id
    before = recon.everything()
    for given, breaks in ((run_id, found), (later, ["0" * 32]), (later, ["x"]), (10_000, found), (later, [])):
        with pytest.raises(UsageError):
            approve(recon.url, given, breaks, actor="ann")  # type: ignore[arg-type]
    assert recon.everything() == before


def test_references_in_conflict_wait_and_what_others_say_counts(postgres_url: str, tmp_path: Path) -> None:
    fields = {name: {"type": "string"} for name in ("id", "party", "name")}
    store = {"table": "trade", "references": {"parties": {"key": ["party"], "fields": ["name"]}}}
    recon = Desk(tmp_path, postgres_url, {"key": ["id"], "fields": fields, "store": store})
    a = [("1", "P", "Peter"), ("2", "P", "Paul"), ("3", "Q", "Quinn"), ("4", "Q", "Quinn")]
    b = [*a[:3], ("4", "Q", "Quark")]
    run_id = recon.run(DAY, a, b).run_id
    assert run_id is not None
    assert set(shown(recon)) == {"3"}
    assert shown(recon, "parties") == {"Q": ("Quinn", "False")}

    # Row 3 stands in the golden table and says that Q is Quinn.
    approve(recon.url, run_id, ids(recon, "4"), actor="ann", resolution="take_b")
    assert set(shown(recon)) == {"3"}
    assert "check" in [kind for _, kind, _ in recon.breaks(DAY)["4"]]
    approve(recon.url, run_id, ids(recon, "4", "value"), actor="ann", resolution="take_a")
    assert set(shown(recon)) == {"3", "4"}

    # Peter or Paul: when one of them is kept out, the other may enter.
    approve(recon.url, run_id, ids(recon, "1"), actor="ann", resolution="exclude")
    approve(recon.url, run_id, ids(recon, "2"), actor="ann")
    assert set(shown(recon)) == {"2", "3", "4"}
    assert shown(recon, "parties") == {"P": ("Paul", "False"), "Q": ("Quinn", "False")}


def test_a_run_waits_again_when_a_person_changes_the_decision(two_breaks: tuple[Desk, int]) -> None:
    recon, run_id = two_breaks
    state = "SELECT state FROM greenai.run WHERE run_id = %s"
    for outcome, expected in (
        ("passed", "completed"),
        ("review", "awaiting_review"),
        ("passed", "completed"),
        ("rejected", "awaiting_review"),
        ("passed", "completed"),
    ):
        approve(recon.url, run_id, key=["k"], actor="ann", outcome=outcome)  # type: ignore[arg-type]
        assert recon.ask(state, run_id) == [(expected,)]
