"""The verbs: `diff`, `infer`, `run` and `check`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from greenai.api.opening import (
    business_day,
    default_name,
    location,
    locations,
    open_engine,
    open_source,
    source_options,
)
from greenai.api.results import Diff, Inference, Run
from greenai.api.stores import migrated_store
from greenai.api.tolerances import Number, comparison_rules
from greenai.definition.fingerprint import fingerprint
from greenai.definition.model import Definition
from greenai.domain.progress import SILENT, Progress
from greenai.domain.report import SideInfo
from greenai.errors import UsageError
from greenai.fields.prepare import prepare
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.diff_plan import DiffOptions, plan_diff
from greenai.pipeline.gate import verify_gate
from greenai.pipeline.ingest import ingest_both
from greenai.pipeline.opening import open_sources
from greenai.pipeline.plan import Plan
from greenai.pipeline.reconcile import Clock, reconcile
from greenai.pipeline.report import build_report
from greenai.settings import NONE, Settings, read_settings, store_url
from greenai.sources.base import SourceTable


def diff(
    a: object,
    b: object,
    *,
    key: str | Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    only: str | Sequence[str] | None = None,
    ignore: str | Sequence[str] = (),
    absolute: Mapping[str, Number] | None = None,
    relative: Mapping[str, Number] | None = None,
    days: Mapping[str, Number] | None = None,
    seconds: Mapping[str, Number] | None = None,
    similarity: Mapping[str, float] | None = None,
    ignore_case: bool | str | Sequence[str] = False,
    null: str | Sequence[str] | None = None,
    exact: bool = False,
    memory: str | None = None,
    threads: int | None = None,
    names: tuple[str, str] | None = None,
    progress: Progress = SILENT,
    settings: Settings | None = None,
) -> Diff:
    """Find every difference between two tables.

    `a` and `b` are paths, `greenai.definition.model.Source` descriptions, or pandas, Polars, Arrow,
    DuckDB or Ibis tables. Columns pair by name (ignoring case, blanks and underscores) and by
    `mapping` (a's column to b's). `key` names the columns that identify a record; left out, it is
    found. Tolerances are given per field. `null` are texts that mean null, as an empty cell of a CSV
    file does. With `exact` no
    fingerprint is trusted. `memory` (``2GB``) bounds the engine, which spills beyond it.

    Raises GreenaiError for what cannot be read or does not fit.
    """
    folded = () if isinstance(ignore_case, bool) else several(ignore_case)
    options = DiffOptions(
        key=several(key) or None,
        mapping=dict(mapping or {}),
        only=several(only) or None,
        ignore=several(ignore),
        rules=comparison_rules(absolute, relative, days, seconds, similarity, folded),
        ignore_case=ignore_case is True,
        null_values=several(null),
    )
    engine = open_engine(settings or read_settings(), memory, threads)
    try:
        clock = Clock()
        progress.watch(engine.progress)
        name_a, name_b = names or (default_name(a, "a"), default_name(b, "b"))

        def opened() -> tuple[SourceTable, SourceTable]:
            return (
                open_source(engine, a, side="a", name=name_a),
                open_source(engine, b, side="b", name=name_b),
            )

        def planned(source_a: SourceTable, source_b: SourceTable, sample: int | None) -> Plan:
            return plan_diff(engine, source_a, source_b, options, sample=sample)

        with clock.stage("ingest"):
            sides = ingest_both(engine, opened, planned, max_rejects=1.0, progress=progress)
        outcome = reconcile(engine, sides, clock=clock, exact=exact, progress=progress)
        report = build_report(
            engine,
            outcome,
            title=f"{name_a} against {name_b}",
            a=SideInfo(name_a, location(a)),
            b=SideInfo(name_b, location(b)),
        )
    except BaseException:
        engine.close()
        raise
    return Diff(engine, outcome, report)


def infer(
    a: object,
    b: object,
    *,
    key: str | Sequence[str] | None = None,
    recon: str = "recon",
    settings: Settings | None = None,
) -> Inference:
    """Propose a definition for two sources: pairing, types, key and context, as commented YAML."""
    from greenai.definition.loading import loads
    from greenai.inference.definition import write
    from greenai.inference.infer import infer as infer_tables

    with open_engine(settings or read_settings(), None, None) as engine:
        source_a = open_source(engine, a, side="a", name=default_name(a, "a"))
        source_b = open_source(engine, b, side="b", name=default_name(b, "b"))
        found = infer_tables(
            engine,
            source_a,
            source_b,
            key=several(key) or None,
            pair_by_values=True,
        )
        text = write(
            found,
            recon=recon,
            location_a=locations(a),
            location_b=locations(b),
            options_a=source_options(a),
            options_b=source_options(b),
        )
    return Inference(text, loads(text, source="inferred definition"), found.notes)


def run(
    definition: str | Path | Definition,
    *,
    business_date: str | date | None = None,
    folder: str | Path | None = None,
    store: str | None = None,
    causes: bool = True,
    exact: bool = False,
    memory: str | None = None,
    threads: int | None = None,
    progress: Progress = SILENT,
    settings: Settings | None = None,
) -> Run:
    """Run a definition for one business date: ingest, compare, give reasons, pass the gate, store.

    `definition` is a path, or a loaded definition whose relative locations are resolved against
    `folder` (default: the working directory). `store` is a PostgreSQL URL, ``embedded`` (the default,
    where the environment says nothing else) or ``none``, which stores nothing. Without `causes` only
    proofs explain breaks, which is faster. Without a business date
    the run is about today, and a location cannot name it. Raises GreenaiError, and then nothing was
    stored (but for trouble while the report is made, after that).
    """
    from greenai.definition.loading import load
    from greenai.pipeline.running import Task, run_task

    if isinstance(definition, Definition):
        loaded, base = definition, Path(folder or ".")
    else:
        read = load(Path(definition))
        loaded, base = read.definition, Path(folder) if folder else read.folder
    when = business_day(business_date)
    settings = settings or read_settings()
    target = store_url(store, settings)
    with contextlib.ExitStack() as stack:
        url = None if target == NONE else stack.enter_context(migrated_store(target, settings.home))
        engine = open_engine(settings, memory, threads)
        try:
            progress.watch(engine.progress)
            task = Task(loaded, date.fromisoformat(when) if when else date.today(), url, exact, causes)

            def opened() -> tuple[SourceTable, SourceTable]:
                return open_sources(engine, loaded, base, {"business_date": when} if when else {})

            done = run_task(engine, task, opened, progress)
            infos = {
                side: SideInfo(spec.system or Path(spec.location[0]).name, ", ".join(spec.location))
                for side, spec in (("a", loaded.sources.a), ("b", loaded.sources.b))
            }
            report = build_report(
                engine,
                done.outcome,
                title=loaded.recon,
                a=infos["a"],
                b=infos["b"],
                fingerprint=fingerprint(loaded),
                # A run that is stored is about a day, whether it was named or not.
                business_date=when or (task.business_date.isoformat() if url else None),
                notes=(*later_than_today(task.business_date), *remarks(loaded, url)),
                gate=done.gate,
                run=done.run_id,
            )
        except BaseException:
            engine.close()
            raise
    return Run(engine, done.outcome, report, loaded, done.run_id)


def remarks(definition: Definition, url: str | None) -> tuple[str, ...]:
    """What surprises in a definition that was run into a store, or nowhere."""
    from greenai.pipeline.remarks import remarks_of_store, remarks_on_reasons

    return remarks_on_reasons(definition) if url is None else remarks_of_store(url, definition)


def later_than_today(business_date: date) -> tuple[str, ...]:
    """A note about a business date that has not come yet: surely a slip, and every real day is older."""
    if business_date <= date.today():
        return ()
    return (f"the business date {business_date} is after today: runs for earlier dates fill history only",)


def check(
    definition: str | Path, *, business_date: str | date | None = None, settings: Settings | None = None
) -> Plan:
    """Validate a definition and reach its sources; returns the resolved plan. Loads nothing."""
    from greenai.definition.loading import load

    read = load(Path(definition))
    when = business_day(business_date)
    with open_engine(settings or read_settings(), None, None) as engine:
        sources = open_sources(engine, read.definition, read.folder, {"business_date": when} if when else {})
        plan = plan_definition(engine, read.definition, *sources)
        # Writing the expressions of both sides finds what does not fit without reading a row for them.
        for source, side in zip(sources, (plan.a, plan.b), strict=True):
            prepare(source.table, side, text=source.empty_is_null)
        verify_gate(read.definition, plan)
        return replace(plan, notes=(*plan.notes, *remarks(read.definition, None)))


def several(given: str | Sequence[str] | None) -> tuple[str, ...]:
    """One name or several as a tuple; a text is one name, not its letters. Raises UsageError."""
    if given is None:
        return ()
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise UsageError("names are texts", value=given, remedy="give one name or a list of names")
    return tuple(names)
