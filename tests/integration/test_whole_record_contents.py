"""A decision about a whole record holds while the rows it was about are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

from greenai.pipeline.review import approve

EVE, DAY, NEXT = "2026-01-05", "2026-01-06", "2026-01-07"
FIELDS = {"id": {"type": "string"}, "amount": {"type": "decimal(18,2)"}, "note": {"type": "string"}}
FINE = ("z", "1.00", "x")
Row = tuple[str, ...]


@pytest.fixture
def desk(postgres_url: str, tmp_path: Path) -> Desk:
    return Desk(tmp_path, postgres_url, {"key": ["id"], "fields": FIELDS, "store": {"table": "trade"}})


def both(side: str, rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The sides when only one of them has these rows."""
    return ([*rows, FINE], [FINE]) if side == "a" else ([FINE], [*rows, FINE])


def outcomes(desk: Desk, day: str) -> list[tuple[str, str]]:
    return [(kind, outcome) for _, kind, outcome in desk.breaks(day).get("k", [])]


def amount(desk: Desk) -> tuple[str, ...]:
    return tuple(map(str, desk.golden()["k"]))


def taken(desk: Desk, side: str) -> None:
    """A record of one side that a person took on `DAY`."""
    run_id = desk.run(DAY, *both(side, [("k", "1.00", "x")])).run_id
    assert run_id is not None
    approve(desk.url, run_id, key=["k"], actor="ann", resolution=f"take_{side}")  # type: ignore[arg-type]
    assert amount(desk) == ("1.00", "x", "False")


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("day", [DAY, NEXT])
def test_a_record_that_was_taken_waits_again_when_it_says_something_else(
    desk: Desk, side: str, day: str
) -> None:
    taken(desk, side)
    desk.run(day, *both(side, [("k", "9.00", "x")]))
    assert outcomes(desk, day) == [(f"only_{side}", "review")]
    assert amount(desk) == ("1.00", "x", "True")
    if day == NEXT:
        assert outcomes(desk, DAY) == [(f"only_{side}", "passed")]


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_record_that_was_taken_stays_so_while_it_is_the_same(desk: Desk, side: str) -> None:
    taken(desk, side)
    # Another record comes, and rows and their order are others.
    desk.run(NEXT, *both(side, [("y", "3.00", "x"), ("k", "1.00", "x")]))
    assert outcomes(desk, NEXT) == [(f"only_{side}", "passed")]
    assert amount(desk) == ("1.00", "x", "False")
    versions = "SELECT count(*) FROM greenai.break_version v JOIN greenai.break USING (break_id)" \
        " JOIN greenai.record r USING (record_id) WHERE r.key = '[\"k\"]'"  # fmt: skip
    assert desk.ask(versions) == [(1,)]


def test_the_same_written_otherwise_is_the_same(desk: Desk) -> None:
    taken(desk, "a")
    desk.run(NEXT, *both("a", [("k", "1.0", "x")]))
    assert outcomes(desk, NEXT) == [("only_a", "passed")]


def test_the_old_content_again_is_asked_again(desk: Desk) -> None:
    taken(desk, "a")
    desk.run(NEXT, *both("a", [("k", "9.00", "x")]))
    done = desk.run("2026-01-08", *both("a", [("k", "1.00", "x")]))
    assert outcomes(desk, "2026-01-08") == [("only_a", "review")]
    assert done.run_id is not None
    approve(desk.url, done.run_id, key=["k"], actor="ann", resolution="take_a")
    assert amount(desk) == ("1.00", "x", "False")


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("changed", [False, True])
def test_duplicates_that_a_person_decided_about_are_asked_again_when_one_changes(
    desk: Desk, side: str, changed: bool
) -> None:
    two = [("k", "1.00", "x"), ("k", "2.00", "y")]
    run_id = desk.run(DAY, *both(side, two)).run_id
    assert run_id is not None
    first, second = (one for one, *_ in desk.breaks(DAY)["k"])
    approve(desk.url, run_id, [first], actor="ann", resolution=f"take_{side}")  # type: ignore[arg-type]
    approve(desk.url, run_id, [second], actor="ann", resolution="exclude")
    before = amount(desk)
    later = [("k", "1.00", "x"), ("k", "2.00", "other")] if changed else two[::-1]
    desk.run(NEXT, *both(side, later))
    word = "review" if changed else "passed"
    assert outcomes(desk, NEXT) == [(f"duplicate_{side}", word)] * 2
    assert amount(desk) == (*before[:2], str(changed))


@pytest.mark.parametrize("rows", [[("k", "1.00", "x")], [("k", "1.00", "x"), ("k", "2.00", "y")]])
def test_the_same_day_again_writes_nothing_though_definition_and_files_are_others(
    desk: Desk, rows: list[Row]
) -> None:
    desk.run(DAY, *both("a", rows))
    desk.run(NEXT, *both("a", [*rows, ("y", "3.00", "x")]))
    tables = ("greenai.break_version", "greenai.record_version", "greenai.decision")
    versions = "SELECT count(*) FROM greenai.break_version v JOIN greenai.break USING (break_id)" \
        " JOIN greenai.record r USING (record_id) WHERE r.key = '[\"k\"]'"  # fmt: skip
    assert desk.ask(versions) == [(len(rows),)]
    before = desk.everything()
    desk.run(NEXT, *both("a", [*rows[::-1], ("y", "3.00", "x")][::-1]))
    written = {name for name, now in desk.everything().items() if now != before[name]}
    assert not any(name.startswith(tables) for name in written)


def test_a_break_of_a_value_and_a_failed_check_have_no_content(desk: Desk) -> None:
    desk.definition["gate"] = {"checks": [{"range": {"field": "amount", "min": 0}}]}
    desk.run(DAY, [("k", "-1.00", "x"), ("only", "1.00", "x")], [("k", "-1.00", "y")])
    query = "SELECT b.kind, v.content IS NOT NULL FROM greenai.break_version v JOIN greenai.break b USING" \
        " (break_id) ORDER BY 1"  # fmt: skip
    assert desk.ask(query) == [("check", False), ("only_a", True), ("value", False)]


def test_a_decision_about_an_earlier_day_is_about_its_own_content(desk: Desk) -> None:
    day: Any
    for day, said in ((EVE, "1.00"), (DAY, "2.00"), (NEXT, "2.00")):
        done = desk.run(day, *both("a", [("k", said, "x")]))
        if day == DAY:
            run_id = done.run_id
    assert run_id is not None
    approve(desk.url, run_id, key=["k"], actor="ann", resolution="take_a")
    assert [outcomes(desk, day) for day in (EVE, DAY, NEXT)] == [
        [("only_a", "review")], [("only_a", "passed")], [("only_a", "review")],
    ]  # fmt: skip
    contents = "SELECT business_date::text, content FROM greenai.break_version ORDER BY 1"
    eve, one, other = desk.ask(contents)[:3]
    assert eve[1] != one[1] == other[1]
