"""Planted differences come back as causes, with their exceptions and sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa
import pytest

from greenai.attribution.causes import Mined, mine
from greenai.attribution.cells import Cells
from greenai.attribution.contrast import sampled
from greenai.definition.types import FieldType
from greenai.engines.duckdb import DuckDBEngine

MONEY = FieldType("decimal", 18, 2)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as made:
        yield made


def mined(
    engine: DuckDBEngine, change: Callable[[int, dict[str, Any]], Decimal], *, rows: int = 6_000
) -> Mined:
    """The causes of amounts of which side b has what `change` makes of a row."""
    draw = random.Random(7)
    made = [
        {
            "key:id": f"T{place:05}",
            "a:amount": Decimal(draw.randrange(1_001, 9_000_000)).scaleb(-2),
            "context:currency": draw.choice(["USD", "USD", "EUR", "JPY"]),
            "context:source_file": f"fo_{draw.randrange(1, 4)}.csv",
            "context:desk": f"desk {draw.randrange(5)}",
        }
        for place in range(rows)
    ]
    cells = []
    for place, row in enumerate(made):
        b = change(place, row)
        if b != row["a:amount"]:
            rest = {name: value for name, value in row.items() if name != "a:amount"}
            cells.append({"cell": len(cells), "a": row["a:amount"], "b": b, **rest})
    money = pa.decimal128(18, 2)

    def table(data: list[dict[str, Any]]) -> pa.Table:
        types = {"a": money, "b": money, "a:amount": money, "cell": pa.int64()}
        return pa.table({name: pa.array([row[name] for row in data], types.get(name)) for name in data[0]})

    nothing = pa.nulls(len(cells), pa.string())
    broken = table(cells).append_column("raw_a", nothing).append_column("raw_b", nothing)
    field = Cells(
        engine.materialise(engine.register(broken, "broken")),
        "amount",
        MONEY,
        ("id",),
        (),
        ("currency", "source_file", "desk"),
        len(cells),
    )
    return mine(engine, [field], sampled(engine, engine.register(table(made), "paired")))


def in_slice(row: dict[str, Any]) -> bool:
    return row["context:currency"] == "JPY" and row["context:source_file"] == "fo_3.csv"


def test_a_scaled_slice_is_one_cause_with_its_sentence(engine: DuckDBEngine) -> None:
    found = mined(engine, lambda _, row: row["a:amount"] * (100 if in_slice(row) else 1))
    (cause,) = found.causes
    assert (cause.family, cause.expression) == ("scale", "b = a * 100")
    assert cause.scope == "currency = 'JPY' and source_file = 'fo_3.csv'"
    assert (cause.reason, cause.functional, cause.exceptions) == ("SCALE_ERROR", False, 0)
    assert cause.explanation == (
        f"All {cause.breaks} values of amount in JPY from fo_3.csv are 100 times larger in b (b = a * 100). "
        f"0 exceptions among {cause.breaks}; {cause.outside:,} other values in JPY agree."
    )
    assert cause.outside > cause.breaks
    assert len(cause.examples) == 3
    assert engine.count(found.links) == cause.breaks


def test_errors_among_the_exceptions_are_reported_exactly(engine: DuckDBEngine) -> None:
    def change(place: int, row: dict[str, Any]) -> Decimal:
        amount: Decimal = row["a:amount"]
        if not in_slice(row):
            return amount
        if place % 100 == 0:
            return amount + Decimal("3.17") * (place + 1)
        return amount if place % 101 == 0 else -amount

    found = mined(engine, change)
    (cause,) = found.causes
    assert cause.family == "sign"
    wrong = {id for (id,) in engine.rows(found.links.filter("exception").select("break_id"))}
    assert len(wrong) == cause.exceptions - cause.agreeing > 0
    assert cause.agreeing > 0
    assert all(int(one.key[0][1:]) % 100 == 0 for one in cause.counter_examples)


def test_a_scale_and_a_rounding_on_one_cell_are_composed(engine: DuckDBEngine) -> None:
    def change(_: int, row: dict[str, Any]) -> Decimal:
        amount: Decimal = row["a:amount"]
        if row["context:currency"] == "JPY":
            amount = -amount
        if row["context:source_file"] == "fo_3.csv":
            amount = amount.quantize(Decimal(1), ROUND_HALF_UP)
        return amount

    found = mined(engine, change)
    families = {cause.family for cause in found.causes}
    assert families == {"sign", "rounding"}
    composed = [cause for cause in found.causes if ", then " in cause.expression]
    assert len(composed) == 1
    assert composed[0].scope == "currency = 'JPY' and source_file = 'fo_3.csv'"
    assert sum(cause.breaks for cause in found.causes) == engine.count(
        found.links.filter(~found.links.exception)
    )


def test_causes_are_the_same_in_every_run(engine: DuckDBEngine) -> None:
    def change(_: int, row: dict[str, Any]) -> Decimal:
        return row["a:amount"] * (100 if in_slice(row) else 1)

    with DuckDBEngine(threads=1) as other:
        assert mined(engine, change).causes == mined(other, change).causes


def test_digits_turned_round_are_no_cause(engine: DuckDBEngine) -> None:
    def change(place: int, row: dict[str, Any]) -> Decimal:
        amount: Decimal = row["a:amount"]
        if row["context:desk"] != "desk 2":
            return amount
        return Decimal(int(str(int(amount * 100))[::-1])).scaleb(-2)

    assert mined(engine, change).causes == ()
