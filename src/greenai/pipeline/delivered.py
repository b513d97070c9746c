"""The rows of a record as its sources delivered them: read anew from the files of a run, before any step.

The store keeps normalised rows. What a file says is read from the file, by the run's definition, and
only from one that still has the content that the run read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import ibis

from greenai.definition.named_locations import is_named
from greenai.errors import ConflictError, NotFoundError, UsageError
from greenai.fields.plan import context_name
from greenai.fields.prepare import prepare
from greenai.fields.render import render
from greenai.pipeline.activating import NOWHERE
from greenai.pipeline.break_detail import definition_of
from greenai.pipeline.connections import Rooted, locations, rooted
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.lineage import start
from greenai.pipeline.opening import open_sources
from greenai.pipeline.plan import SAMPLE
from greenai.pipeline.submission import size_of
from greenai.pipeline.trial import MOST_BYTES, stopped
from greenai.sources.locations import resolve
from greenai.store import detail

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.fields.plan import SidePlan
    from greenai.sources.base import SourceTable
    from greenai.store.detail import Head, Latest

    Connection = psycopg.Connection[object]

Side = Literal["a", "b"]
SIDES: Final[tuple[Side, Side]] = ("a", "b")
LONGEST: Final = 20.0
"""Seconds that it may take."""
SHOWN: Final = 20
"""Rows of a side; a key may repeat."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """What a row says in a column, as text; null where it says nothing. `fields` are read from it."""

    column: str
    text: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The rows of a side of a record, in the order of the source's columns, and which run read them."""

    run: int
    business_date: date
    rows: tuple[tuple[RawCell, ...], ...]


def delivered(
    connection: Connection, engine: DuckDBEngine, recon_id: int, about: Head
) -> dict[Side, Delivered]:
    """What the sources say of the record of a break, by side; a side without a row of it is left out.

    Looked for in the files of the latest run, then in those of the date that its rows are from, and of
    that on which it was first seen: a flow's row comes once. Raises GreenaiError: a file is gone, has
    changed since, is too large, or is none of an approved connection.
    """
    wanted = [side for side, row in (("a", about.row_a), ("b", about.row_b)) if row is not None]
    found: dict[Side, Delivered] = {}
    days = dict.fromkeys((None, about.rows_of, about.first_date))
    seen: set[int] = set()
    for day in days:
        run = detail.run_of(connection, recon_id, day)
        if run is None or run.run in seen:
            continue
        seen.add(run.run)
        for side, rows in read(connection, engine, recon_id, run, about.key):
            if side in wanted and side not in found and rows:
                found[side] = Delivered(run.run, run.business_date, rows)
        if len(found) == len(wanted):
            break
    return found


def read(
    connection: Connection,
    engine: DuckDBEngine,
    recon_id: int,
    run: Latest,
    key: Sequence[str | None],
) -> Iterator[tuple[Side, tuple[tuple[RawCell, ...], ...]]]:
    """The rows of a key in both sides of a run."""
    definition = definition_of(connection, recon_id, run)
    if not all(is_named(one) for one in locations(definition)):
        raise UsageError(
            f"run {run.run} read files that belong to no connection of the platform",
            remedy="look at the files where they are: here are shown those of connections and uploads",
        )
    files, variables = rooted(connection, definition), {"business_date": run.business_date.isoformat()}
    with files.telling(), stopped(engine, LONGEST):
        files.insist_contained(variables)
        insist_as_read(connection, files, run, variables)
        a, b = open_sources(engine, files.definition, NOWHERE, variables)
        plan = plan_definition(engine, files.definition, a, b, sample=SAMPLE)
        for side, source, of in (("a", a, plan.a), ("b", b, plan.b)):
            yield side, rows_of(engine, source, of, key)  # type: ignore[misc]


def insist_as_read(connection: Connection, files: Rooted, run: Latest, variables: dict[str, str]) -> None:
    """Refuse files that are no longer what the run read. Raises ConflictError, UsageError, SourceError."""
    if (size := size_of(files.definition, NOWHERE, run.business_date)) > MOST_BYTES:
        raise UsageError(
            f"the files of run {run.run} have {size / 1e6:,.0f} MB, of {MOST_BYTES / 1e6:,.0f} read here",
            remedy="look at the files where they are",
        )
    sources: Definition = files.definition
    paths = [resolve(of.location, Path("/"), variables) for of in (sources.sources.a, sources.sources.b)]
    now = {side: [one.content_hash for one in start(*paths).inputs() if one.side == side] for side in SIDES}
    then = detail.contents(connection, run.run)
    for side in SIDES:
        if now[side] != then.get(side, []):
            raise ConflictError(
                f"what run {run.run} read of side {side} is no longer there: a file has changed since",
                source=files.told(", ".join(map(str, paths[SIDES.index(side)]))),
                remedy="run again, to compare what the files say now",
            )


def rows_of(
    engine: DuckDBEngine, source: SourceTable, plan: SidePlan, key: Sequence[str | None]
) -> tuple[tuple[RawCell, ...], ...]:
    """The rows of a key with all columns of the source, as text; those that a filter leaves out stay out."""
    columns = source.columns
    whole = replace(
        plan,
        fields=tuple(one for one in plan.fields if one.name in plan.key),
        context=tuple((column, column) for column in columns),
        group=(),
        renamed=(),
    )
    table = prepare(source.table, whole, text=source.empty_is_null)
    same = [
        render(table[name]) == ibis.literal(text)
        for name, text in zip(plan.key, key, strict=True)
        if text is not None
    ]
    texts = [table[context_name(column)].name(f"c{at}") for at, column in enumerate(columns)]
    found = engine.rows(table.filter(*same).select(*texts).limit(SHOWN))
    fields: dict[str, list[str]] = {}
    for one in plan.fields:
        if one.column is not None:
            fields.setdefault(one.column, []).append(one.name)
    return tuple(
        tuple(
            RawCell(column, text, tuple(fields.get(column, ())))
            for column, text in zip(columns, row, strict=True)
        )
        for row in found
    )


def insist_found(found: dict[Side, Delivered], about: Head) -> None:
    """Raise NotFoundError where no file of the runs that are looked at has a row of the record."""
    if not found:
        raise NotFoundError(
            "no file of the latest run, or of the dates that the record is from, has a row of it",
            value=", ".join(one or "" for one in about.key),
            remedy="look at the history of the break: which runs told what of it",
        )
