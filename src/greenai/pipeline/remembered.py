"""What the store remembers of records with breaks, as relations of the engine that a run would have.

Rows are kept as texts; their types are those of the golden tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import ibis
import pyarrow as pa

from greenai.definition.types import FieldType
from greenai.fields.casts import cast
from greenai.fields.plan import raw_name
from greenai.fields.render import json_key
from greenai.pipeline.evidence import UNREADABLE_FIELDS
from greenai.store.layout import TYPES, Column, Layout, ordered
from greenai.store.texts import NUL, SHOWN

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

Side = Literal["a", "b"]
RECORD = "greenai:record"
"""The record that a row is of."""
BREAK_COLUMNS = (
    "break_id", "record_id", "whole", "kind", "field", "value_a", "value_b",
    "reason", "functional", "confidence", "explanation", "method", "ruled", "approved", "content",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A record as both sides gave it; `nul`: a NUL character stood where the store shows ``␀``."""

    record_id: str
    sides: Mapping[Side, tuple[Mapping[str, Any], ...]]
    nul: bool

    @classmethod
    def of(cls, record_id: str, row_a: Any, row_b: Any, *, nul: bool) -> Record:
        """A record from the store's JSON: an object, several of a key that repeats, or nothing."""
        a, b = (
            tuple(row) if isinstance(row, list) else (row,) if row is not None else ()
            for row in (row_a, row_b)
        )
        return cls(record_id, {"a": a, "b": b}, nul)


def kept_layouts(rows: Iterable[tuple[str, bool, Mapping[str, Any]]]) -> tuple[Layout, ...]:
    """Golden tables as the store describes them, each after those it refers to."""
    found = {
        name: Layout(
            table=name,
            key=tuple(Column(column, field_type(written)) for column, written in document["key"]),
            fields=tuple(Column(column, field_type(written)) for column, written in document["fields"]),
            references={other: tuple(columns) for other, columns in document["references"].items()},
            main=main,
        )
        for name, main, document in rows
    }
    return tuple(found[name] for name in ordered({name: one.references for name, one in found.items()}))


def field_type(written: str) -> FieldType:
    """The field type that a column type of PostgreSQL holds; see `greenai.store.layout`."""
    if written.startswith("numeric("):
        precision, scale = written.removeprefix("numeric(").removesuffix(")").split(",")
        return FieldType("decimal", int(precision), int(scale))
    kinds = {sql_type: kind for kind, sql_type in TYPES.items()}
    return FieldType(kinds[written])  # type: ignore[arg-type]


def side_rows(
    engine: DuckDBEngine, records: Sequence[Record], side: Side, types: Mapping[str, FieldType]
) -> ir.Table:
    """The rows of one side as `fields.prepare` gives them, with `RECORD` beside them."""
    columns: dict[str, list[str | None]] = {RECORD: []}
    columns |= {name: [] for field in types for name in (field, raw_name(field))}
    for record in records:
        for row in record.sides[side]:
            unreadable = row.get(UNREADABLE_FIELDS) or ()
            columns[RECORD].append(record.record_id)
            for field in types:
                text = row.get(field)
                if record.nul and text is not None:
                    text = text.replace(SHOWN, NUL)
                columns[field].append(None if field in unreadable else text)
                columns[raw_name(field)].append(text if field in unreadable else None)
    texts = engine.register(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}))
    typed = {name: cast(texts[name], type).value for name, type in types.items()}
    raws = {
        raw_name(name): texts[raw_name(name)]
        for name in types
        if any(cell is not None for cell in columns[raw_name(name)])
    }
    return engine.materialise(texts.select(**typed, **raws, **{RECORD: texts[RECORD]}))


def keys_of(engine: DuckDBEngine, sides: Iterable[ir.Table], key: Sequence[str]) -> ir.Table:
    """Every record with its key: ``record_id``, ``key`` (JSON text), and the key's columns."""
    rows = [
        rows.select(record_id=rows[RECORD], key=json_key([rows[n] for n in key]), **_beside(rows, key))
        for rows in sides
    ]
    return engine.materialise(ibis.union(*rows, distinct=True))


def key_column(name: str) -> str:
    """A key's column where it stands beside columns of other names."""
    return f"greenai:of:{name}"


def _beside(rows: ir.Table, key: Sequence[str]) -> dict[str, ir.Value]:
    return {key_column(name): rows[name] for name in key}


def break_rows(engine: DuckDBEngine, rows: Sequence[tuple[Any, ...]], keys: ir.Table) -> ir.Table:
    """Breaks as `attribution.explain` yields them, from the store's rows in the order of `BREAK_COLUMNS`."""
    kinds = {
        **dict.fromkeys(BREAK_COLUMNS, pa.string()),
        "whole": pa.bool_(),
        "functional": pa.bool_(),
        "confidence": pa.float64(),
    }
    cells = list(zip(*rows, strict=True)) or [()] * len(BREAK_COLUMNS)
    stored = engine.register(
        pa.table({n: pa.array(c, kinds[n]) for n, c in zip(BREAK_COLUMNS, cells, strict=True)})
    )
    of = keys.select(greenai_record="record_id", greenai_key="key").distinct()
    joined = stored.left_join(of, stored.record_id == of.greenai_record)
    no_text = ibis.null("string")
    return engine.materialise(
        joined.select(
            "break_id",
            "field",
            "kind",
            "value_a",
            "value_b",
            "reason",
            "functional",
            "confidence",
            "explanation",
            "method",
            "ruled",
            "approved",
            "content",
            key=joined.whole.ifelse("[]", joined.greenai_key),
            invalid_a=no_text,
            invalid_b=no_text,
        )
    )


def row_texts(engine: DuckDBEngine, rows: Sequence[tuple[Any, ...]], keys: ir.Table) -> ir.Table:
    """The rows behind records as the store has them: ``key``, ``row_a``, ``row_b`` (JSON texts)."""
    names = ("record_id", "row_a", "row_b")
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    stored = engine.register(
        pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, cells, strict=True)})
    )
    joined = stored.inner_join(keys.select("record_id", "key").distinct(), "record_id")
    return engine.materialise(joined.select("key", "row_a", "row_b"))


def key_texts(key: Sequence[str]) -> str:
    """A key as the store compares it."""
    return json.dumps([text.replace(NUL, SHOWN) for text in key], ensure_ascii=False)
