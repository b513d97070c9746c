"""Laws of a comparison, held by `greenai.diff` on any tables, and its agreement with a naive oracle.

The examples are the same in every run; ``HYPOTHESIS_PROFILE=search`` looks for new ones.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import greenai
from oracle import Break, Found, Row, Rule, compare

EVERY_CHECK = list(HealthCheck)
settings.register_profile(
    "ci", max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=EVERY_CHECK
)
settings.register_profile("search", max_examples=150, deadline=None, suppress_health_check=EVERY_CHECK)
LAWS = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
THREADS = 1

TYPES: dict[str, pa.DataType] = {
    "id": pa.int32(),
    "part": pa.string(),
    "text": pa.string(),
    "count": pa.int64(),
    "money": pa.decimal128(30, 10),
    "rate": pa.float64(),
    "day": pa.date32(),
    "moment": pa.timestamp("us"),
    "flag": pa.bool_(),
}
KEY = ("id", "part")
FIELDS = tuple(name for name in TYPES if name not in KEY)
# Few values of each type, near and odd ones, so that rows are often equal, nearly equal and strange.
VALUES: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4, 5, 6, -1, 2**31 - 1, None],
    "part": ["", "a", "A", "a ", "é", "e\u0301", '"', "\\", "日本", "a\nb", "null", None],
    "text": [
        *("", " ", "a", "A", "Acme Ltd", "ACME Ltd", "Acme Lt", "0", "00", "NULL"),
        *("é", "e\u0301", "ß", "😀", "a\tb", "a\0b", "a\0c", "\\", '"', None),
    ],
    "count": [0, 1, 2, -1, 10, 11, 2**63 - 1, -(2**63), 2**53, 2**53 + 1, None],
    "money": [
        *map(Decimal, ("0", "1", "1.0000000001", "1.01", "1.02", "-1.01", "100", "101")),
        *map(Decimal, ("12345678901234567890.0123456789", "12345678901234567890.0123456788")),
        *map(Decimal, ("-99999999999999999999.9999999999", "99999999999999999999.9999999999")),
        None,
    ],
    "rate": [
        *(0.0, -0.0, 1.0, 1.5, 1.25, -1.5, 0.1, 1e300, 5e-324),
        *(float("nan"), float("inf"), float("-inf"), None),
    ],
    "day": [
        *(date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(1970, 1, 1)),
        *(date(1, 1, 1), date(9999, 12, 31), None),
    ],
    "moment": [
        datetime(1970, 1, 1),
        datetime(2024, 2, 29, 23, 59, 59),
        datetime(2024, 3, 1),
        datetime(2024, 3, 1, 0, 0, 0, 1),
        datetime(2024, 3, 1, 0, 0, 0, 500_000),
        datetime(1, 1, 1),
        datetime(9999, 12, 31, 23, 59, 59, 999_999),
        None,
    ],
    "flag": [True, False, None],
}
RULES: dict[str, list[Rule]] = {
    "text": [Rule(ignore_case=True), Rule(similarity=0.9), Rule(similarity=0.8, ignore_case=True)],
    "count": [Rule(absolute=Decimal(1)), Rule(relative=Decimal("0.1")), Rule(absolute=Decimal(2**62))],
    "money": [
        Rule(absolute=Decimal("0.01")),
        Rule(absolute=Decimal("1E-10")),
        Rule(relative=Decimal("0.01")),
        Rule(absolute=Decimal("0.0000000001"), relative=Decimal("0.5")),
    ],
    "rate": [
        Rule(absolute=Decimal("0.25")),
        Rule(relative=Decimal("0.5")),
        Rule(absolute=Decimal(1), relative=Decimal("0.125")),
    ],
    "day": [Rule(days=0), Rule(days=1), Rule(days=100_000)],
    "moment": [
        *(Rule(seconds=Decimal(text)) for text in ("0", "0.000001", "0.5")),
        Rule(days=1),
    ],
}


@dataclass(frozen=True)
class Case:
    """Two tables and how to compare them."""

    a: tuple[Row, ...]
    b: tuple[Row, ...]
    key: tuple[str, ...]
    rules: Mapping[str, Rule]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.rules)

    def mirrored(self) -> Case:
        return Case(self.b, self.a, self.key, self.rules)


@st.composite
def cases(draw: st.DrawFn, *, tolerant: bool = True) -> Case:
    """Two sides made of the same records, each with some left out, repeated and changed."""
    key = draw(st.sampled_from([("id",), ("part",), KEY]))
    fields = draw(st.lists(st.sampled_from(FIELDS), unique=True, max_size=4))
    choices = {name: [Rule(), *(RULES.get(name, []) if tolerant else [])] for name in fields}
    rules = {name: draw(st.sampled_from(choices[name])) for name in fields}
    columns = (*key, *fields)
    values = {name: st.sampled_from(VALUES[name]) for name in columns}
    base = draw(st.lists(st.fixed_dictionaries(values), max_size=14))
    sides = []
    for _ in "ab":
        rows: list[Row] = []
        for row in base:
            fate = draw(st.sampled_from(["keep", "keep", "change", "drop", "twice", "copy and change"]))
            if fate in ("keep", "twice", "copy and change"):
                rows.append(row)
            if fate == "twice":
                rows.append(row)
            if fate in ("change", "copy and change") and fields:
                name = draw(st.sampled_from(fields))
                rows.append({**row, name: draw(values[name])})
        sides.append(tuple(rows))
    return Case(sides[0], sides[1], key, rules)


def table(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    schema = pa.schema([(name, TYPES[name]) for name in columns])
    return pa.Table.from_pylist([dict(row) for row in rows], schema)


def options(rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The rules as the options of `greenai.diff`."""
    given: dict[str, Any] = {
        kind: {name: getattr(rule, kind) for name, rule in rules.items() if getattr(rule, kind) is not None}
        for kind in ("absolute", "relative", "days", "seconds", "similarity")
    }
    return given | {"ignore_case": [name for name, rule in rules.items() if rule.ignore_case]}


