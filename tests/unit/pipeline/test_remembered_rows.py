"""Rows that went into the store as texts come back as they were."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from greenai.definition.types import FieldType
from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.evidence import written
from greenai.pipeline.remembered import RECORD, Record, side_rows

TYPES = {
    "text": FieldType("string"),
    "whole": FieldType("integer"),
    "money": FieldType("decimal", 38, 10),
    "ratio": FieldType("float"),
    "yes": FieldType("boolean"),
    "day": FieldType("date"),
    "at": FieldType("timestamp"),
    'odd "name"': FieldType("string"),
}
MONEY = Decimal("-1234567890123456789012345678.0000000001")
ROWS = [
    ("", 0, Decimal(0), 0.1, True, date(1, 1, 1), datetime(1, 1, 1, 0, 0, 0, 1), "\\ \" ' \n\t"),
    (None, None, None, None, None, None, None, None),
    ("NULL", -(2**63), MONEY, float("inf"), False, date(9999, 12, 31), datetime(2026, 1, 2), "null"),
    ("\x01\x7f  🦜", 2**63 - 1, -MONEY, float("-inf"), True, date(2026, 2, 28), datetime.max, "[1]"),
    (" x ", 1, Decimal("0.1"), 5e-324, False, date(1969, 12, 31), datetime(1969, 12, 31, 23, 59, 59, 9), "{"),
    ("1e3", 7, Decimal("1E+3"), 1.7976931348623157e308, None, None, datetime(2026, 3, 29, 2, 30), "%s"),
]
KINDS = [
    pa.string(), pa.int64(), pa.decimal128(38, 10), pa.float64(), pa.bool_(), pa.date32(),
    pa.timestamp("us"), pa.string(),
]  # fmt: skip


def table(rows: list[tuple[object, ...]], raws: dict[str, list[str | None]] | None = None) -> pa.Table:
    columns = zip(*rows, strict=True)
    cells = {name: pa.array(c, k) for name, c, k in zip(TYPES, columns, KINDS, strict=True)}
    return pa.table(cells | {f"raw:{name}": pa.array(c, pa.string()) for name, c in (raws or {}).items()})


def test_every_type_comes_back_exactly() -> None:
    with DuckDBEngine() as engine:
        rows = engine.register(table(ROWS))
        texts = [text for (text,) in engine.rows(rows.select(text=written(rows, tuple(TYPES))))]
        records = [Record.of(str(n), None, json.loads(text), nul=False) for n, text in enumerate(texts)]
        back = side_rows(engine, records, "b", TYPES)
        assert back.columns == (*TYPES, RECORD)
        assert [row[:-1] for row in engine.rows(back.order_by(RECORD))] == ROWS
        assert engine.count(side_rows(engine, records, "a", TYPES)) == 0


def test_a_text_that_could_not_be_read_is_not_read_later() -> None:
    with DuckDBEngine() as engine:
        rows = engine.register(
            table([(None, None, *ROWS[0][2:])], {"whole": ["12"], "text": [None], "day": [None]})
        )
        ((text,),) = engine.rows(rows.select(text=written(rows, tuple(TYPES))))
        back = side_rows(engine, [Record.of("r", json.loads(text), None, nul=False)], "a", TYPES)
        assert [name for name in back.columns if name.startswith("raw:")] == ["raw:whole"]
        ((whole, raw),) = engine.rows(back.select("whole", "raw:whole"))
        assert (whole, raw) == (None, "12")


def test_rows_of_a_key_that_repeats_are_several_and_nul_is_nul_again() -> None:
    with DuckDBEngine() as engine:
        shown = [{"text": "a␀"}, {"text": "b"}]
        back = side_rows(engine, [Record.of("r", shown, None, nul=True)], "a", {"text": TYPES["text"]})
        assert sorted(engine.rows(back)) == [("a\0", "r"), ("b", "r")]
