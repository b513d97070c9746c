"""What a rule is called, which checks are refused, and which phase judges a check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from greenai.definition.gate import CHECKS, Check, parse_check
from greenai.definition.problems import InvalidDefinitionError, dotted
from greenai.definition.types import FieldType, parse_type
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import DefinitionError
from greenai.quality.checks import check_breaks, failures, rules, split, verify

TYPES: dict[str, FieldType] = {
    name: parse_type(type) for name, type in {"id": "string", "n": "decimal(9,2)", "d": "date"}.items()
}


def texts(*written: Any) -> list[str]:
    return [rule.text for rule in rules(parse_check(one) for one in written)]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({"not_null": "notional"}, "not_null(notional)"),
        ({"unique": ["b", "a", "b"]}, "unique(a, b)"),
        ({"range": {"field": "n", "min": "0.010"}}, "range(n, min=0.01)"),
        ({"range": {"field": "n", "min": -1, "max": 1}}, "range(n, min=-1, max=1)"),
        ({"range": {"field": "d", "max": "2026-01-31"}}, "range(d, max=2026-01-31)"),
        ({"range": {"field": "d", "max": "2026-01-31T18:00:00"}}, "range(d, max=2026-01-31 18:00:00)"),
        ({"allowed": {"field": "s", "values": ["SELL", "BUY"]}}, 'allowed(s, ["BUY", "SELL"])'),
        ({"pattern": {"field": "s", "pattern": "[A-Z]+"}}, 'pattern(s, "[A-Z]+")'),
        ({"depends": {"on": ["c"], "gives": ["n"]}}, "depends(c -> n)"),
        ({"depends": {"on": ["d", "c"], "gives": ["n"]}}, "depends(c, d -> n)"),
        ({"freshness": {"field": "d", "days": 3}}, "freshness(d, days=3)"),
        ({"row_count": {"within": "0.20"}}, "row_count(within=0.2)"),
        ({"row_count": {"min": 1, "max": 2}}, "row_count(min=1, max=2)"),
        ({"not_null": "trade date"}, 'not_null("trade date")'),
    ],
)
def test_a_rule_is_called_by_what_it_means(written: Any, text: str) -> None:
    assert texts(written) == [text]


def test_a_check_of_several_fields_is_several_rules_each_once() -> None:
    assert texts({"not_null": ["a", "b"]}, {"not_null": ["b", "c"]}) == [
        "not_null(a)",
        "not_null(b)",
        "not_null(c)",
    ]
    given = {"depends": {"on": "c", "gives": ["x", "y"]}}
    assert texts(given, given) == ["depends(c -> x)", "depends(c -> y)"]


def test_names_that_could_be_taken_for_several_are_told_apart() -> None:
    assert texts({"unique": ["a, b"]}, {"unique": ["a", "b"]}) == ['unique("a, b")', "unique(a, b)"]


def test_every_check_is_judged_in_exactly_one_phase() -> None:
    arguments = {
        "not_null": "n",
        "unique": "n",
        "range": {"field": "n", "min": 0},
        "allowed": {"field": "n", "values": ["1"]},
        "pattern": {"field": "n", "pattern": "1"},
        "depends": {"on": "n", "gives": "m"},
        "freshness": {"field": "d", "days": 1},
        "row_count": {"min": 1},
    }
    assert arguments.keys() == CHECKS.keys()
    checks = [parse_check({name: argument}) for name, argument in arguments.items()]
    phases = split(checks)
    assert [check.name for check in phases.rows] == ["not_null", "range", "allowed", "pattern"]
    assert [check.name for check in phases.sets] == ["unique", "depends"]
    assert [check.name for check in phases.inputs] == ["freshness", "row_count"]


@pytest.mark.parametrize(
    ("written", "column", "says"),
    [
        ({"not_null": ["id", "nn"]}, "gate.checks[1].not_null[1]", "unknown field 'nn'"),
        ({"depends": {"on": "id", "gives": "m"}}, "gate.checks[1].depends.gives[0]", "unknown field 'm'"),
        ({"range": {"field": "id", "min": 0}}, "gate.checks[1].range.field", "'id' is of type string"),
        (
            {"range": {"field": "n", "min": "2026-01-01"}},
            "gate.checks[1].range.field",
            "the bounds are dates",
        ),
        ({"freshness": {"field": "n", "days": 1}}, "gate.checks[1].freshness.field", "has no age"),
    ],
)
def test_a_check_that_does_not_fit_the_fields_is_refused_with_its_place(
    written: Any, column: str, says: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        verify([parse_check({"unique": "id"}), parse_check(written)], TYPES)
    assert caught.value.column == column
    assert says in caught.value.message
    assert caught.value.remedy


def test_every_problem_of_the_checks_is_told_at_once() -> None:
    checks = [parse_check(one) for one in ({"not_null": ["x", "id"]}, {"unique": ["y", "n"]})]
    with pytest.raises(InvalidDefinitionError) as caught:
        verify(checks, TYPES)
    places = [dotted(problem.path) for problem in caught.value.problems]
    assert places == ["gate.checks[0].not_null[0]", "gate.checks[1].unique[0]"]
    verify([parse_check({"not_null": ["n", "id"]}), parse_check({"row_count": {"min": 1}})], TYPES)


def test_a_misspelt_field_is_guessed(engine: DuckDBEngine) -> None:
    candidates = engine.register(pa.table({"notional": [1]}))
    with pytest.raises(DefinitionError, match="Did you mean `notional`"):
        failures(
            [parse_check({"not_null": "notionl"})], candidates, key=["notional"], business_date=date.today()
        )


def test_without_checks_there_are_no_failures_to_compute(engine: DuckDBEngine) -> None:
    candidates = engine.register(pa.table({"n": [1]}))
    assert failures([], candidates, key=["n"], business_date=date(2026, 1, 1)) is None


def test_failures_become_breaks_as_the_attribution_yields_them(engine: DuckDBEngine) -> None:
    from greenai.attribution.explain import explain
    from greenai.comparison.breaks import record_breaks

    explained = explain(record_breaks(engine.register(pa.table({"key:id": ["1"]})), "only_a", ["id"]))
    explained = explained.mutate(cause_id=ibis.null("string"), group_id=ibis.null("string"))
    explained = explained.mutate(method=ibis.literal("none"))
    breaks = check_breaks(_found(engine, [parse_check({"not_null": "n"})], n=[None, 1]))
    assert engine.materialise(breaks.drop("check_rule")).schema() == engine.materialise(explained).schema()
    (row,) = engine.arrow(breaks).to_pylist()
    assert row | {"break_id": ""} == {
        "break_id": "",
        "key": '["0"]',
        "field": "n",
        "check_rule": "not_null(n)",
        "kind": "check",
        "value_a": None,
        "value_b": None,
        "invalid_a": None,
        "invalid_b": None,
        "reason": "CHECK_FAILED",
        "functional": False,
        "confidence": 1.0,
        "explanation": "n is null",
        "cause_id": None,
        "group_id": None,
        "method": "check",
    }


def test_two_rules_on_one_field_are_two_breaks_and_keep_their_identity(engine: DuckDBEngine) -> None:
    checks = [
        parse_check({"range": {"field": "n", "min": Decimal(0)}}),
        parse_check({"allowed": {"field": "n", "values": ["1"]}}),
    ]
    first = _ids(engine, _found(engine, checks, n=[-1, 1]))
    assert len(first) == 2
    # The same failures, another value: the break is the same one.
    assert _ids(engine, _found(engine, checks[::-1], n=[-2, 1])) == first
    other = [parse_check({"range": {"field": "n", "min": Decimal("0.5")}}), checks[1]]
    assert len(_ids(engine, _found(engine, other, n=[-1, 1])) & first) == 1


def test_rows_of_one_key_that_fail_alike_are_one_break(engine: DuckDBEngine) -> None:
    data = engine.register(pa.table({"id": [1, 1], "n": [-2, -1]}))
    checks = [parse_check({"range": {"field": "n", "min": 0}})]
    found = failures(checks, data, key=["id"], business_date=date(2026, 1, 1))
    assert found is not None
    assert engine.count(found) == 2
    assert [row["explanation"] for row in engine.arrow(check_breaks(found)).to_pylist()] == [
        "n is -1, less than 0"
    ]


def test_the_statement_of_many_rules_stays_small(engine: DuckDBEngine) -> None:
    names = [f"field_{n}" for n in range(300)]
    data = engine.register(pa.table({name: pa.array([1], pa.int64()) for name in names}))
    checks = [
        parse_check({"not_null": names}),
        *(parse_check({"range": {"field": n, "min": 0}}) for n in names),
    ]
    found = failures(checks, data, key=[names[0]], business_date=date(2026, 1, 1))
    assert found is not None
    assert len(engine.sql(found)) < 600 * len(checks) * 2
    assert engine.count(found) == 0


def _found(engine: DuckDBEngine, checks: list[Check], **columns: list[Any]) -> Any:
    ids = [str(n) for n in range(len(next(iter(columns.values()))))]
    data = engine.register(
        pa.table({"id": ids, **{name: pa.array(v, pa.int64()) for name, v in columns.items()}})
    )
    found = failures(checks, data, key=["id"], business_date=date(2026, 1, 1))
    assert found is not None
    return found


def _ids(engine: DuckDBEngine, found: Any) -> set[str]:
    return {row["break_id"] for row in engine.arrow(check_breaks(found)).to_pylist()}
