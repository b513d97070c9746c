"""Raw texts come out of storage as they went in."""

from __future__ import annotations

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.fields.packing import PACKED, packed, raw_columns, unpacked

TEXTS = st.one_of(st.none(), st.sampled_from(["", "null", "[]", "a,b", "'", '"']), st.text(max_size=4))
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=30)


def prepared(engine, rows):
    columns = {
        f"raw:{name}": pa.array(texts, pa.string())
        for name, texts in zip("xyz", zip(*rows, strict=True), strict=True)
    }
    return engine.register(pa.table({"n": range(len(rows)), "x": [None] * len(rows), **columns}))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_raw_texts_survive_packing(engine, rows) -> None:
    table = prepared(engine, rows)
    stored = engine.materialise(packed(table))
    again = unpacked(stored, raw_columns(table))
    assert again.columns == table.columns
    assert engine.rows(again.order_by("n")) == engine.rows(table.order_by("n"))


def test_a_row_without_raw_texts_stores_none(engine) -> None:
    stored = packed(prepared(engine, [(None, None, None), (None, "", None)]))
    assert engine.rows(stored.order_by("n").select(PACKED)) == [(None,), ([None, "", None],)]


def test_a_table_without_raw_columns_stays_as_it_is(engine) -> None:
    table = ibis.table({"n": "int64"}, name="plain")
    assert packed(table) is table
    assert unpacked(table, ()) is table
