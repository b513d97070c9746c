"""Rows in the binary form of PostgreSQL's COPY: every value as the type of its column is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import ibis.expr.datatypes as dt

from greenai.engines.functions import call

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from pgpq import ArrowToPostgresBinaryEncoder

    from greenai.engines.duckdb import DuckDBEngine

ROWS_AT_A_TIME: Final = 1 << 14
"""Rows that are encoded together: few enough that a wide table's stay in the processor's cache."""


class Encoder:
    """Encodes a relation's rows; `types` are those of the columns they go into, under the same names."""

    def __init__(self, engine: DuckDBEngine, relation: ir.Table, types: Mapping[str, str]) -> None:
        self._engine = engine
        self._relation = relation.select(
            **{name: FORMS[kind](relation[name]) for name, kind in types.items()}
        )
        self._types = types
        self.rows = 0
        """How many were encoded until now."""

    def blocks(self) -> Iterator[bytes]:
        """The rows, and what begins and ends them."""
        encoder = None
        for batch in self._engine.batches(self._relation, rows=ROWS_AT_A_TIME):
            if encoder is None:
                encoder = self._encoder(batch.schema)
                yield encoder.write_header()
            self.rows += batch.num_rows
            yield encoder.write_batch(batch)
        if encoder is not None:
            yield encoder.finish()

    def _encoder(self, schema: pa.Schema) -> ArrowToPostgresBinaryEncoder:
        from pgpq import ArrowToPostgresBinaryEncoder
        from pgpq.encoders import StringEncoderBuilder
        from pgpq.schema import Jsonb

        given = {name: ArrowToPostgresBinaryEncoder.infer_encoder(schema.field(name)) for name in self._types}
        for name, kind in self._types.items():
            if kind == "jsonb":
                given[name] = StringEncoderBuilder.new_with_output(schema.field(name), Jsonb())
        return ArrowToPostgresBinaryEncoder.new_with_encoders(schema, given)


def _cast(to: str | dt.DataType) -> Callable[[Any], ir.Value]:
    return lambda value: value.cast(to)


def _number(value: Any) -> ir.Value:
    """A numeric takes its digits from the value's own scale."""
    kind = value.type()
    exact: ir.Value = value if kind.is_decimal() else value.cast(dt.Decimal(38, 0))
    return exact


def _identity(value: Any) -> ir.Value:
    """An UUID is sent as its sixteen bytes."""
    return call("unhex", dt.binary, value.cast("string").replace("-", ""))


FORMS: Final[Mapping[str, Callable[[Any], ir.Value]]] = {
    "bigint": _cast(dt.int64),
    "boolean": _cast(dt.boolean),
    "date": _cast(dt.date),
    "double precision": _cast(dt.float64),
    "jsonb": _cast(dt.string),
    "numeric": _number,
    "text": _cast(dt.string),
    "timestamp without time zone": _cast(dt.Timestamp(scale=6)),
    "uuid": _identity,
}
"""Types of PostgreSQL, and what the table engine hands over for a value of them."""
