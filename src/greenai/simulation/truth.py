"""The truth: every break that a comparison has to find, and the counts it has to report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.domain.reasons import UNKNOWN, is_functional
from greenai.simulation.noise import MISTAKE, NOISE, UNREADABLE
from greenai.simulation.planting import PAIRED
from greenai.simulation.sides import raw_a, raw_b
from greenai.simulation.slices import Plant
from greenai.simulation.text import quoted
from greenai.simulation.world import TYPES

if TYPE_CHECKING:
    import duckdb

NOTIONAL_TOLERANCE = "0.01"
SECONDS_TOLERANCE = "2"

_NOISE_REASONS = {NOISE: UNKNOWN, MISTAKE: "MANUAL_ENTRY", UNREADABLE: "INVALID_VALUE"}
_RECORD_BREAKS = (
    ("missing_b", "only_a", "MISSING_RECORD"),
    ("missing_a", "only_b", "MISSING_RECORD"),
    ("ragged", "only_b", "INVALID_VALUE"),
    ("copy_a", "duplicate_a", "DUPLICATE_RECORD"),
    ("altered_a", "duplicate_a", "DUPLICATE_RECORD"),
    ("copy_b", "duplicate_b", "DUPLICATE_RECORD"),
    ("altered_b", "duplicate_b", "DUPLICATE_RECORD"),
)


@dataclass(frozen=True, slots=True)
class PlantedCause:
    """One cause as it was planted: `breaks` are its cells, or its records where `field` is None.

    `exceptions` are the paired records of its slice in which side b is not what `expression` says.
    `conditions` is `scope` as pairs of column and value, columns in alphabetical order.
    """

    id: str
    family: str
    field: str | None
    scope: str
    conditions: tuple[tuple[str, str], ...]
    expression: str
    reason: str
    functional: bool | None
    breaks: int
    exceptions: int


def create_truth(
    connection: duckdb.DuckDBPyConnection, plants: tuple[Plant, ...], written: frozenset[str]
) -> None:
    """Create the relation `truth` from `planted`: one row for each break, ordered by key, kind and field."""
    selects = [_values_of(field, plants, written) for field in TYPES]
    for fate, kind, reason in _RECORD_BREAKS:
        selects.append(_records_of(fate, kind, reason=reason))
    for one in plants:
        if one.kind.field is None:
            selects.append(
                _records_of("late", "only_a", reason=one.kind.reason, cause=one.kind.id, family=one.kind.family)
            )
    connection.execute(
        f"CREATE TABLE truth AS SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY key, kind, field"
    )


def planted_causes(
    connection: duckdb.DuckDBPyConnection, plants: tuple[Plant, ...]
) -> tuple[PlantedCause, ...]:
    """The causes that broke anything, with their counts; needs the relations `planted` and `truth`."""
    breaks = dict(
        connection.execute(
            "SELECT cause_id, count(*) FROM truth WHERE cause_id IS NOT NULL GROUP BY 1"
        ).fetchall()
    )
    alive = [one for one in plants if one.kind.id in breaks]
    if not alive:
        return ()
    counts = ", ".join(f"count(*) FILTER (WHERE {one.scope} AND NOT {_explained(one)})" for one in alive)
    exceptions = connection.execute(
        f"SELECT {counts} FROM planted LEFT JOIN lagged USING (id) WHERE {PAIRED}"
    ).fetchall()[0]
    return tuple(
        PlantedCause(
            id=one.kind.id,
            family=one.kind.family,
            field=one.kind.field,
            scope=one.scope,
            conditions=tuple(sorted(one.conditions)),
            expression=one.change.expression,
            reason=one.kind.reason,
            functional=is_functional(one.kind.reason),
            breaks=breaks[one.kind.id],
            exceptions=exception,
        )
        for one, exception in zip(alive, exceptions, strict=True)
    )


def expected_summary(
    connection: duckdb.DuckDBPyConnection, written: frozenset[str]
) -> dict[str, dict[str, int] | dict[str, dict[str, int]]]:
    """The counts of `summary.json` that a right comparison gives: `rows` and `fields`."""
    different = {field: f"{PAIRED} AND {_differs(field, written)}" for field in TYPES}
    within = {
        field: f"{PAIRED} AND NOT {_differs(field, written)} AND b_{field} <> {field}"
        for field in ("notional", "executed_at")
    }
    counts = {
        "matched": PAIRED,
        "different": " OR ".join(f"({condition})" for condition in different.values()),
        "only_a": "fate IN ('late', 'missing_b')",
        "only_b": "fate IN ('ragged', 'missing_a')",
        "duplicates_a": "fate IN ('copy_a', 'altered_a')",
        "duplicates_b": "fate IN ('copy_b', 'altered_b')",
        "rejected_a": "fate LIKE 'ragged%'",
        **{f"different {field}": condition for field, condition in different.items()},
        **{f"within {field}": condition for field, condition in within.items()},
    }
    filters = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in counts.values())
    numbers = connection.execute(f"SELECT {filters} FROM planted").fetchall()[0]
    found: dict[str, int] = dict(zip(counts, numbers, strict=True))
    rows = {
        "a": found["matched"] + found["only_a"] + found["duplicates_a"],
        "b": found["matched"] + found["only_b"] + found["duplicates_b"],
        "matched": found["matched"],
        "equal": found["matched"] - found["different"],
        "different": found["different"],
        "only_a": found["only_a"],
        "only_b": found["only_b"],
        "duplicates_a": found["duplicates_a"],
        "duplicates_b": found["duplicates_b"],
        "rejected_a": found["rejected_a"],
        "rejected_b": 0,
    }
    fields = {
        field: {
            "different": found[f"different {field}"],
            "within_tolerance": found.get(f"within {field}", 0),
        }
        for field in TYPES
    }
    return {"rows": rows, "fields": fields}


def write_truth(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the relation `truth` to a Parquet file."""
    connection.execute(
        f"COPY (FROM truth ORDER BY key, kind, field) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _differs(field: str, written: frozenset[str]) -> str:
    """Whether a cell of a paired record differs after the definition's normalisation and tolerance."""
    if field == "notional":
        differs = f"abs(b_notional - notional) > {NOTIONAL_TOLERANCE}"
    elif field == "executed_at":
        differs = f"abs(epoch_us(b_executed_at) - epoch_us(executed_at)) > {SECONDS_TOLERANCE} * 1000000"
    elif TYPES[field] == "VARCHAR":
        differs = f"trim(b_{field}) IS DISTINCT FROM trim({field})"
    else:
        differs = f"b_{field} IS DISTINCT FROM {field}"
    return f"(written_{field} IS NOT NULL OR {differs})" if field in written else f"({differs})"


def _explained(one: Plant) -> str:
    """Whether side b of a paired record is what the cause says."""
    field = one.kind.field
    if field is None:
        return "false"
    if one.change.written is not None:
        return f"(why_{field} IS NOT DISTINCT FROM {one.number} OR {field} IS NULL)"
    if TYPES[field] == "VARCHAR":
        return f"(trim(b_{field}) IS NOT DISTINCT FROM trim({one.value}))"
    return f"(b_{field} IS NOT DISTINCT FROM {one.value})"


def _values_of(field: str, plants: tuple[Plant, ...], written: frozenset[str]) -> str:
    """The breaks of one field."""
    why = f"why_{field}"
    here = [one for one in plants if one.kind.field == field]

    def by_cause(texts: dict[int, str], otherwise: str) -> str:
        branches = " ".join(f"WHEN {code} THEN {quoted(text)}" for code, text in texts.items())
        return f"CASE {why} {branches} ELSE {otherwise} END" if branches else otherwise

    reasons = {one.number: one.kind.reason for one in here} | _NOISE_REASONS
    return f"""
    SELECT '["' || trade_id || '"]' AS key, '{field}' AS field, 'value' AS kind,
      {by_cause({one.number: one.kind.id for one in here}, "NULL::VARCHAR")} AS cause_id,
      {by_cause({one.number: one.kind.family for one in here}, "'unknown'")} AS family,
      {by_cause(reasons, "NULL::VARCHAR")} AS reason,
      {_functional(f'({by_cause(reasons, "NULL::VARCHAR")})', set(reasons.values()))} AS functional,
      {raw_a(field, written)} AS value_a, {raw_b(field)} AS value_b
    FROM planted WHERE {PAIRED} AND {_differs(field, written)}"""


def _functional(reason: str, reasons: set[str]) -> str:
    """Whether a reason, given as SQL, is functional."""
    words = {True: "true", False: "false", None: "NULL"}
    branches = " ".join(
        f"WHEN {quoted(name)} THEN {words[is_functional(name)]}" for name in sorted(reasons)
    )
    return f"(CASE {reason} {branches} END)::BOOLEAN"


def _records_of(
    fate: str, kind: str, *, reason: str, cause: str | None = None, family: str = "unknown"
) -> str:
    """The breaks of whole records that share a fate."""
    return f"""
    SELECT '["' || trade_id || '"]', NULL, '{kind}', {quoted(cause) if cause else "NULL"}, '{family}',
      '{reason}', {_functional(quoted(reason), {reason})}, NULL, NULL
    FROM planted WHERE fate = '{fate}'"""
