"""The truth: every break that a comparison has to find, and the counts it has to report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.domain.reasons import UNKNOWN, is_functional
from greenai.simulation.noise import MISTAKE, NOISE, UNREADABLE
from greenai.simulation.planting import PAIRED, UNTOUCHED
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


@dataclass(frozen=True, slots=True)
class Expected:
    """What a right comparison reports: the `rows` and `fields` of CONTRACT's `summary.json`."""

    rows: dict[str, int]
    fields: dict[str, dict[str, int]]


def create_truth(
    connection: duckdb.DuckDBPyConnection, plants: tuple[Plant, ...], written: frozenset[str]
) -> None:
    """Create the relation `truth` from `planted`: one row for each break, ordered by key, kind and field."""
    # Whatever differs was touched, so the fields need to look at few rows only.
    connection.execute(f"CREATE TABLE touched AS FROM planted WHERE {PAIRED} AND NOT {UNTOUCHED}")
    selects = [_values_of(field, plants, written) for field in TYPES]
    selects += [_records_of(fate, kind, reason) for fate, kind, reason in _RECORD_BREAKS]
    selects += [
        _records_of("late", "only_a", one.kind.reason, cause=one) for one in plants if one.kind.field is None
    ]
    connection.execute(
        f"CREATE TABLE truth AS SELECT * FROM ({' UNION ALL '.join(selects)}) ORDER BY key, kind, field"
    )


def planted_causes(
    connection: duckdb.DuckDBPyConnection, plants: tuple[Plant, ...]
) -> tuple[PlantedCause, ...]:
    """The causes that broke anything, with their counts; needs the relations `planted` and `truth`."""
    breaks = dict(connection.execute("SELECT cause_id, count(*) FROM truth GROUP BY 1").fetchall())
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
            exceptions=_count(
                connection,
                f"planted LEFT JOIN lagged USING (id)"
                f" WHERE {one.scope} AND {PAIRED} AND NOT {_explained(one)}",
            ),
        )
        for one in plants
        if one.kind.id in breaks
    )


def expected(connection: duckdb.DuckDBPyConnection) -> Expected:
    """The counts of a right comparison; needs the relations `planted` and `truth`."""
    kinds = dict(connection.execute("SELECT kind, count(*) FROM truth GROUP BY 1").fetchall())
    fields = dict(connection.execute("SELECT field, count(*) FROM truth GROUP BY 1").fetchall())
    matched = _count(connection, f"planted WHERE {PAIRED}")
    different = connection.execute("SELECT count(DISTINCT key) FROM truth WHERE kind = 'value'").fetchall()
    rows = {
        "a": matched + kinds.get("only_a", 0) + kinds.get("duplicate_a", 0),
        "b": matched + kinds.get("only_b", 0) + kinds.get("duplicate_b", 0),
        "matched": matched,
        "equal": matched - int(different[0][0]),
        "different": int(different[0][0]),
        "only_a": kinds.get("only_a", 0),
        "only_b": kinds.get("only_b", 0),
        "duplicates_a": kinds.get("duplicate_a", 0),
        "duplicates_b": kinds.get("duplicate_b", 0),
        "rejected_a": _count(connection, "planted WHERE fate LIKE 'ragged%'"),
        "rejected_b": 0,
    }
    within = {
        field: _count(
            connection,
            f"planted WHERE {PAIRED} AND b_{field} <> {field} AND NOT {_differs(field, frozenset())}",
        )
        for field in ("notional", "executed_at")
    }
    return Expected(
        rows=rows,
        fields={
            field: {"different": fields.get(field, 0), "within_tolerance": within.get(field, 0)}
            for field in TYPES
        },
    )


def write_truth(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the relation `truth` to a Parquet file."""
    connection.execute(f"COPY truth TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")


def _count(connection: duckdb.DuckDBPyConnection, what: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])


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
    """Whether side b of a paired record is what the cause says; of a missing record, it is not."""
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
    here = {one.number: one.kind for one in plants if one.kind.field == field}
    reasons = {number: kind.reason for number, kind in here.items()} | _NOISE_REASONS
    functional = {code: _functional(reason) for code, reason in reasons.items()}

    def by_cause(values: dict[int, str], otherwise: str) -> str:
        branches = " ".join(f"WHEN {code} THEN {value}" for code, value in values.items())
        return f"CASE why_{field} {branches} ELSE {otherwise} END" if values else otherwise

    ids = by_cause({number: quoted(kind.id) for number, kind in here.items()}, "NULL")
    families = by_cause({number: quoted(kind.family) for number, kind in here.items()}, "'unknown'")
    labels = by_cause({code: quoted(reason) for code, reason in reasons.items()}, "NULL")
    return f"""
    SELECT '["' || trade_id || '"]' AS key, '{field}' AS field, 'value' AS kind, ({ids})::VARCHAR AS cause_id,
      {families} AS family, {labels} AS reason, ({by_cause(functional, "NULL")})::BOOLEAN AS functional,
      {raw_a(field, written)} AS value_a, {raw_b(field)} AS value_b
    FROM touched WHERE {_differs(field, written)}"""


def _records_of(fate: str, kind: str, reason: str, *, cause: Plant | None = None) -> str:
    """The breaks of whole records that share a fate."""
    id_, family = (quoted(cause.kind.id), cause.kind.family) if cause else ("NULL", "unknown")
    return f"""
    SELECT '["' || trade_id || '"]', NULL, '{kind}', {id_}, '{family}', '{reason}',
      ({_functional(reason)})::BOOLEAN, NULL, NULL
    FROM planted WHERE fate = '{fate}'"""


def _functional(reason: str) -> str:
    """Whether a reason is functional, as an SQL literal."""
    return {True: "true", False: "false", None: "NULL"}[is_functional(reason)]
