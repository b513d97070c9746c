"""Decisions of persons about what is odd: other keys, hostile names, late days, flows, two at once."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from publishing_desk import Desk

from greenai.errors import UsageError
from greenai.pipeline.review import approve
from greenai.store.database import connect
from greenai.store.partitions import TABLES

DAY, NEXT = "2026-01-06", "2026-01-07"
FIELDS: dict[str, Any] = {"id": {"type": "string"}, "amount": {"type": "float"}, "note": {"type": "string"}}


def desk(folder: Path, url: str, **more: Any) -> Desk:
    return Desk(folder, url, {"key": ["id"], "fields": FIELDS, "store": {"table": "trade"}, **more})


def ids(recon: Desk, key: str, kind: str | None = None, day: str = DAY) -> list[str]:
    return [one for one, found, _ in recon.breaks(day)[key] if kind in (None, found)]


def number(run_id: int | None) -> int:
    assert run_id is not None
    return run_id


def test_records_of_a_later_key_version_enter(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-01-05", [("k", "1", "x")], [("k", "2", "x")])
    recon.definition["fields"] = {
        **FIELDS,
        "id": {"type": "string", "a": {"column": "id", "normalise": ["upper"]}},
    }
    two = [("k", "NaN", "x"), ("d", "1", "x"), ("d", "2", "x")]
    run_id = number(recon.run(DAY, two, [("K", "-Infinity", "x")]).run_id)
    approve(recon.url, run_id, ids(recon, "K"), actor="ann", resolution="take_b")
    taken, left = ids(recon, "D", "duplicate_a")
    approve(recon.url, run_id, [taken], actor="ann", resolution="take_a")
    approve(recon.url, run_id, [left], actor="ann")
    assert {key: str(row[0]) for key, row in recon.golden().items() if key == "K"} == {"K": "-inf"}
    assert set(recon.golden()) == {"K", "D"}


def test_hostile_names_and_keys_are_reviewed(postgres_url: str, tmp_path: Path) -> None:
    names = ["it's", 'say "hi"', "per%cent %s", "{} {0}", "$1", "back\\slash", "key", "_op"]
    fields = {name: {"type": "string"} for name in names}
    references = {"select": {"key": ["{} {0}"], "fields": ["$1", "_op"]}}
    checks = [{"unique": ["per%cent %s"]}]
    recon = desk(
        tmp_path,
        postgres_url,
        fields=fields,
        key=['say "hi"', "key"],
        store={"table": "order", "references": references},
        gate={"checks": checks},
    )
    a = [[f"{n}'\"\\%s{{}}\n🦜{i}" for i in range(len(names))] for n in range(2)]
    b = [[*a[0][:2], "other", *a[0][3:]], a[1]]
    done = recon.run(DAY, a, b)
    assert len(recon.ask('SELECT * FROM golden."order"')) == 1
    found = approve(
        recon.url, number(done.run_id), key=[a[0][1], a[0][6]], actor="ann'; --", resolution="take_b"
    )
    assert found.stored["order"].inserted == found.stored["select"].inserted == 1
    shown = recon.ask(
        'SELECT "per%%cent %%s", "$1" FROM golden."order" JOIN golden."select" USING ("{} {0}") WHERE %s',
        True,
    )
    assert sorted(shown) == sorted([("other", a[0][4]), (a[1][2], a[1][4])])


def test_what_has_no_place_is_not_approved(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    rows = [("nul", "1", "a\0b"), ("K" * 3000, "1", "x")]
    run_id = number(recon.run(DAY, rows, rows).run_id)
    for key in ("nul", "K" * 3000):
        with pytest.raises(UsageError, match="cannot be stored"):
            approve(recon.url, run_id, ids(recon, key), actor="ann")
        approve(recon.url, run_id, ids(recon, key), actor="ann", resolution="exclude")
    assert recon.golden() == {}
    assert recon.ask("SELECT state FROM greenai.run") == [("completed",)]


def test_a_flow_takes_what_is_approved_and_removes_nothing(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url, population="flow")
    recon.run("2026-01-05", [("k", "1", "x")], [("k", "1", "x")])
    run_id = number(recon.run(DAY, [("l", "1", "x")], []).run_id)
    approve(recon.url, run_id, ids(recon, "l"), actor="ann", resolution="take_a")
    assert set(recon.golden()) == {"k", "l"}
    recon.run(NEXT, [("m", "1", "x")], [("m", "1", "x")])
    late = number(recon.run("2026-01-04", [("n", "1", "x")], [("n", "2", "x")]).run_id)
    approve(recon.url, late, ids(recon, "n", day="2026-01-04"), actor="ann", resolution="take_b")
    assert set(recon.golden()) == {"k", "l", "m", "n"}


def test_a_late_cure_of_a_check_leaves_the_later_day_as_it_was(postgres_url: str, tmp_path: Path) -> None:
    gate = {"checks": [{"range": {"field": "amount", "min": 0}}]}
    recon = desk(tmp_path, postgres_url, gate=gate)
    a, b = [("k", "-1", "x")], [("k", "2", "x")]
    run_id = number(recon.run(DAY, a, b).run_id)
    recon.run(NEXT, a, b)
    later = recon.breaks(NEXT)
    assert [kind for _, kind, _ in later["k"]] == ["check", "value"]

    approve(recon.url, run_id, ids(recon, "k", "value"), actor="ann", resolution="take_b")

    assert [kind for _, kind, _ in recon.breaks(DAY)["k"]] == ["value"]
    assert recon.breaks(NEXT) == later
    assert recon.golden() == {}
    found = recon.ask("SELECT amount::text FROM golden.trade_as_of(%s)", DAY)
    assert found == [("2",)]
    now = {
        (str(one), present) for one, present in recon.ask("SELECT break_id, true FROM greenai.present_break")
    }
    assert now == {(one, True) for one, *_ in later["k"]}


def test_two_decisions_at_once_are_both_kept(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    a = [(str(i), "1", "x") for i in range(4)]
    run_id = number(recon.run(DAY, a, [(i, "2", "x") for i, *_ in a]).run_id)
    breaks = {key: ids(recon, key) for key, *_ in a}
    failed: list[BaseException] = []

    def decide(key: str) -> None:
        try:
            approve(recon.url, run_id, breaks[key], actor=key, resolution="take_b")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=decide, args=(key,)) for key in breaks]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert {key: row[0] for key, row in recon.golden().items()} == dict.fromkeys(breaks, 2.0)


def test_a_definition_without_a_store_keeps_decisions_alone(postgres_url: str, tmp_path: Path) -> None:
    recon = Desk(tmp_path, postgres_url, {"key": ["id"], "fields": FIELDS})
    run_id = number(recon.run(DAY, [("k", "1", "x")], [("k", "2", "x")]).run_id)
    assert approve(recon.url, run_id, ids(recon, "k"), actor="ann").stored == {}
    assert recon.breaks(DAY)["k"][0][2] == "passed"


def test_an_approval_of_an_earlier_day_leaves_the_later_run_its_open_break(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    a, b = [("k", "1", "x")], [("k", "2", "x")]
    first, later = "2026-01-30", "2026-02-02"
    january, february = (number(recon.run(day, a, b).run_id) for day in (first, later))
    (one,) = ids(recon, "k", day=first)

    approve(recon.url, january, [one], actor="ann", resolution="take_b")

    assert recon.breaks(later)["k"] == [(one, "value", "review")]
    assert recon.breaks(first)["k"] == [(one, "value", "passed")]
    assert recon.golden() == {}
    states = "SELECT run_id, state FROM greenai.run ORDER BY run_id"
    assert recon.ask(states) == [(january, "completed"), (february, "awaiting_review")]

    approve(recon.url, february, [one], actor="bob", resolution="take_a")

    assert recon.golden() == {"k": (1.0, "x", False)}
    assert recon.ask("SELECT amount::text FROM golden.trade_as_of(%s)", first) == [("2",)]
    assert recon.ask(states) == [(january, "completed"), (february, "completed")]
    recon.run("2026-02-03", a, b)
    assert recon.breaks("2026-02-03")["k"] == [(one, "value", "passed")]
    assert recon.golden() == {"k": (1.0, "x", False)}
    assert recon.ask("SELECT business_date::text FROM greenai.present_break") == [(later,)]


def test_an_approval_of_a_later_day_leaves_the_earlier_run_its_open_break(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    a, b = [("k", "1", "x")], [("k", "2", "x")]
    first, later = "2026-01-30", "2026-02-02"
    january, february = (number(recon.run(day, a, b).run_id) for day in (first, later))
    approve(recon.url, february, ids(recon, "k", day=later), actor="ann")
    assert recon.breaks(later)["k"][0][2] == "passed"
    assert recon.breaks(first)["k"][0][2] == "review"
    assert recon.golden() == {"k": (1.0, "x", False)}
    approve(recon.url, january, ids(recon, "k", day=first), actor="ann", outcome="rejected")
    assert recon.breaks(later)["k"][0][2] == "passed"
    assert recon.golden() == {"k": (1.0, "x", False)}


def test_a_check_that_is_decided_and_cured_at_once_on_a_later_day_is_gone(
    postgres_url: str, tmp_path: Path
) -> None:
    gate = {"checks": [{"range": {"field": "amount", "min": 0}}]}
    recon = desk(tmp_path, postgres_url, gate=gate)
    a, b = [("k", "-1", "x")], [("k", "2", "x")]
    recon.run(DAY, a, b)
    run_id = number(recon.run(NEXT, a, b).run_id)
    approve(recon.url, run_id, ids(recon, "k", day=NEXT), actor="ann", resolution="take_b")
    assert [kind for _, kind, _ in recon.breaks(NEXT)["k"]] == ["value"]
    assert [outcome for *_, outcome in recon.breaks(DAY)["k"]] == ["review", "review"]
    assert recon.golden() == {"k": (2.0, "x", False)}
    assert recon.ask("SELECT count(*) FROM greenai.present_break") == [(1,)]


def test_a_decision_holds_no_table_while_it_waits_for_those_who_make_tables(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    run_id = number(recon.run(DAY, [("k", "1", "x")], [("k", "2", "x")]).run_id)
    found = ids(recon, "k")
    waiting = (
        "SELECT w.pid, (SELECT count(*) FROM pg_locks h JOIN pg_class c ON c.oid = h.relation"
        " WHERE h.pid = w.pid AND c.relnamespace = 'greenai'::regnamespace)"
        " FROM pg_locks w WHERE w.locktype = 'advisory' AND NOT w.granted"
    )
    with connect(postgres_url) as maker:
        maker.execute("SELECT pg_advisory_xact_lock(%s)", [TABLES])
        decision = threading.Thread(target=approve, args=(postgres_url, run_id, found), kwargs={"actor": "a"})
        decision.start()
        until = time.monotonic() + 60
        while not (rows := recon.ask(waiting)) and time.monotonic() < until:
            time.sleep(0.05)
        maker.rollback()
    decision.join()
    assert [held for _, held in rows] == [0]
    assert recon.breaks(DAY)["k"][0][2] == "passed"


def test_a_whole_input_that_is_approved_on_one_day_still_waits_on_the_next(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url, gate={"checks": [{"row_count": {"min": 2}}]})
    rows = [("k", "1", "x")]
    both = [*rows, ("l", "1", "x")]
    recon.run("2026-01-01", both, both)
    # Another way to identify records: the whole input is another record, too.
    recon.definition["fields"] = FIELDS | {
        "id": {"type": "string", "a": {"column": "id", "normalise": ["strip"]}}
    }
    first, later = (number(recon.run(day, rows, rows).run_id) for day in (DAY, NEXT))
    assert approve(recon.url, first, ids(recon, ""), actor="ann").rerun
    assert [outcome for *_, outcome in recon.breaks(NEXT)[""]] == ["review"]
    assert recon.run(NEXT).run_id == later
    again = recon.run(DAY).run_id
    assert again not in (first, later)
    assert recon.ask("SELECT id FROM golden.trade_as_of(%s)", DAY) == [("k",)]
    assert set(recon.golden()) == {"k", "l"}
