"""Every relation that the difference engine builds, as SQL: a change of plan is seen in review.

``GREENAI_UPDATE_GOLDEN=1 pytest tests/unit/comparison`` writes the files anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import ibis
import pytest
import sqlglot
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from greenai.comparison import breaks, compare, duplicates, joins, pairing, strategy
from greenai.comparison.differences import judge
from greenai.definition.model import Compare
from greenai.engines.duckdb import DuckDBEngine

GOLDEN = Path(__file__).parents[2] / "golden" / "comparison"
COLUMNS = {
    "book": "string",
    "id": "int64",
    "amount": "decimal(18, 2)",
    "name": "string",
    "raw:amount": "string",
}
A = ibis.table({**COLUMNS, "context:desk": "string"}, name="a")
B = ibis.table(COLUMNS, name="b")
KEY = ("book", "id")
LIKENESS = pairing.Likeness(("amount", "raw:amount", "name"))
FATES = ibis.table(
    {"status": "int8", "key:book": "string", "key:id": "int64", "copies": "int64"}, name="fates"
)
SAMPLED_A = ibis.table(duplicates.sampled_keys(A, KEY, 1.0).schema(), name="sampled_a")
SAMPLED_B = ibis.table(duplicates.sampled_keys(B, KEY, 1.0).schema(), name="sampled_b")
KEYS = ibis.table({"key:book": "string", "key:id": "int64"}, name="keys")
COPIES_A = ibis.table(duplicates.numbered_copies(A, KEY, LIKENESS).schema(), name="copies_a")
COPIES_B = ibis.table(duplicates.numbered_copies(B, KEY, LIKENESS).schema(), name="copies_b")
REST_A = ibis.table(duplicates.left_over(COPIES_A, COPIES_B, KEY, LIKENESS).schema(), name="rest_a")
REST_B = ibis.table(duplicates.left_over(COPIES_B, COPIES_A, KEY, LIKENESS).schema(), name="rest_b")
WORK = joins.Work(DuckDBEngine.__new__(DuckDBEngine), A, B, KEY, LIKENESS)
ROWS_A = ibis.table(joins.side_rows(WORK, A, "a").schema(), name="rows_a")
PAIRS = ibis.table(joins.side_by_side(WORK, ROWS_A, B).schema(), name="pairs")
KEPT = ibis.table(pairing.joined_in_full(A, B, KEY, LIKENESS).schema(), name="kept")
RULES = {"amount": Compare(absolute="0.01", relative="0.001"), "name": Compare(ignore_case=True)}
VERDICTS = {name: judge(PAIRS, name, rule, invalid_differs=False) for name, rule in RULES.items()}

RELATIONS = {
    "sampled_pairs": strategy.sampled_pairs(A, B, KEY, LIKENESS),
    "sampled_keys": duplicates.sampled_keys(A, KEY, 0.01),
    "most_repeated": duplicates.most_repeated(SAMPLED_A),
    "meetings": duplicates.meetings(SAMPLED_A, SAMPLED_B, KEY),
    "key_fates": pairing.key_fates(A, B, KEY, LIKENESS),
    "key_fates_exact": pairing.key_fates(A, B, KEY, pairing.Likeness(("amount", "name"), exact=True)),
    "key_fates_never_alike": pairing.key_fates(
        A, B, KEY, pairing.Likeness(LIKENESS.columns, never_alike=("raw:amount",))
    ),
    "fate_counts": pairing.fate_counts(FATES),
    "keys_with": pairing.keys_with(FATES, KEY, 1),
    "matching": pairing.matching(A, KEYS, KEY),
    "side_rows": joins.side_rows(WORK, A, "a"),
    "side_by_side": joins.side_by_side(WORK, ROWS_A, B),
    "streamed": pairing.streamed(A, B, KEY, LIKENESS),
    "key_sum": pairing.key_sum(A, KEY),
    "joined_in_full": pairing.joined_in_full(A, B, KEY, LIKENESS),
    "fates_of": pairing.fates_of(KEPT, KEY),
    "fates_of_together": pairing.fates_of(KEPT, KEY, together=True),
    "joined_by_key": pairing.joined_by_key(A, B, KEY),
    "repeated_keys": duplicates.repeated_keys(A, B, KEY),
    "numbered_copies": duplicates.numbered_copies(A, KEY, LIKENESS),
    "identical_pairs": duplicates.identical_pairs(COPIES_A, COPIES_B, KEY),
    "left_over": duplicates.left_over(COPIES_A, COPIES_B, KEY, LIKENESS),
    "lone_keys": duplicates.lone_keys(REST_A, REST_B, KEY),
    "judgement": compare.judgement(PAIRS, VERDICTS),
    "value_breaks": breaks.value_breaks(PAIRS, VERDICTS["amount"].different, "amount", KEY),
    "record_breaks": breaks.record_breaks(KEYS, "only_a", KEY),
    "duplicate_breaks": breaks.duplicate_breaks(REST_A, "duplicate_a", KEY),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_the_plan_is_the_reviewed_one(name: str) -> None:
    written = DuckDBCompiler().to_sqlglot(RELATIONS[name]).sql("duckdb")
    pretty = sqlglot.transpile(written, read="duckdb", write="duckdb", pretty=True)[0] + "\n"
    path = GOLDEN / f"{name}.sql"
    if os.environ.get("GREENAI_UPDATE_GOLDEN"):
        path.write_text(pretty, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == pretty


def test_no_reviewed_plan_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.sql")} == set(RELATIONS)
