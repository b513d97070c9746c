"""Law: a type that was inferred from whole tables reads every cell of them."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenai.engines.duckdb import DuckDBEngine
from greenai.fields.plan import FieldPlan, SidePlan, raw_name
from greenai.fields.prepare import prepare
from greenai.inference.infer import infer
from greenai.sources.base import SourceTable

NUMBERS = ["1", "-2", "+3", "0", "-0", "007", "1.", ".5", "1.50", "-.25", "00.5", " 8", "9 ", "1e5", "1E-7"]
NUMBERS += [
    "9" * 18,
    "9" * 19,
    "9" * 38,
    "9" * 39,
    "0." + "1" * 38,
    "1e400",
    "nan",
    "inf",
    "-Infinity",
    "1_000",
]
NUMBERS += ["9007199254740993", "123456789012345e3", "1234567890123456e3", "57023e-35", "9e-38", "1e37"]
NUMBERS += ["1e-99", "1e99", "0e500", "1e-400", "1.e2", ".5e-3", "00012e-1"]
NUMBERS += ["1,234.50", "(12.00)", "1,23", "0x1F", "٣", "1 2", "-", "--1", "1e", ".", "+"]
DAYS = ["2024-01-31", "2023-02-29", "0000-01-01", " 2024-01-31", "2024-1-31", "31/12/2024", "01/02/2024"]
DAYS += ["2024-01-31 10:00", "2024-01-31T10:00:00Z", "2024-01-31 10:00:00.123456", "2024-01-31 25:00:00"]
DAYS += [
    "2024-01-31 10:00:00.123456789",
    "2024-01-31 10:00:00+02",
    "20241231",
    "31-Dec-2024",
    "31 December 2024",
]
WORDS = ["true", "False", "TRUE ", "yes", "", "N/A", "NULL", "word", "\t", "'", "\x00", "日付"]
COLUMN = st.one_of(
    *(
        st.lists(st.one_of(st.none(), st.sampled_from(kind)), min_size=1, max_size=4)
        for kind in (NUMBERS, DAYS)
    ),
    st.lists(st.sampled_from([*NUMBERS, *DAYS, *WORDS]), min_size=1, max_size=4),
    st.lists(st.decimals(allow_nan=False, allow_infinity=False).map(str), min_size=1, max_size=4),
)


def source(engine, cells):
    table = pa.table({"id": [str(i) for i in range(len(cells))], "x": pa.array(cells, pa.string())})
    view = engine.register(table)
    return SourceTable("law.csv", view, ("id", "x"), True, False, sample=view.limit, empty_is_null=True)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(left=COLUMN, right=COLUMN, proposing=st.booleans())
def test_a_type_inferred_from_whole_tables_reads_every_cell(left, right, proposing):
    with DuckDBEngine() as engine:
        sides = source(engine, left), source(engine, right)
        pair = infer(engine, *sides, key=["id"], pair_by_values=proposing).pair("x")
        for side, table in zip(("a", "b"), sides, strict=True):
            field = FieldPlan("x", pair.type, column="x", steps=pair.steps(side), null_values=("",))
            prepared = prepare(table.table, SidePlan("law.csv", (field,), key=()), text=True)
            if raw_name("x") in prepared.columns:
                failed = prepared.filter(prepared[raw_name("x")].notnull())
                assert engine.rows(failed) == [], (pair, left, right)
