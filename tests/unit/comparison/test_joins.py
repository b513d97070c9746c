"""The three joins are three ways to one answer."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.comparison import joins, matching
from greenai.comparison.pairing import Likeness
from greenai.comparison.strategy import choose, share_different
from greenai.domain.progress import SILENT
from greenai.engines.duckdb import DuckDBEngine

ROWS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["x", "y", None])), max_size=12)


@pytest.fixture(scope="module")
def shared() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=1) as engine:
        yield engine


def work(
    engine: DuckDBEngine, a: list[tuple[int, str | None]], b: list[tuple[int, str | None]]
) -> joins.Work:
    sides = []
    for name, rows in (("a", a), ("b", b)):
        table = pa.table(
            {
                "id": pa.array([r[0] for r in rows], pa.int64()),
                "v": pa.array([r[1] for r in rows], pa.string()),
            }
        )
        sides.append(engine.register(table, name))
    return joins.Work(engine, sides[0], sides[1], ("id",), Likeness(("v",)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(a=ROWS, b=ROWS)
def test_all_joins_agree_on_every_row(
    shared: DuckDBEngine, a: list[tuple[int, str | None]], b: list[tuple[int, str | None]]
) -> None:
    answers = []
    for strategy in ("narrow", "streamed", "full"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(matching, "strategy_for", lambda _work, _rows, chosen=strategy: chosen)
            found = matching.find(work(shared, a, b), SILENT)
        answers.append(
            (
                found.identical,
                sorted(shared.rows(found.pairs.select("key:id", "a:v", "b:v")), key=str),
                sorted(shared.rows(found.keys_only_a)),
                sorted(shared.rows(found.keys_only_b)),
                sorted(shared.rows(found.duplicates_a.select("id", "v")), key=str),
                sorted(shared.rows(found.duplicates_b.select("id", "v")), key=str),
            )
        )
    assert answers[0] == answers[1] == answers[2]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(a=ROWS, b=ROWS)
def test_every_join_knows_whether_a_key_repeats(
    shared: DuckDBEngine, a: list[tuple[int, str | None]], b: list[tuple[int, str | None]]
) -> None:
    given_work = work(shared, a, b)
    unique = all(len({r[0] for r in rows}) == len(rows) for rows in (a, b))
    assert joins.narrow(given_work, (len(a), len(b))).unique == unique
    assert joins.full(given_work, (len(a), len(b))).unique == unique
    # Identical copies in equal number on both sides pair with each other, so calling them unique is right.
    copies = {key: [sorted(str(r[1]) for r in rows if r[0] == key) for rows in (a, b)] for key, _ in a + b}
    harmless = all(
        (len(left) <= 1 and len(right) <= 1) or (left == right and len(set(left)) == 1)
        for left, right in copies.values()
    )
    assert joins.streamed(given_work, (len(a), len(b))).unique == harmless


def test_the_join_is_chosen_by_difference_and_memory() -> None:
    assert choose(0.01, 10_000_000, memory=8 * 2**30, exact=False) == "streamed"
    assert choose(0.01, 10_000_000, memory=500 * 2**20, exact=False) == "narrow"
    assert choose(0.01, 10, memory=8 * 2**30, exact=True) == "narrow"
    assert choose(0.8, 10_000_000, memory=500 * 2**20, exact=False) == "full"
    assert share_different(10, 10) == 0.0
    assert share_different(100, 50) == 0.5
