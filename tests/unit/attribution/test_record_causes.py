"""Missing and repeated records are told by slices."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pyarrow as pa
import pytest

from greenai.attribution.record_causes import Records, mine_records
from greenai.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as made:
        yield made


def rows(count: int, seed: int) -> pa.Table:
    draw = random.Random(seed)
    return pa.table(
        {
            "id": [f"T{n:06}" for n in range(count)],
            "context:source_file": [f"fo_{draw.randrange(1, 6)}.csv" for _ in range(count)],
            "context:desk": [f"desk {draw.randrange(12)}" for _ in range(count)],
        }
    )


def test_a_missing_file_is_one_cause_and_the_scattered_rest_another(engine: DuckDBEngine) -> None:
    table = engine.register(rows(8_000, 1))
    lost = (table["context:source_file"] == "fo_4.csv") | table["id"].like("%77")
    broken = engine.materialise(table.filter(lost))
    mined = mine_records(engine, [Records("only_a", broken, table, ("id",))])
    slice_, rest = mined.causes
    assert (slice_.scope, slice_.reason) == ("source_file = 'fo_4.csv'", "LATE_ARRIVAL")
    assert slice_.explanation.startswith(f"All {slice_.breaks:,} records from fo_4.csv are missing in b.")
    assert (rest.scope, rest.reason) == ("true", "MISSING_RECORD")
    assert slice_.breaks + rest.breaks == engine.count(broken) == engine.count(mined.links)
    assert len(slice_.examples) == 3


def test_a_slice_of_which_some_came_is_missing_not_late(engine: DuckDBEngine) -> None:
    table = engine.register(rows(8_000, 2))
    broken = engine.materialise(table.filter((table["context:desk"] == "desk 3") & ~table["id"].like("%1")))
    (cause,) = mine_records(engine, [Records("only_b", broken, table, ("id",))]).causes
    assert (cause.scope, cause.reason) == ("desk = 'desk 3'", "MISSING_RECORD")
    assert cause.exceptions > 0


@pytest.mark.parametrize("seed", range(10))
def test_scattered_records_have_no_slice(engine: DuckDBEngine, seed: int) -> None:
    table = engine.register(rows(4_000, seed))
    draw = random.Random(seed)
    lost = [f"T{n:06}" for n in range(4_000) if draw.random() < 0.05]
    broken = engine.materialise(table.filter(table["id"].isin(lost)))
    mined = mine_records(engine, [Records("only_a", broken, table, ("id",))])
    assert [cause.scope for cause in mined.causes] == ["true"]


def test_repeated_keys_are_duplicates_by_their_ordinal(engine: DuckDBEngine) -> None:
    table = engine.register(rows(1_000, 4))
    few = table.filter(table["id"].like("%00")).mutate(**{"greenai:ordinal": 0})
    broken = engine.materialise(few)
    mined = mine_records(engine, [Records("duplicate_b", broken, table, ("id",))])
    (cause,) = mined.causes
    assert (cause.reason, cause.functional, cause.kind) == ("DUPLICATE_RECORD", False, "duplicate_b")
    assert engine.count(mined.links) == cause.breaks == 10


def test_nothing_broken_gives_nothing(engine: DuckDBEngine) -> None:
    table = engine.register(rows(100, 4))
    broken = engine.materialise(table.filter(table["id"] == "none"))
    mined = mine_records(engine, [Records("only_a", broken, table, ("id",))])
    assert mined.causes == ()
    assert engine.count(mined.links) == 0
