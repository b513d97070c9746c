"""The parts of the scope search agree with what is counted one by one."""

from __future__ import annotations

import math
import random
from math import comb

import pyarrow as pa
import pytest

from greenai.attribution.board import Board
from greenai.attribution.contrast import Contrast
from greenai.attribution.evidence import Seen, convincing
from greenai.attribution.predicates import EVERYWHERE, Between, Equals, OneOf, Predicate
from greenai.attribution.ranges import best_range
from greenai.attribution.scopes import ITEMS, Search
from greenai.attribution.statistics import (
    binomial_tail,
    hypergeometric_tail,
    index_bits,
    lower_bound,
)
from greenai.engines.duckdb import DuckDBEngine


@pytest.mark.parametrize(("hits", "trials", "chance"), [(3, 10, 0.1), (10, 10, 0.2), (40, 60, 0.5)])
def test_binomial_tails_are_the_sum_of_their_terms(hits: int, trials: int, chance: float) -> None:
    terms = (comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(hits, trials + 1))
    assert math.exp(binomial_tail(hits, trials, chance)) == pytest.approx(sum(terms))


@pytest.mark.parametrize(("hits", "draws", "marked", "population"), [(5, 10, 20, 100), (4, 4, 9, 30)])
def test_hypergeometric_tails_are_the_sum_of_their_terms(
    hits: int, draws: int, marked: int, population: int
) -> None:
    ways = sum(
        comb(marked, k) * comb(population - marked, draws - k) for k in range(hits, min(draws, marked) + 1)
    )
    expected = ways / comb(population, draws)
    assert math.exp(hypergeometric_tail(hits, draws, marked, population)) == pytest.approx(expected)


def test_tails_of_the_impossible_and_the_certain() -> None:
    assert binomial_tail(0, 10, 0.5) == 0.0
    assert binomial_tail(3, 10, 0.0) == -math.inf
    assert hypergeometric_tail(5, 4, 9, 30) == -math.inf
    assert hypergeometric_tail(1, 30, 1, 30) == 0.0
    assert hypergeometric_tail(100_000, 100_000, 120_000, 10_000_000) < -100_000
    assert index_bits(10, 3) == pytest.approx(math.log2(120))
    assert lower_bound(0, 0) == 0.0
    assert 0.9 < lower_bound(50, 50) < 1


def test_bitmaps_hold_what_the_engine_holds() -> None:
    draw = random.Random(1)
    rows = {
        "context:city": [draw.choice(["Rome", "O'Hara", None, "Oslo"]) for _ in range(500)],
        "context:batch": [draw.choice([None, 1, 5, 9, 12]) for _ in range(500)],
        "context:text": [draw.choice(["1", "2.5", "30"]) for _ in range(500)],
    }
    data = pa.table(rows)
    board = Board(data, ["city", "batch", "text"])
    conditions = [
        Equals("city", "O'Hara"),
        Equals("city", None),
        Equals("city", "Paris"),
        OneOf("city", ("Oslo", "Rome")),
        Between("batch", 2, 9),
        Between("text", 2.0, 30.0, numeric=True),
    ]
    with DuckDBEngine() as engine:
        table = engine.register(data)
        for condition in conditions:
            held = board.holding(condition).bit_count()
            assert engine.count(table.filter(condition.holds(table))) == held
            # The text of a predicate is SQL over the context columns.
            if not (isinstance(condition, Between) and condition.numeric):
                renamed = engine.define(table.rename(lambda name: name.removeprefix("context:")), "renamed")
                said = engine.execute(
                    f"SELECT count(*) FROM {renamed.get_name()} WHERE {Predicate((condition,))}"
                )
                assert said == [(held,)]


def test_a_range_keeps_wanted_rows_in_and_others_out() -> None:
    values = list(range(1_000))
    board = Board(pa.table({"context:day": values}), ["day"])
    wanted = sum(1 << value for value in range(300, 360))
    others = sum(1 << value for value in range(1_000) if not 300 <= value < 360 and value % 3 == 0)
    assert best_range(board, "day", wanted, others) == Between("day", 300, 359)
    assert best_range(board, "day", wanted, 0) is None


def test_sixty_columns_of_many_values_stay_within_the_bound() -> None:
    draw = random.Random(2)
    size, columns = 3_000, [f"c{number}" for number in range(60)]
    data = pa.table(
        {f"context:{c}": [f"v{draw.randrange(100_000)}" for _ in range(size)] for c in columns[1:]}
    )
    data = data.append_column("context:c0", pa.array(["hot" if n < 60 else "cold" for n in range(size)]))
    board = Board(data, columns)
    search = Search(board, Contrast(board, 1.0, (board.everything,)), worth=20.0)
    target = (1 << 60) - 1
    best = search.scopes(0, target, board.everything & ~target, 10.0)[0]
    assert str(best.predicate) == "c0 = 'hot'"
    assert search.looked < ITEMS * 21


def test_a_rule_must_beat_how_often_its_slice_breaks() -> None:
    slice_ = Predicate((Equals("desk", "A"),))

    def rule(explained: int, breaks: int, rows: int, chance: float) -> Seen:
        return Seen(slice_, explained, breaks, rows, 400, 1_000, 100_000, chance)

    # Forty of a hundred breaks is the rate of all breaks, however often the slice breaks.
    assert not convincing(rule(40, 100, 200, 0.4), 1_000)
    assert convincing(rule(98, 100, 200, 0.001), 1_000)
    assert not convincing(rule(3, 3, 50, 0.3), 1_000)
    everywhere = Seen(EVERYWHERE, 900, 1_000, 100_000, 900, 1_000, 100_000, 0.001)
    assert convincing(everywhere, 1_000)
    assert not convincing(Seen(EVERYWHERE, 900, 1_000, 100_000, 900, 1_000, 100_000, 1.0), 1_000)
