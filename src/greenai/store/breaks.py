"""Breaks across runs: publishing those of a run as versions, written only where something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

import ibis
from psycopg import ClientCursor, sql

from greenai.domain.reasons import UNKNOWN
from greenai.store.copying import copy_in
from greenai.store.queries import queries
from greenai.store.texts import cell, document

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine

SORTING: Final = "128MB"
"""Memory of PostgreSQL for each sort and hash of a publication."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a publication is about. `next_date` is the next later business date that was published already."""

    recon_id: int
    key_version: int
    business_date: date
    publication_id: int
    population: Literal["full", "flow"]
    next_date: date | None = None
    part: bool = False
    """Only some breaks of the day are given: what is not among them stays as it is."""


@dataclass(frozen=True, slots=True)
class Published:
    """Breaks that are new (or back), changed in value, attribution or decision, resolved, and as before."""

    new: int
    changed: int
    resolved: int
    unchanged: int


def identified(breaks: ir.Table, key_version: int) -> ir.Table:
    """The breaks under the identities that they have with this version of the key.

    With the first version these are the ones they have; with another the same key texts name other
    records. To be applied once, before anything is written.
    """
    if key_version == 1:
        return breaks
    text = breaks.break_id + f"|{key_version}"
    return breaks.mutate(break_id=text.hexdigest("md5"))


def publish(
    connection: psycopg.Connection[Any],
    engine: DuckDBEngine,
    scope: Scope,
    decided: ir.Table,
    rows: ir.Table,
    told: ir.Table | None = None,
) -> Published:
    """Write the breaks of a run: identities, versions, attributions, decisions, and the rows behind them.

    `decided` are all breaks of the run as `greenai.quality.gate.decide` gives them, under the names of
    `identified`; both relations should be computed already. `rows` has one row per key of a record with
    a break: ``key``, ``row_a`` and ``row_b`` (JSON objects as text, null where a side has no row).
    A break is unchanged while values, content, attribution and decision are; of a full population those
    that are gone become resolved. What held on `next_date` holds there unchanged; of a flow,
    what is new on this day goes on to hold there, too. Needs the recon's lock and the day's partitions.

    `told` are the records of a flow that were compared and had breaks before (``record_id``, ``on_a``,
    ``on_b``: on which sides): what the run no longer shows of them is resolved. With it a run of a day
    replaces what the last one of that day said, and what comes or goes does so on later days, too.
    """
    named = queries("breaks")
    with ClientCursor(connection) as cursor:
        given = {
            "recon": scope.recon_id,
            "key_version": scope.key_version,
            "day": scope.business_date,
            "publication": scope.publication_id,
            "next": scope.next_date,
            "full": scope.population == "full" and not scope.part,
            # Absence says that a record is gone, or nothing.
            "absence": scope.population == "full",
            "told": told is not None,
        }
        cursor.execute("SELECT set_config('work_mem', %s, true), set_config('jit', 'off', true)", [SORTING])
        cursor.execute(named["stage"])
        copy_in(connection, engine, staged_breaks(decided, scope), sql.Identifier("staged_break"))
        copy_in(connection, engine, staged_records(decided, rows, scope), sql.Identifier("staged_record"))
        if told is not None:
            copy_in(connection, engine, told, sql.Identifier("told_record"))
        cursor.execute(
            "ANALYZE staged_break (break_id, record_id), staged_record (record_id), told_record (record_id)"
        )
        latest = scope.next_date is None
        cursor.execute(named["words"])
        cursor.execute(named["held_record"], given)
        cursor.execute(named["identities"], given)
        cursor.execute(named["told"], given)
        cursor.execute(named["held_now" if latest else "held_then"], given)
        cursor.execute("ANALYZE held_version (break_id)")
        cursor.execute(named["held"], given)
        cursor.execute("ANALYZE held (break_id)")
        cursor.execute(named["change"], given)
        cursor.execute("ANALYZE change (break_id)")
        cursor.execute(named["versions"], given)
        cursor.execute(named["record_change"], given)
        if latest:
            cursor.execute(named["present"], given)
        else:
            # What held goes on to hold on the later date, where it is superseded on this one.
            cursor.execute(named["kept_versions"], given)
            cursor.execute(named["kept_records"], given)
            cursor.execute(named["present_then"], given)
        if told is not None:
            cursor.execute(named["reverted"], given)
            cursor.execute(named["reverted_records"], given)
            cursor.execute(named["present_reverted"], given)
        if not scope.part:
            cursor.execute(named["tally"], given)
        new, changed, resolved, staged = _row(cursor.execute(named["counts"]).fetchone())
    return Published(new, changed, resolved, staged - new - changed)


def staged_breaks(decided: ir.Table, scope: Scope) -> ir.Table:
    """The breaks as `staged_break` takes them."""
    method = decided.method if "method" in decided.columns else _method(decided)
    return decided.select(
        break_id=decided.break_id,
        record_id=record_id(decided.key, scope.key_version),
        kind=decided.kind,
        field=cell(decided.field),
        check_rule=cell(decided.check_rule),
        value_a=cell(decided.value_a),
        value_b=cell(decided.value_b),
        content=decided.content if "content" in decided.columns else ibis.null("string"),
        reason_code=decided.reason,
        cause_id=decided.cause_id.cast("string"),
        group_id=decided.group_id if "group_id" in decided.columns else ibis.null("string"),
        method=method,
        confidence=decided.confidence.cast("float64"),
        explanation=cell(decided.explanation),
        outcome=decided.decision,
        policy=decided.policy,
        rule=decided.rule,
        resolution=decided.resolution,
        value=cell(decided.value),
        decided_by=decided.decided_by,
    )


def staged_records(decided: ir.Table, rows: ir.Table, scope: Scope) -> ir.Table:
    """Every record with a break as `staged_record` takes it; breaks of the whole input have no rows."""
    keys = decided.select("key").distinct()
    given = rows.select(found="key", row_a="row_a", row_b="row_b")
    joined = keys.left_join(given, keys.key == given.found)
    return joined.select(
        record_id=record_id(joined.key, scope.key_version),
        key=document(joined.key),
        row_a=document(joined.row_a.cast("string")),
        row_b=document(joined.row_b.cast("string")),
    )


def record_id(key: ir.StringValue, key_version: int) -> ir.StringValue:
    """The identity of a record: MD5 over key version and key."""
    text: ir.StringValue = ibis.literal(f"{key_version}|") + key
    identity: ir.StringValue = text.hexdigest("md5")
    return identity


def _method(decided: ir.Table) -> ir.StringValue:
    """How the reason was found, where the relation does not say."""
    method: ir.StringValue = ibis.cases(
        (decided.kind == "check", "check"), (decided.reason == UNKNOWN, "none"), else_="equivalence"
    )
    return method


def _row(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    assert row is not None
    return row
