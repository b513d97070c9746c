"""Flows over many business dates: open records meet their partners, age, and nothing is lost."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flowmodel import Given, Pool
from publishing_desk import Desk

import greenai
from greenai.errors import DefinitionError, StoreError
from greenai.pipeline import running
from greenai.pipeline.review import approve

FIRST = date(2026, 1, 27)
DAYS = [FIRST + timedelta(number) for number in range(12)]


def desk(folder: Path, url: str, **more: Any) -> Desk:
    whole = {
        "population": "flow",
        "key": ["id"],
        "fields": {"id": {"type": "string"}, "value": {"type": "decimal(18,2)"}},
        "store": {"table": "trade"},
        **more,
    }
    folder.mkdir(exist_ok=True)
    return Desk(folder, url, whole)


def present(recon: Desk, day: date | str) -> Counter[tuple[str, str]]:
    """How many breaks are present on a date, by key and kind."""
    return Counter((key, kind) for key, found in recon.breaks(str(day)).items() for _, kind, _ in found)


def golden(recon: Desk) -> dict[str, str]:
    """The values of golden rows, by key."""
    known = recon.ask("SELECT to_regclass('golden.trade') IS NOT NULL") == [(True,)]
    return {key: str(value) for key, (value, _) in recon.golden().items()} if known else {}


def arrivals(chance: random.Random, days: list[date]) -> dict[date, tuple[Given, Given]]:
    """Records of which each side comes once, on dates of its own, or never; some values differ."""
    given: dict[date, tuple[Given, Given]] = {day: ([], []) for day in days}
    for number in range(60):
        key, value = f"t{number}", f"{chance.randrange(1000)}.50"
        for side in (0, 1):
            if chance.random() < 0.85:
                shown = value if chance.random() < 0.85 else f"{chance.randrange(1000)}.75"
                given[chance.choice(days)][side].append((key, shown))
    return given


@pytest.mark.parametrize("seed", range(3))
def test_twelve_business_dates_of_flows_are_what_a_pool_of_open_records_says(
    seed: int, postgres_url: str, tmp_path: Path
) -> None:
    chance, pool = random.Random(seed), Pool()
    recon = desk(tmp_path, postgres_url)
    given = arrivals(chance, DAYS)
    told: list[str] = []
    for day in DAYS:
        a, b = given[day]
        # Some records are delivered again, open or not, some twice in one file.
        a += [(key, "7.25") for key in chance.sample(told, min(3, len(told)))]
        b += [(key, "7.25") for key in chance.sample(told, min(2, len(told)))]
        if day > DAYS[1] and chance.random() < 0.4:
            a.append((chance.choice(a or [("t0", "")])[0], "9.00"))
        told += [key for key, _ in (*a, *b)]
        done = recon.run(str(day), a, b)
        pool.run(day, a, b)
        rows = done.summary.rows
        assert (rows.a, rows.b) == (len(a), len(b))
        assert (rows.carried_a, rows.carried_b) == pool.carried
        assert present(recon, day) == pool.breaks()
        assert golden(recon) == pool.golden
    assert all((pool.a, pool.b, pool.different, pool.duplicates))


def ages(recon: Desk, day: date) -> dict[tuple[str, str], int]:
    """The ages that the last run of a date tells, by key and kind."""
    with greenai.run(
        recon.folder / "recon.yaml", business_date=str(day), store=recon.url, causes=False
    ) as done:
        return {(json.loads(row["key"])[0], row["kind"]): row["age_days"] for row in done.breaks.to_pylist()}


def test_ages_are_counted_from_the_date_on_which_a_break_was_seen_first(
    postgres_url: str, tmp_path: Path
) -> None:
    chance, pool = random.Random(5), Pool()
    recon = desk(tmp_path, postgres_url)
    for day, (a, b) in arrivals(chance, DAYS[:6]).items():
        recon.run(str(day), a, b)
        pool.run(day, a, b)
        shown = ages(recon, day)
        assert set(pool.breaks()) >= set(shown) >= {(key, "only_a") for key in pool.a}
        assert shown == {one: (day - pool.first[one]).days for one in shown}
    assert len(set(shown.values())) > 3
    (run,) = recon.ask("SELECT max(run_id) FROM greenai.run")[0]
    told = greenai.show(run, store=postgres_url)
    assert told.oldest_days == max(day.toordinal() - pool.first[one].toordinal() for one in pool.breaks())


def test_late_files_join_at_the_next_run_as_if_they_had_come_on_time(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    for seed in range(3):
        chance = random.Random(seed)
        given = arrivals(chance, DAYS[:6])
        late, timely = desk(tmp_path / f"late{seed}", new_database()), Pool()
        for day, (a, b) in given.items():
            # Something of nearly every date comes after later dates were published.
            late.run(str(day), a[: chance.randint(0, len(a))], b[: chance.randint(0, len(b))])
            timely.run(day, a, b)
        order = list(given)
        chance.shuffle(order)
        for day in order:
            late.run(str(day), *given[day])
        late.run(str(DAYS[8]), [], [])
        assert present(late, DAYS[8]) == timely.breaks()
        assert golden(late) == timely.golden
        index = late.ask("SELECT break_id::text FROM greenai.present_break ORDER BY 1")
        held = [one for found in late.breaks(str(DAYS[8])).values() for one, *_ in found]
        assert [one for (one,) in index] == sorted(held)


def test_a_corrected_date_and_those_after_it_run_again_are_as_if_nothing_had_been_wrong(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    for seed in range(3):
        chance = random.Random(seed)
        given = arrivals(chance, DAYS[:5])
        wrong = {
            day: tuple([row for row in side if chance.random() < 0.7] for side in sides)
            for day, sides in given.items()
        }
        wrong[DAYS[1]][0].append(("strange", "1.00"))
        recon, right = desk(tmp_path / f"wrong{seed}", new_database()), Pool()
        for day in given:
            recon.run(str(day), *wrong[day])
        for day, (a, b) in given.items():
            recon.run(str(day), a, b)
            right.run(day, a, b)
            assert present(recon, day) == right.breaks()
        assert golden(recon) == right.golden


def test_a_late_file_changes_nothing_that_was_known_then(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-02-01", [("x", "1.00")], [])
    recon.run("2026-02-02", [], [])
    (before,) = recon.ask("SELECT max(publication_id) FROM greenai.publication")
    recon.run("2026-02-01", [("x", "1.00")], [("x", "1.00")])
    assert present(recon, "2026-02-02") == Counter()
    assert golden(recon) == {"x": "1.00"}
    then = recon.ask("SELECT kind FROM greenai.decided_at(1, '2026-02-02', %s)", before[0])
    assert then == [("only_a",)]


def test_the_same_files_are_another_run_where_other_records_are_open(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-02-01", [("x", "1.00")], [])
    second = recon.run("2026-02-02", [], [("y", "2.00")])
    assert recon.run("2026-02-02", [], [("y", "2.00")]).run_id == second.run_id
    recon.run("2026-02-01", [("y", "2.00")], [])
    again = recon.run("2026-02-02", [], [("y", "2.00")])
    assert again.run_id != second.run_id
    assert present(recon, "2026-02-02") == Counter()
    assert golden(recon) == {"y": "2.00"}


def test_what_a_person_closed_is_not_carried_and_what_was_reopened_is(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url)
    first = recon.run("2026-02-01", [("x", "1.00"), ("y", "1.00"), ("z", "1.00")], [])
    assert first.run_id is not None
    approve(postgres_url, first.run_id, key=["x"], actor="ann", outcome="rejected")
    approve(postgres_url, first.run_id, key=["y"], actor="ann")
    assert recon.run("2026-02-02", [], []).summary.rows.carried_a == 1
    assert present(recon, "2026-02-02")["x", "only_a"] == 1
    second = recon.run("2026-02-02", [], [])
    assert second.run_id is not None
    approve(postgres_url, second.run_id, key=["x"], actor="bob", outcome="review")
    third = recon.run("2026-02-03", [], [("x", "1.00")])
    assert third.summary.rows.carried_a == 2
    assert golden(recon) == {"x": "1.00"}
    assert present(recon, "2026-02-03") == Counter({("y", "only_a"): 1, ("z", "only_a"): 1})


def test_a_carried_row_is_what_it_was_to_the_last_character(postgres_url: str, tmp_path: Path) -> None:
    fields = {
        "id": {"type": "string"},
        "text": {"type": "string"},
        "amount": {"type": "decimal(38,18)"},
        "share": {"type": "float"},
        "day": {"type": "date"},
        "at": {"type": "timestamp"},
        "flag": {"type": "boolean"},
        "count": {"type": "integer"},
    }
    recon = desk(tmp_path, postgres_url, fields=fields)
    rows = [
        ("k1", "", "12345678901234567890.123456789012345678", "0.1", "2026-02-28",
         "2026-02-28 10:11:12.123456", "true", "9223372036854775807"),
        ("k2", 'a "quoted"\n\\ line, ü 😀', "-0.000000000000000001", "1e-300", "0001-01-01",
         "1969-12-31 23:59:59", "false", "-1"),
        ("k3", None, None, None, None, None, None, None),
    ]  # fmt: skip
    recon.run("2026-03-01", rows, [])
    done = recon.run("2026-03-02", [], rows)
    assert done.summary.rows.equal == 3
    assert len(recon.golden()) == 3


def test_a_cell_that_could_not_be_read_is_carried_with_its_text(postgres_url: str, tmp_path: Path) -> None:
    recon = desk(tmp_path, postgres_url)
    recon.run("2026-03-01", [("k", "many")], [])
    done = recon.run("2026-03-02", [], [("k", "1.00")])
    assert (done.summary.rows.carried_a, done.summary.rows.different) == (1, 1)
    shown = "SELECT kind, value_a, value_b, reason_code FROM greenai.decided_at(1, '2026-03-02', 1 << 30)"
    assert recon.ask(shown) == [("value", "many", "1.00", "INVALID_VALUE")]


def test_a_date_field_gives_ages_and_must_be_one(postgres_url: str, tmp_path: Path) -> None:
    fields = {"id": {"type": "string"}, "traded": {"type": "date"}}
    recon = desk(tmp_path, postgres_url, fields=fields, age={"field": "traded"})
    recon.run("2026-03-10", [("old", "2026-02-28"), ("none", None), ("coming", "2026-04-01")], [])
    recon.run("2026-03-12", [], [("pair", "2026-03-01")])
    (run,) = recon.ask("SELECT max(run_id) FROM greenai.run")[0]
    assert greenai.show(run, store=postgres_url).oldest_days == 12
    assert ages(recon, date(2026, 3, 12)) == {
        ("old", "only_a"): 12,
        ("none", "only_a"): 2,
        ("coming", "only_a"): 0,
        ("pair", "only_b"): 11,
    }
    with pytest.raises(DefinitionError, match="dates"):
        desk(tmp_path, postgres_url, age={"field": "value"}).run("2026-03-13", [], [])


def history(recon: Desk, key: str) -> list[tuple[str, str, bool, str | None]]:
    """The versions of the breaks of a record: identity, date, presence, the decision that holds."""
    return recon.ask(
        "SELECT DISTINCT ON (v.business_date, v.publication_id) v.break_id::text, v.business_date::text,"
        " v.present, d.outcome FROM greenai.break_version v"
        " JOIN greenai.break b USING (recon_id, break_id) JOIN greenai.record r USING (recon_id, record_id)"
        " LEFT JOIN greenai.decision d USING (recon_id, business_date, break_id, publication_id)"
        " WHERE r.key ->> 0 = %s ORDER BY v.business_date, v.publication_id, d.decided_in DESC",
        key,
    )


def test_a_break_that_returns_is_the_same_with_its_history_and_decided_if_its_values_are_the_same(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url, population="full")
    first = recon.run("2026-02-01", [("k", "1.00"), ("l", "1.00")], [("k", "2.00"), ("l", "2.00")])
    assert first.run_id is not None
    for key in ("k", "l"):
        approve(postgres_url, first.run_id, key=[key], actor="ann", resolution="take_b")
    recon.run("2026-02-02", [("k", "1.00"), ("l", "1.00")], [("k", "1.00"), ("l", "1.00")])
    assert present(recon, "2026-02-02") == Counter()
    recon.run("2026-02-03", [("k", "1.00"), ("l", "1.00")], [("k", "2.00"), ("l", "3.00")])
    assert [row[1:] for row in history(recon, "k")] == [
        ("2026-02-01", True, "passed"),
        ("2026-02-02", False, None),
        ("2026-02-03", True, "passed"),
    ]
    assert [row[1:] for row in history(recon, "l")][-1] == ("2026-02-03", True, "review")
    assert len({row[0] for row in history(recon, "k")}) == 1
    assert golden(recon) == {"k": "2.00", "l": "1.00"}
    assert ages(recon, date(2026, 2, 3)) == {("k", "value"): 2, ("l", "value"): 2}


def test_a_record_that_returns_on_one_side_is_decided_if_it_is_the_same(
    postgres_url: str, tmp_path: Path
) -> None:
    recon = desk(tmp_path, postgres_url, population="full")
    first = recon.run("2026-02-01", [("k", "1.00"), ("l", "1.00"), ("m", "1.00")], [("m", "1.00")])
    assert first.run_id is not None
    for key in ("k", "l"):
        approve(postgres_url, first.run_id, key=[key], actor="ann", outcome="rejected")
    recon.run("2026-02-02", [("m", "1.00")], [("m", "1.00")])
    recon.run("2026-02-03", [("k", "1.00"), ("l", "2.00"), ("m", "1.00")], [("m", "1.00")])
    expected = [("2026-02-01", True, "rejected"), ("2026-02-02", False, None)]
    assert [row[1:] for row in history(recon, "k")] == [*expected, ("2026-02-03", True, "rejected")]
    assert [row[1:] for row in history(recon, "l")] == [*expected, ("2026-02-03", True, "review")]


def test_a_run_that_is_overtaken_by_one_of_an_earlier_date_is_refused(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = desk(tmp_path / "one", postgres_url), desk(tmp_path / "two", postgres_url)
    first.run("2026-02-01", [("x", "1.00")], [])
    compared, overtaken = running.compared, []

    def while_another_publishes(*given: Any, **more: Any) -> Any:
        monkeypatch.setattr(running, "compared", compared)
        outcome = compared(*given, **more)
        overtaken.append(first.run("2026-02-01", [], [("y", "2.00")]).run_id)
        return outcome

    monkeypatch.setattr(running, "compared", while_another_publishes)
    with pytest.raises(StoreError, match="an earlier date was published"):
        second.run("2026-02-02", [("y", "2.00")], [])
    assert overtaken
    second.run("2026-02-02", [("y", "2.00")], [])
    assert present(second, "2026-02-02") == Counter()
    assert golden(second) == {"y": "2.00"}
