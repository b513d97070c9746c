"""Differences without a pattern give no cause, whatever is looked at."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from greenai.attribution.causes import mine
from greenai.attribution.cells import Cells
from greenai.attribution.contrast import sampled
from greenai.definition.types import FieldType
from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.types import ibis_type

ROWS, BROKEN = 3_000, 300
WORDS = ("alpha", "Bravo Ltd", "charlie & sons", "delta", "Echo AG", "foxtrot", "golf plc", "hotel", "india")


def amount(draw: random.Random) -> Decimal:
    return Decimal(draw.randrange(1_000, 90_000_000)).scaleb(-2)


def name(draw: random.Random) -> str:
    return f"{draw.choice(WORDS)} {draw.choice(WORDS)} {draw.randrange(100)}"


def code(draw: random.Random) -> str:
    return draw.choice(("CONFIRMED", "SETTLED", "PENDING", "AMENDED"))


def day(draw: random.Random) -> date:
    return date(2026, 1, 1) + timedelta(days=draw.randrange(300))


def moment(draw: random.Random) -> datetime:
    return datetime(2026, 1, 1) + timedelta(seconds=draw.randrange(300 * 86_400))


def flag(draw: random.Random) -> bool:
    return draw.random() < 0.5


def count(draw: random.Random) -> int:
    return draw.randrange(1, 40)


KINDS: tuple[tuple[FieldType, Callable[[random.Random], Any]], ...] = (
    (FieldType("decimal", 18, 2), amount),
    (FieldType("string"), name),
    (FieldType("string"), code),
    (FieldType("date"), day),
    (FieldType("timestamp"), moment),
    (FieldType("boolean"), flag),
    (FieldType("integer"), count),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as made:
        yield made


def world(engine: DuckDBEngine, seed: int, *, shuffled: bool) -> tuple[Cells, Any]:
    """Rows with one field of a random kind that differs without a pattern, more often in some slices."""
    draw = random.Random(seed)
    kind, make = KINDS[seed % len(KINDS)]
    rows = [
        {
            "key:id": f"T{place:05}",
            "a:value": make(draw),
            "context:desk": f"desk {draw.randrange(6)}",
            "context:trader": f"trader {draw.randrange(60)}",
            "context:file": f"fo_{draw.randrange(4)}.csv",
        }
        for place in range(ROWS)
    ]
    chosen = sorted(draw.sample(range(ROWS), BROKEN), key=lambda place: str(rows[place]["key:id"]))
    pool = [rows[place]["a:value"] for place in chosen]
    draw.shuffle(pool)
    broken = []
    for place, other in zip(chosen, pool, strict=True):
        row = rows[place]
        value = other if shuffled else make(draw)
        if value != row["a:value"]:
            broken.append(
                {"cell": len(broken), "a": row["a:value"], "b": value, "raw_a": None, "raw_b": None} | row
            )
    made = {}
    for stem, data in (("rows", rows), ("cells", broken)):
        names = list(data[0])
        types = {"cell": pa.int64(), "raw_a": pa.string(), "raw_b": pa.string()}
        table = pa.table({n: pa.array([row[n] for row in data], types.get(n)) for n in names})
        registered = engine.register(table, engine.fresh(stem))
        value_type = ibis_type(kind)
        casts = {n: registered[n].cast(value_type) for n in ("a", "b", "a:value") if n in names}
        made[stem] = engine.materialise(registered.mutate(**casts))
    cells = made["cells"].drop("a:value")
    cells = engine.materialise(cells)
    found = Cells(cells, "value", kind, ("id",), (), ("desk", "trader", "file"), len(broken))
    return found, sampled(engine, made["rows"])


@pytest.mark.parametrize("seed", range(25))
def test_random_values_give_no_cause(engine: DuckDBEngine, seed: int) -> None:
    cells, paired = world(engine, seed, shuffled=False)
    assert cells.count > 100
    assert [cause.explanation for cause in mine(engine, [cells], paired).causes] == []


@pytest.mark.parametrize("seed", range(100, 125))
def test_shuffled_values_give_no_cause(engine: DuckDBEngine, seed: int) -> None:
    cells, paired = world(engine, seed, shuffled=True)
    mined = mine(engine, [cells], paired)
    assert [cause.explanation for cause in mined.causes] == []
    assert engine.count(mined.links) == 0
