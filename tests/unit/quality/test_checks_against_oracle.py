"""The engine agrees with a naive reading of every check, whatever the order of the rows."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from greenai.definition.gate import parse_check
from greenai.engines.duckdb import DuckDBEngine
from greenai.quality.checks import failures, rules

Rows = list[dict[str, Any]]
SCHEMA = pa.schema([("id", pa.int64()), ("c", pa.string()), ("d", pa.string()), ("n", pa.int64())])
CODES = st.sampled_from([None, "", "A", "a", "ä", "AB"])
ROWS = st.lists(st.tuples(CODES, CODES, st.sampled_from([None, -1, 0, 1, 2])), max_size=8).map(
    lambda rows: [{"id": n, "c": c, "d": d, "n": i} for n, (c, d, i) in enumerate(rows)]
)


def alike(rows: Rows, one: dict[str, Any], names: list[str]) -> Rows:
    """The rows that agree with one in these fields, none of them null."""
    wanted = [one[name] for name in names]
    return [] if None in wanted else [row for row in rows if [row[name] for name in names] == wanted]


ORACLE: list[tuple[Any, Callable[[Rows, dict[str, Any]], bool]]] = [
    ({"not_null": "n"}, lambda _, row: row["n"] is None),
    ({"range": {"field": "n", "min": 0, "max": 1}}, lambda _, row: row["n"] not in (None, 0, 1)),
    ({"allowed": {"field": "c", "values": ["A", "ä"]}}, lambda _, row: row["c"] not in (None, "A", "ä")),
    (
        {"pattern": {"field": "c", "pattern": "[A-Z]+"}},
        lambda _, row: row["c"] is not None and not re.fullmatch("[A-Z]+", row["c"]),
    ),
    ({"unique": ["c", "n"]}, lambda rows, row: len(alike(rows, row, ["c", "n"])) > 1),
    (
        {"depends": {"on": "c", "gives": "d"}},
        lambda rows, row: len({other["d"] for other in alike(rows, row, ["c"])}) > 1,
    ),
    (
        {"depends": {"on": ["c", "d"], "gives": "n"}},
        lambda rows, row: len({other["n"] for other in alike(rows, row, ["c", "d"])}) > 1,
    ),
]

NAME = "candidates_of_the_oracle"
CHECKS = [parse_check(written) for written, _ in ORACLE]
# One statement for all examples: writing it takes longer than running it.
FAILURES = failures(
    CHECKS,
    ibis.table({"id": "int64", "c": "string", "d": "string", "n": "int64"}, name=NAME),
    key=["id"],
    business_date=date(2026, 1, 1),
)
assert FAILURES is not None


@given(rows=ROWS, seed=st.integers(0, 9))
@hypothesis_settings(max_examples=60)
def test_the_rows_that_fail_are_those_of_the_oracle_in_any_order(
    engine: DuckDBEngine, rows: Rows, seed: int
) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    expected = {(n, row["id"]) for n, (_, fails) in enumerate(ORACLE) for row in rows if fails(rows, row)}
    found = [found_by(engine, order) for order in (rows, shuffled)]
    assert {(n, id) for n, id, _ in found[0]} == expected
    assert found[0] == found[1]


def found_by(engine: DuckDBEngine, rows: Rows) -> set[tuple[int, int, str]]:
    """Number of the check, id of the row, explanation."""
    engine.register(pa.Table.from_pylist(rows, SCHEMA), NAME)
    number = {rule.text: n for n, check in enumerate(CHECKS) for rule in rules([check])}
    return {(number[rule], int(key.strip('["]')), said) for key, _, rule, said in engine.rows(FAILURES)}
