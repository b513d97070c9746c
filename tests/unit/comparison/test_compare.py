"""The difference engine on small relations: every row has exactly one place."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from greenai.comparison.compare import compare
from greenai.comparison.result import Comparison
from greenai.definition.model import Compare
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import KeyFieldError

Relation = Callable[..., Any]


@pytest.fixture
def comparing(engine: DuckDBEngine) -> Callable[..., Comparison]:
    def run(a: Any, b: Any, key: str = "id", exact: bool = False, **rules: Any) -> Comparison:
        fields = [name for name in a.columns if name != key and ":" not in name]
        invalid = rules.pop("invalid_differs", False)
        return compare(
            engine,
            a,
            b,
            key=[key],
            rules={name: Compare(**rules.get(name, {})) for name in fields},
            exact=exact,
            invalid_differs=invalid,
        )

    return run


def breaks(engine: DuckDBEngine, found: Comparison) -> set[tuple[Any, ...]]:
    columns = ["key", "field", "kind", "value_a", "value_b"]
    rows = engine.rows(found.breaks.select(columns))
    assert len(rows) == found.break_count
    return set(rows)


def test_without_a_key_nothing_can_be_paired(engine: DuckDBEngine, relation: Relation) -> None:
    with pytest.raises(KeyFieldError, match="--key"):
        compare(engine, relation(id=[1]), relation(id=[1]), key=[], rules={})


@pytest.mark.parametrize("exact", [False, True])
def test_every_row_has_one_place(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison], exact: bool
) -> None:
    a = relation(id=[1, 2, 3, 4], v=["x", "y", None, "s"])
    b = relation(id=[2, 3, 4, 5], v=["Y", None, "s", "z"])
    found = comparing(a, b, exact=exact)
    assert (found.counts.matched, found.counts.equal, found.counts.different) == (3, 2, 1)
    assert (found.counts.only_a, found.counts.only_b) == (1, 1)
    assert breaks(engine, found) == {
        ('["2"]', "v", "value", "y", "Y"),
        ('["1"]', None, "only_a", None, None),
        ('["5"]', None, "only_b", None, None),
    }
    assert engine.rows(found.only_a) == [(1, "x")]
    assert engine.rows(found.only_b) == [(5, "z")]


def test_null_equals_null_and_nothing_else(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    found = comparing(relation(id=[1, 2, 3], v=[None, "", None]), relation(id=[1, 2, 3], v=[None, None, ""]))
    assert breaks(engine, found) == {('["2"]', "v", "value", "", None), ('["3"]', "v", "value", None, "")}


def test_identical_copies_pair_first_then_a_last_one_on_each_side(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    a = relation(id=[1, 1, 2, 2, 3, 3, 5, 6], v=["x", "x", "y", "z", "p", "p", "q", "r"])
    b = relation(id=[1, 2, 2, 3, 3, 4, 4, 6], v=["x", "y", "w", "p", "o", "k", "k", "s"])
    found = comparing(a, b)
    assert breaks(engine, found) == {
        ('["1"]', None, "duplicate_a", None, None),
        ('["2"]', "v", "value", "z", "w"),
        ('["3"]', "v", "value", "p", "o"),
        ('["4"]', None, "duplicate_b", None, None),
        ('["5"]', None, "only_a", None, None),
        ('["6"]', "v", "value", "r", "s"),
    }
    assert found.break_count == 7
    counts = found.counts
    assert counts.matched + counts.only_a + counts.duplicates_a == 8 == counts.a
    assert counts.matched + counts.only_b + counts.duplicates_b == 8 == counts.b


def test_several_left_on_one_side_are_all_duplicates(
    relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    found = comparing(relation(id=[1, 1, 1], v=["x", "y", "z"]), relation(id=[1, 1], v=["x", "w"]))
    assert (found.counts.equal, found.counts.duplicates_a, found.counts.duplicates_b) == (1, 2, 1)


def test_a_crowded_key_is_counted_not_multiplied(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    # Joined row by row these would be 1.6 billion rows.
    many = 40_000
    a = relation(id=[7] * many + [8], v=[*range(many), 1])
    b = relation(id=[7] * many + [8], v=[*range(1, many + 1), 1])
    found = comparing(a, b)
    assert (found.counts.equal, found.counts.different) == (many, 1)
    assert breaks(engine, found) == {('["7"]', "v", "value", "0", str(many))}


@pytest.mark.parametrize(("left", "right"), [(3_000, 100_000), (100_000, 3_000), (5_000, 20_000)])
def test_a_crowded_key_on_a_small_side_is_counted_too(
    relation: Relation, comparing: Callable[..., Comparison], left: int, right: int
) -> None:
    a = relation(id=[7] * left, v=list(range(left)))
    b = relation(id=[7] * right, v=list(range(1, right + 1)))
    began = time.monotonic()
    counts = comparing(a, b).counts
    assert counts.equal == len(set(range(left)) & set(range(1, right + 1)))
    assert counts.a == counts.matched + counts.duplicates_a
    assert counts.b == counts.matched + counts.duplicates_b
    # Joined row by row these would be hundreds of millions of rows.
    assert time.monotonic() - began < 30


def test_when_most_rows_differ_the_wide_join_finds_the_same(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    size = 5000
    a = relation(id=[*range(size), 10_000], v=[*range(size), 0])
    b = relation(id=[*range(size), 10_001], v=[0, *range(2, size + 1), 0])
    found = comparing(a, b)
    assert (found.counts.equal, found.counts.different) == (1, size - 1)
    assert (found.counts.only_a, found.counts.only_b) == (1, 1)
    assert len(breaks(engine, found)) == size - 1 + 2


def test_when_most_rows_differ_and_keys_repeat_nothing_is_lost(
    relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    size = 5000
    a = relation(id=[*range(size), 3, 3], v=[*range(size), -1, -2])
    b = relation(id=[*range(size), 4], v=[*range(1, size + 1), -3])
    counts = comparing(a, b).counts
    # Key 3: three rows against one, all unlike; key 4: one against two.
    assert (counts.duplicates_a, counts.duplicates_b) == (4, 3)
    assert counts.matched == size - 2


@pytest.mark.parametrize(
    ("a", "b", "rule", "within"),
    [
        (Decimal("1.00"), Decimal("1.01"), {"absolute": "0.01"}, True),
        (Decimal("1.00"), Decimal("1.02"), {"absolute": "0.01"}, False),
        (Decimal("-100.00"), Decimal("-101.00"), {"relative": "0.01"}, True),
        (Decimal("100.00"), Decimal("101.02"), {"relative": "0.01"}, False),
        (Decimal("100.00"), Decimal("90.00"), {"relative": "0.001", "absolute": "10"}, True),
        (1.00, 1.01, {"absolute": "0.01"}, True),
        (0.1 + 0.2, 0.3, {"absolute": "0"}, True),
        (1.0, 1.02, {"absolute": "0.01"}, False),
        (float("inf"), 1.0, {"absolute": "5"}, False),
        (float("nan"), 1.0, {"relative": "0.5"}, False),
        (2**62, -(2**62), {"absolute": "5"}, False),
        (10, 12, {"absolute": "2"}, True),
        (None, 1, {"absolute": "5"}, False),
        ("Straße", "STRASSE", {"ignore_case": True}, False),
        ("abc", "ABC", {"ignore_case": True}, True),
        ("Johnson", "Jonson", {"similarity": 0.9}, True),
        ("Johnson", "Miller", {"similarity": 0.9}, False),
    ],
)
def test_tolerances_are_inclusive_and_symmetric(
    relation: Relation,
    comparing: Callable[..., Comparison],
    a: Any,
    b: Any,
    rule: dict[str, Any],
    within: bool,
) -> None:
    kind = pa.decimal128(18, 2) if isinstance(a, Decimal) else None
    if a is None:
        kind = pa.int64()
    one, other = relation({"v": kind}, id=[1], v=[a]), relation({"v": kind}, id=[1], v=[b])
    for left, right in ((one, other), (other, one)):
        counts = comparing(left, right, v=rule)
        assert counts.counts.different == (not within)
        assert (counts.fields["v"].within_tolerance, counts.fields["v"].different) == (within, not within)


def test_an_uncastable_cell_is_compared_by_its_text(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    columns: dict[str, Any] = {"id": [1, 2, 3], "v": [None, None, 5], "raw:v": ["n/a", "x", None]}
    types = {"raw:v": pa.string()}
    a = relation(types, **columns)
    b = relation(types, **{**columns, "raw:v": ["n/a", "y", None]})
    assert breaks(engine, comparing(a, b)) == {('["2"]', "v", "value", "x", "y")}
    assert breaks(engine, comparing(a, b, invalid_differs=True)) == {
        ('["1"]', "v", "value", "n/a", "n/a"),
        ('["2"]', "v", "value", "x", "y"),
    }


def test_a_match_has_its_members_on_both_sides(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    found = comparing(relation(id=[1, 2], v=["x", "y"]), relation(id=[1, 2], v=["x", "z"]))
    assert engine.rows(found.matches.rows("a")) == [(2, 0, "y")]
    assert engine.rows(found.matches.rows("b")) == [(2, 0, "z")]
    assert engine.rows(found.different_values("v")) == [(2, "y", "z")]


def test_break_ids_are_the_same_on_every_run(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    def ids() -> set[str]:
        found = comparing(relation(id=[1, 2, 2], v=["x", "y", "y"]), relation(id=[1, 3], v=["w", "y"]))
        return {row[0] for row in engine.rows(found.breaks.select("break_id"))}

    assert ids() == ids()
    assert len(ids()) == 4


def test_only_a_key_to_compare_finds_missing_records(
    relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    counts = comparing(relation(id=[1, 2]), relation(id=[2, 3])).counts
    assert (counts.equal, counts.only_a, counts.only_b) == (1, 1, 1)


def test_empty_sides_compare(relation: Relation, comparing: Callable[..., Comparison]) -> None:
    types = {"id": pa.int64(), "v": pa.string()}
    empty = relation(types, id=[], v=[])
    assert comparing(empty, empty).counts.matched == 0
    assert comparing(relation(types, id=[1], v=["x"]), empty).counts.only_a == 1


def test_fields_may_have_the_names_of_our_own_words(
    engine: DuckDBEngine, relation: Relation, comparing: Callable[..., Comparison]
) -> None:
    names = (
        "fingerprint",
        "copy",
        "ordinal",
        "status",
        "self",
        "n",
        "a",
        "b",
        "v_right",
        "v",
        "rows",
        "pairs",
    )
    columns = {name: ["x", "y", "y"] for name in names}
    a = engine.register(pa.table({"key": [1, 2, 2], **columns}))
    b = engine.register(pa.table({"key": [1, 2, 3], **{**columns, "fingerprint": ["X", "y", "y"]}}))
    found = comparing(a, b, key="key")
    assert breaks(engine, found) == {
        ('["1"]', "fingerprint", "value", "x", "X"),
        ('["2"]', None, "duplicate_a", None, None),
        ('["3"]', None, "only_b", None, None),
    }
    assert engine.rows(found.different_values("fingerprint")) == [(1, "x", "X")]
    assert len(found.matches.rows("a").columns) == len(names) + 2


@pytest.mark.parametrize(
    ("kind", "a", "b", "rule", "within"),
    [
        ("decimal(18, 2)", "1.00", "1.01", {"absolute": "0.005"}, False),
        ("decimal(18, 2)", "1.00", "1.01", {"absolute": "0.0199"}, True),
        ("decimal(18, 2)", "1.00", "1.01", {"absolute": "1e19"}, True),
        ("decimal(10, 4)", "1.0000", "1.0001", {"absolute": "1e-5"}, False),
        ("decimal(10, 4)", "-999999.9999", "999999.9999", {"absolute": "1999999.9998"}, True),
        ("decimal(10, 4)", "-999999.9999", "999999.9999", {"absolute": "1999999.9997"}, False),
        ("decimal(38, 2)", "0.99", "1.00", {"absolute": "1e-39"}, False),
        ("decimal(38, 2)", "0.99", "1.00", {"relative": "0.01"}, True),
        ("decimal(38, 2)", "0.98", "1.00", {"relative": "0.01"}, False),
        ("decimal(38, 0)", "9" * 38, "-" + "9" * 38, {"absolute": "1"}, False),
        ("decimal(38, 0)", "9" * 38, "-" + "9" * 38, {"relative": "3"}, True),
        ("decimal(38, 18)", "1", "2", {"absolute": "1e20"}, True),
        ("decimal(10, 4)", "1", "5", {"relative": "1e15"}, True),
        ("int64", str(-(2**63)), str(2**63 - 1), {"absolute": "0.99999999999999999999"}, False),
        ("int64", str(-(2**63)), str(2**63 - 1), {"absolute": str(2**64 - 1)}, True),
        ("int64", "5", "6", {"absolute": "0.5"}, False),
        ("int64", "5", "6", {"absolute": "1.5"}, True),
        ("int64", "5", "6", {"absolute": "0." + "9" * 40}, False),
        ("int64", "99", "100", {"relative": "0.01"}, True),
        ("date", "2024-01-01", "2024-01-03", {"days": 2}, True),
        ("date", "2024-01-01", "2024-01-04", {"days": 2}, False),
        ("date", "0001-01-01", "9999-12-31", {"days": 10**9}, True),
        ("timestamp", "2024-01-01 00:00:00", "2024-01-01 00:00:02", {"seconds": "2"}, True),
        ("timestamp", "2024-01-01 00:00:00", "2024-01-01 00:00:02.000001", {"seconds": "2"}, False),
        ("timestamp", "2024-01-01 00:00:00", "2024-01-03 00:00:00", {"seconds": "1e30"}, True),
    ],
)
def test_any_limit_is_judged_exactly_on_any_type(
    engine: DuckDBEngine,
    comparing: Callable[..., Comparison],
    kind: str,
    a: str,
    b: str,
    rule: dict[str, Any],
    within: bool,
) -> None:
    sides = [
        engine.view(f"SELECT 1 AS id, CAST('{text}' AS {kind.replace('int64', 'bigint')}) AS v")
        for text in (a, b)
    ]
    for left, right in (sides, sides[::-1]):
        assert (comparing(left, right, v=rule).fields["v"].within_tolerance == 1) == within
