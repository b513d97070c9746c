"""From a source's relation to the one that is compared: nothing unreadable is lost on the way."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from greenai.definition.steps import parse_step
from greenai.definition.types import parse_type
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import FieldError
from greenai.fields.plan import FieldPlan, SidePlan
from greenai.fields.prepare import prepare, readable, unreadable
from greenai.fields.types import ibis_type

D = Decimal


def field(name, type, column=None, steps=(), expression=None, nulls=("",)) -> FieldPlan:
    return FieldPlan(
        name,
        parse_type(type),
        column=None if expression else column or name,
        expression=expression,
        steps=tuple(parse_step(step) for step in steps),
        null_values=nulls,
    )


def side(*fields, key=("id",), **rest) -> SidePlan:
    return SidePlan("trades.csv", fields, key, **rest)


@pytest.fixture
def source(engine):
    def made(**columns):
        return engine.register(pa.table(columns))

    return made


@pytest.fixture
def rows(engine):
    def found(table, *order):
        names = table.columns
        result = [dict(zip(names, row, strict=True)) for row in engine.rows(table)]
        return sorted(result, key=lambda row: str([row[name] for name in order or names]))

    return found


def test_columns_have_the_names_and_types_of_the_plan_and_raw_only_where_a_cast_can_fail(
    engine, source
) -> None:
    table = source(ID=["1"], amount=["1.5"], desk=["x"], n=pa.array([1], pa.int32()))
    plan = side(
        field("id", "string", "ID"),
        field("amount", "decimal(18,2)"),
        field("n", "integer"),
        context=(("desk", "desk"), ("n", "n")),
    )
    made = engine.materialise(prepare(table, plan, text=False))
    assert dict(made.schema().items()) == {
        "id": ibis_type(parse_type("string")),
        "amount": ibis_type(parse_type("decimal(18,2)")),
        "raw:amount": ibis_type(parse_type("string")),
        "n": ibis_type(parse_type("integer")),
        "context:desk": ibis_type(parse_type("string")),
        "context:n": ibis_type(parse_type("string")),
    }


def test_a_cell_that_cannot_be_read_keeps_its_original_text_whatever_the_steps_did(source, rows) -> None:
    table = source(id=["1", "2", "3", "4"], amount=[" 1,5 ", " aBc ", "", None])
    steps = ["strip", "upper", {"replace": {"pattern": ",", "with": "."}}]
    plan = side(field("id", "integer"), field("amount", "decimal(18,2)", steps=steps))
    assert [(row["amount"], row["raw:amount"]) for row in rows(prepare(table, plan, text=True))] == [
        (D("1.50"), None),
        (None, " aBc "),
        (None, None),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("type", "steps", "cell"),
    [
        ("date", [{"parse_date": "%d/%m/%Y"}], "32/13/2024"),
        ("timestamp", [{"parse_timestamp": "%d/%m/%Y %H:%M"}], "1/1/2024"),
        ("decimal(18,2)", ["parse_number"], "1.234,50"),
        ("string", ["parse_number"], "1.234,50"),
        ("decimal(18,2)", [{"scale": "0.001"}], "1.5"),
        ("decimal(18,2)", [{"round": 2}], "one"),
        ("timestamp", [{"timezone": {"from": "Europe/Berlin"}}], "2024-03-31 02:30:00"),
        ("string", [{"parse_date": "%d/%m/%Y"}, {"coalesce": "none"}], "soon"),
        ("decimal(18,2)", ["parse_number", {"coalesce": "0"}], "n/a"),
        ("decimal(18,2)", ["parse_number", {"scale": "0.01"}, {"round": 2}, {"coalesce": "0"}], "n/a"),
        ("integer", [{"map": {"x": "y"}}], "x"),
    ],
)
def test_a_failure_in_any_step_is_visible_and_no_default_hides_it(source, rows, type, steps, cell) -> None:
    table = source(id=["1"], v=[cell])
    plan = side(field("id", "integer"), field("v", type, steps=steps))
    (row,) = rows(prepare(table, plan, text=True))
    assert (row["v"], row["raw:v"]) == (None, cell)


def test_null_values_and_defaults_are_no_failures(source, rows) -> None:
    table = source(id=["1", "2", "3"], v=["N/A", None, "1,000"])
    plan = side(
        field("id", "integer"),
        field("v", "integer", steps=["parse_number", {"coalesce": "0"}], nulls=("", "N/A")),
    )
    assert [(row["v"], row["raw:v"]) for row in rows(prepare(table, plan, text=True))] == [
        (0, None),
        (0, None),
        (1000, None),
    ]


def test_null_values_reach_typed_columns_only_where_they_can_stand(source, rows) -> None:
    table = source(id=[1, 2], v=pa.array([D("-1.00"), D("5.00")], pa.decimal128(18, 2)), t=["", "x"])
    plan = side(
        field("id", "integer", nulls=()),
        field("v", "decimal(18,2)", nulls=("", "NULL", "-1")),
        field("t", "string", nulls=()),
    )
    assert [(row["v"], row["t"]) for row in rows(prepare(table, plan, text=False))] == [
        (None, ""),
        (D(5), "x"),
    ]


def test_a_filter_uses_any_column_and_keeps_what_it_cannot_judge(source, rows) -> None:
    table = source(id=["1", "2", "3", "4", "5"], qty=["5", "0", "abc", "", None], status=["LIVE"] * 5)
    plan = side(field("id", "integer"), where="qty > 1 and status = 'LIVE'")
    # abc may be more than 1: dropping the row in silence would hide it; null is null as in SQL
    assert [row["id"] for row in rows(prepare(table, plan, text=True))] == [1, 3]


def test_an_empty_cell_is_null_in_expressions_over_a_text_source_only(source, rows) -> None:
    table = source(id=["1"], v=[""])
    plan = side(field("id", "integer"), field("x", "boolean", expression="v is null"))
    assert rows(prepare(table, plan, text=True))[0]["x"] is True
    assert rows(prepare(table, plan, text=False))[0]["x"] is False


def test_a_computed_field_that_fails_shows_its_operands_or_the_value_that_did_not_fit(source, rows) -> None:
    table = source(id=["1", "2", "3", "4"], qty=["2", "x", "", "1"], price=["1.5", "1", "1", "0.001"])
    plan = side(field("id", "integer"), field("total", "decimal(18,2)", expression="qty * price"))
    assert [(row["total"], row["raw:total"]) for row in rows(prepare(table, plan, text=True))] == [
        (D("3.00"), None),
        (None, "qty=x, price=1"),
        (None, None),
        (None, "0.00100000000000000000"),
    ]


def test_numbers_computed_from_text_are_written_without_idle_zeros(source, rows) -> None:
    table = source(id=["1", "2"], v=["125000", "100"])
    plan = side(field("id", "integer"), field("v", "string", steps=[{"scale": "0.01"}]))
    assert [row["v"] for row in rows(prepare(table, plan, text=True))] == ["1250", "1"]


def test_many_steps_stay_a_small_statement(engine, source) -> None:
    table = source(id=["1"], v=["(1,234.56)"])
    steps = ["strip", "parse_number", {"scale": "0.1"}, {"round": 2}, {"scale": 10}, {"round": 1}, "strip"]
    plan = side(field("id", "integer"), field("v", "decimal(18,2)", steps=steps))
    made = prepare(table, plan, text=True)
    assert len(engine.sql(made)) < 15_000
    assert engine.row(made)["v"] == D("-1234.60")


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (side(field("id", "integer", "ID")), "column id: there is no column 'ID'"),
        (side(field("id", "integer", "idd")), "did you mean id or"),
        (side(field("id", "integer"), where="nope = 1"), "column where"),
        (side(field("id", "integer"), where="id"), None),
        (side(field("id", "integer"), where="length(id)"), "is not a condition"),
        (side(field("id", "integer", expression="idd + 1")), "column expression of id: there is no column"),
        (
            side(field("id", "integer"), field("d", "date", steps=["parse_number"])),
            "column d: step parse_number",
        ),
        (side(field("id", "integer"), context=(("desk", "dsk"),)), "column context:desk: there is no column"),
    ],
)
def test_what_does_not_fit_the_source_is_said_with_its_place(source, plan, message) -> None:
    table = source(id=["1"], desk=["x"], d=[datetime.date(2024, 1, 1)])
    with pytest.raises(FieldError) as caught:
        prepare(table, plan, text=True)
    assert "trades.csv" in str(caught.value)
    assert message is None or message in str(caught.value)


def test_every_row_is_either_readable_or_unreadable(engine, source, rows) -> None:
    table = source(
        id=["1", "x", "", None, "5", "o'x"],
        day=["2024-01-01", "2024-01-02", "2024-01-03", "soon", "", "soon"],
        name=["a"] * 6,
    )
    plan = side(
        field("id", "integer"), field("day", "date"), field("name", "string"), key=("id", "day", "name")
    )
    made = engine.materialise(prepare(table, plan, text=True))
    rest = rows(unreadable(made, plan.key))
    assert engine.count(readable(made, plan.key)) + len(rest) == 6
    assert [(row["raw"], row["why"]) for row in rest] == [
        ("id='o''x', day='soon', name='a'", "key field id cannot be read as integer"),
        ("id='x', day=2024-01-02, name='a'", "key field id cannot be read as integer"),
        ("id=5, day=null, name='a'", "key field day is null"),
        ("id=null, day='soon', name='a'", "key field id is null"),
        ("id=null, day=2024-01-03, name='a'", "key field id is null"),
    ]


class TestGrouping:
    """Group by key and aggregate."""

    def plan(self, *fields, **group):
        return side(field("id", "integer"), *fields, group=tuple(group.items()), context=(("desk", "desk"),))

    def test_sums_are_exact_and_counts_count_cells(self, source, rows) -> None:
        table = source(
            id=["1", "1", "1", "2"],
            amount=["0.10", "0.20", None, "12345678901234.56"],
            n=["T1", "", "T3", "T4"],
            desk=["b", "a", "c", "d"],
        )
        plan = self.plan(field("amount", "decimal(18,2)"), field("n", "integer"), amount="sum", n="count")
        assert rows(prepare(table, plan, text=True), "id") == [
            {"id": 1, "raw:id": None, "amount": D("0.30"), "raw:amount": None, "n": 2, "context:desk": "a"},
            {
                "id": 2,
                "raw:id": None,
                "amount": D("12345678901234.56"),
                "raw:amount": None,
                "n": 1,
                "context:desk": "d",
            },
        ]

    @pytest.mark.parametrize("how", ["sum", "min", "max", "first"])
    def test_an_invalid_cell_breaks_its_group_and_no_other(self, source, rows, how) -> None:
        table = source(id=["1", "1", "2"], v=["5", "abc", "7"], desk=["x"] * 3)
        made = prepare(table, self.plan(field("v", "integer"), v=how), text=True)
        assert [(row["v"], row["raw:v"]) for row in rows(made, "id")] == [(None, "abc"), (7, None)]

    def test_min_max_and_first_are_taken_after_the_cast(self, source, rows) -> None:
        table = source(id=["1"] * 3, v=["9", "10", "8"], desk=["x"] * 3)
        fields = [field(name, "integer", "v") for name in ("low", "high", "head")]
        made = prepare(table, self.plan(*fields, low="min", high="max", head="first"), text=True)
        (row,) = rows(made)
        assert (row["low"], row["high"], row["head"]) == (8, 10, 9)

    def test_a_sum_that_its_type_cannot_hold_is_a_visible_failure(self, source, rows) -> None:
        table = source(
            id=["1", "1"],
            i=[str(2**63 - 1)] * 2,
            d=["999.99", "0.01"],
            desk=["x"] * 2,
        )
        made = prepare(
            table, self.plan(field("i", "integer"), field("d", "decimal(5,2)"), i="sum", d="sum"), text=True
        )
        (row,) = rows(made)
        assert (row["i"], row["raw:i"]) == (None, str(2**64 - 2))
        assert (row["d"], row["raw:d"]) == (None, "1000.00")

    def test_rows_without_a_readable_key_stay_apart(self, engine, source) -> None:
        table = source(id=["x", "x", "", None, "1", "1"], v=["1"] * 6, desk=["d"] * 6)
        made = engine.materialise(prepare(table, self.plan(field("v", "integer"), v="sum"), text=True))
        assert engine.count(unreadable(made, ["id"])) == 4
        assert engine.count(readable(made, ["id"])) == 1

    @pytest.mark.parametrize(
        ("fields", "group", "message"),
        [
            (
                [field("v", "integer"), field("w", "string", "desk")],
                {"v": "sum"},
                "w is neither part of the key",
            ),
            ([field("v", "string")], {"v": "sum"}, "v is a string, it has no sum"),
            ([], {"id": "sum"}, "id is part of the key"),
            ([], {"zz": "sum"}, "zz is not a field"),
        ],
    )
    def test_a_field_without_a_fitting_aggregate_is_refused(self, source, fields, group, message) -> None:
        table = source(id=["1"], v=["1"], desk=["x"])
        with pytest.raises(FieldError, match=message):
            prepare(table, self.plan(*fields, **group), text=True)


def test_columns_may_be_called_like_python_words(source, rows) -> None:
    table = source(**{"id": ["1", "1"], "self": ["1", "2"], "by": ["x", "y"]})
    fields = (field("id", "integer"), field("self", "integer"), field("by", "string"))
    made = prepare(table, side(*fields, group=(("self", "sum"), ("by", "max"))), text=True)
    assert [(row["self"], row["by"]) for row in rows(made)] == [(3, "y")]


def test_an_enum_of_a_typed_source_is_plain_text() -> None:
    with DuckDBEngine(threads=1) as engine:
        table = engine.view("SELECT 1 AS id, 'b'::ENUM('a', 'b') AS v")
        made = prepare(
            table, side(field("id", "integer", nulls=()), field("v", "string", nulls=())), text=False
        )
        assert engine.execute(f"SELECT typeof(v) FROM ({engine.sql(made)})") == [("VARCHAR",)]


def test_a_cell_of_blanks_is_null_for_whoever_strips_it(source, rows) -> None:
    table = source(id=["1", "2"], amount=["  ", " 5 "], name=["   ", "x"])
    plan = side(field("id", "string"), field("amount", "integer", steps=["strip"]), field("name", "string"))
    assert [
        (row["amount"], row["raw:amount"], row["name"]) for row in rows(prepare(table, plan, text=True))
    ] == [
        (None, None, "   "),
        (5, None, "x"),
    ]
