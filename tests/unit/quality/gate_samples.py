"""Breaks of every kind, made by hand, and what the gate decides about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from greenai.quality.gate import decide
from greenai.quality.records import records

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.definition.gate import Gate
    from greenai.engines.duckdb import DuckDBEngine

TEXT = ("break_id", "key", "field", "kind", "value_a", "value_b", "invalid_a", "invalid_b", "reason")
BREAK = pa.schema(
    [
        *((name, pa.string()) for name in TEXT),
        ("functional", pa.bool_()),
        ("confidence", pa.float64()),
        ("explanation", pa.string()),
    ]
)
EARLIER = pa.schema(
    [
        (name, pa.string())
        for name in (
            *("break_id", "value_a", "value_b", "reason", "explanation"),
            *("decision", "resolution", "value", "decided_by"),
        )
    ]
)
Row = Mapping[str, Any]


def a_break(kind: str = "value", **cells: Any) -> dict[str, Any]:
    """One break as attribution yields it; of a value break nothing is known but the values."""
    found: dict[str, Any] = dict.fromkeys(BREAK.names)
    found |= {"break_id": "1", "key": '["k"]', "kind": kind, "reason": "UNKNOWN"}
    if kind == "value":
        found |= {"field": "name", "value_a": "x", "value_b": "y"}
    if kind == "check":
        found |= {"field": "name", "reason": "CHECK_FAILED", "functional": False, "confidence": 1.0}
        found |= {"explanation": "name is 'x', not 'y'"}
    return found | cells


def approved(of: Row, decision: str = "passed", **cells: Any) -> dict[str, Any]:
    """What ann approved of exactly this break."""
    said = {name: of[name] for name in ("break_id", "value_a", "value_b", "reason", "explanation")}
    return {"decision": decision, "resolution": None, "value": None, "decided_by": "ann"} | said | cells


def relation(engine: DuckDBEngine, rows: Sequence[Row], schema: pa.Schema = BREAK) -> ir.Table:
    """The rows as a relation of the engine."""
    return engine.register(pa.Table.from_pylist(list(rows), schema))


def decided(
    engine: DuckDBEngine,
    breaks: Sequence[Row],
    gate: Gate | None = None,
    authorities: Mapping[str, Any] | None = None,
    earlier: Sequence[Row] | None = None,
    without: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """The decided breaks by their id; `without` leaves columns out of the earlier decisions."""
    before = None if earlier is None else relation(engine, earlier, EARLIER).drop(*without)
    rows = engine.arrow(decide(relation(engine, breaks), gate, authorities, before)).to_pylist()
    assert len(rows) == len(breaks)
    return {row["break_id"]: row for row in rows}


def recorded(
    engine: DuckDBEngine, breaks: Sequence[Row], gate: Gate | None = None, earlier: Sequence[Row] = ()
) -> dict[str, dict[str, Any]]:
    """The records by their key."""
    found = decide(relation(engine, breaks), gate, None, relation(engine, earlier, EARLIER))
    return {row["key"]: row for row in engine.arrow(records(found)).to_pylist()}