def found(case: Case, **more: Any) -> Found:
    """What greenai finds, in the oracle's words."""
    a, b = (table(rows, case.columns) for rows in (case.a, case.b))
    with greenai.diff(a, b, key=case.key, threads=THREADS, **options(case.rules), **more) as result:
        summary = result.summary
        rows = result.breaks.to_pylist()
    breaks: Counter[Break] = Counter(
        (tuple(json.loads(row["key"])), *(row[name] for name in ("field", "kind", "value_a", "value_b")))
        for row in rows
    )
    assert len({row["break_id"] for row in rows}) == len(rows) == summary.breaks
    fields = {name: (counts.different, counts.within_tolerance) for name, counts in summary.fields.items()}
    return Found(summary.rows.as_dict(), fields, breaks)


def expected(case: Case) -> Found:
    return compare(case.a, case.b, key=case.key, rules=case.rules, text=canonical)


def canonical(name: str, value: Any) -> str | None:
    """The text of a value in breaks, by the type of its column."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:.{TYPES[name].scale}f}"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    odd = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN", "-0.0": "0.0"}
    odd |= {"True": "true", "False": "false"}
    return odd.get(str(value), str(value))


@LAWS
@given(case=cases())
def test_it_agrees_with_the_oracle_break_by_break_and_count_by_count(case: Case) -> None:
    assert found(case) == expected(case)


@LAWS
@given(case=cases())
def test_without_fingerprints_it_agrees_as_well(case: Case) -> None:
    assert found(case, exact=True) == expected(case)


@LAWS
@given(case=cases())
def test_a_table_differs_in_nothing_from_itself(case: Case) -> None:
    got = found(Case(case.a, case.a, case.key, case.rules))
    assert got.breaks == Counter()
    assert got.rows["equal"] == got.rows["a"] == got.rows["b"]
    assert set(got.fields.values()) <= {(0, 0)}


@LAWS
@given(case=cases())
def test_swapping_the_sides_mirrors_everything(case: Case) -> None:
    there, back = found(case), found(case.mirrored())
    assert {mirrored_name(name): n for name, n in there.rows.items()} == back.rows
    assert there.fields == back.fields
    turned = {
        (key, field, mirrored_name(kind), value_b, value_a): n
        for (key, field, kind, value_a, value_b), n in there.breaks.items()
    }
    assert turned == back.breaks


def mirrored_name(name: str) -> str:
    other = {"a": "b", "b": "a"}
    return other.get(name) or (name[:-1] + other[name[-1]] if name[-2:] in ("_a", "_b") else name)


@LAWS
@given(case=cases(), seed=st.integers(0, 2**32))
def test_the_order_of_rows_is_irrelevant(case: Case, seed: int) -> None:
    sides = [list(case.a), list(case.b)]
    for rows in sides:
        random.Random(seed).shuffle(rows)
    assert found(case) == found(Case(tuple(sides[0]), tuple(sides[1]), case.key, case.rules))


@LAWS
@given(case=cases(tolerant=False))
def test_no_tolerance_is_the_same_as_a_tolerance_of_nothing(case: Case) -> None:
    nothing = {
        "count": Rule(absolute=Decimal(0)),
        "money": Rule(absolute=Decimal(0)),
        "day": Rule(days=0),
        "moment": Rule(seconds=Decimal(0)),
        "text": Rule(similarity=1.0),
    }
    rules = {name: nothing.get(name, rule) for name, rule in case.rules.items()}
    got = found(Case(case.a, case.b, case.key, rules))
    assert got == expected(case)


@LAWS
@given(case=cases())
def test_where_most_rows_differ_it_agrees_as_well(case: Case) -> None:
    """Another join is chosen there, once there are enough rows to tell."""
    if "id" not in case.key:
        case = Case(case.a, case.b, KEY, case.rules)
    rules = {**case.rules, "text": Rule()}
    a, b = (
        tuple(
            {"part": "", **row, "text": side, "id": copy * 100 + (row.get("id") or 0) % 50}
            for copy in range(60)
            for row in rows
        )
        for side, rows in (("left", case.a), ("right", case.b))
    )
    many = Case(a, b, case.key, rules)
    assert found(many) == expected(many)


# Names that a comparison might want for columns of its own, and names that are odd in SQL.
NAMES = ["fingerprint", "status", "copy", "copies", "ordinal", "n", "n_a", "pairs", "key", "field"]
NAMES += ["a:x", "key:x", "select", 'quo"te', "with blank", "Ünï"]


@pytest.mark.parametrize("part", ["key", "field"])
@pytest.mark.parametrize("name", NAMES)
def test_a_column_may_have_any_name(name: str, part: str) -> None:
    columns = (name, "value") if part == "key" else ("value", name)
    a = [("x", "1"), ("x", "1"), ("x", "2"), ("y", "3"), ("z", "4")]
    b = [("x", "1"), ("x", "5"), ("y", "6"), ("w", "4")]
    sides = [pa.table(dict(zip(columns, zip(*rows, strict=True), strict=True))) for rows in (a, b)]
    with greenai.diff(*sides, key=columns[:1], threads=THREADS) as result:
        rows = result.summary.rows
        kinds = Counter(row["kind"] for row in result.breaks.to_pylist())
    assert (rows.matched, rows.equal, rows.only_a, rows.only_b) == (2, 1, 1, 1)
    assert kinds == {"value": 1, "only_a": 1, "only_b": 1, "duplicate_a": 2, "duplicate_b": 1}


@pytest.mark.parametrize("name", ["raw:x", "context:x"])
def test_a_name_that_begins_like_a_column_of_our_own_is_refused_with_a_remedy(name: str) -> None:
    side = pa.table({"id": [1], name: ["x"]})
    with pytest.raises(greenai.GreenaiError) as refusal:
        greenai.diff(side, side, key="id")
    assert name in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.parametrize("tolerance", [{"absolute": {"money": "1E+2"}}, {"relative": {"money": "1"}}])
def test_tolerances_judge_the_largest_decimals(tolerance: dict[str, Any]) -> None:
    largest, nearly, opposite = (Decimal(text) for text in ("9" * 38, "9" * 37 + "8", "-" + "9" * 38))
    columns = pa.schema([("id", pa.int32()), ("money", pa.decimal128(38, 0))])
    a, b = (
        pa.Table.from_pylist([{"id": n, "money": value} for n, value in enumerate(values)], columns)
        for values in ((largest, largest), (nearly, opposite))
    )
    with greenai.diff(a, b, key="id", threads=THREADS, **tolerance) as result:
        assert result.summary.fields["money"].as_dict() == {"different": 1, "within_tolerance": 1}
