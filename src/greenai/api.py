"""What ``import greenai`` offers: `diff`, `infer`, `run`, and what they return."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from greenai.definition.model import Compare, Definition, Source
from greenai.domain.progress import SILENT, Progress
from greenai.domain.report import Report, SideInfo
from greenai.domain.summary import Summary
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import UsageError
from greenai.pipeline.plan import DiffOptions, plan_definition, plan_diff
from greenai.pipeline.reconcile import Clock, Reconciled, reconcile
from greenai.pipeline.report import build_report
from greenai.settings import Settings, memory_size, read_settings
from greenai.sources.base import SourceTable

if TYPE_CHECKING:
    import pyarrow as pa

Number = int | float | str | Decimal
Side = Literal["a", "b"]
LONGEST = 50
"""Digits before or after the point that a tolerance may have."""


class Result:
    """What a comparison found. Counts are there at once; rows are computed when asked for.

    Holds an engine with its temporary files until `close`, the end of a ``with`` block, or the end
    of the object's life.
    """

    def __init__(self, engine: DuckDBEngine, outcome: Reconciled, report: Report) -> None:
        self._opened = engine
        self._outcome = outcome
        self._report = report
        self._finalizer = weakref.finalize(self, engine.close)

    @property
    def _engine(self) -> DuckDBEngine:
        if not self._finalizer.alive:
            raise UsageError(
                "this result is closed, its rows are gone; counts and reports remain",
                remedy="ask for rows before `close()` or inside the `with` block",
            )
        return self._opened

    @property
    def summary(self) -> Summary:
        """All counts; ``summary.as_dict()`` is the document of ``summary.json``."""
        return self._outcome.summary

    @property
    def equal(self) -> bool:
        """Whether nothing differs and every row could be read."""
        return self.summary.rows.clean

    @property
    def report(self) -> Report:
        """The content of the reports."""
        return self._report

    @property
    def key(self) -> tuple[str, ...]:
        """The key fields."""
        return self._outcome.plan.key

    @property
    def breaks(self) -> pa.Table:
        """All breaks as an Arrow table with the columns of ``breaks.parquet``."""
        from greenai.pipeline.output import output_breaks

        return self._engine.arrow(output_breaks(self._outcome))

    @property
    def only_a(self) -> pa.Table:
        """The rows that only side a has."""
        return self._engine.arrow(self._outcome.comparison.only_a)

    @property
    def only_b(self) -> pa.Table:
        """The rows that only side b has."""
        return self._engine.arrow(self._outcome.comparison.only_b)

    @property
    def duplicates_a(self) -> pa.Table:
        """The rows of side a with a repeated key that found no partner."""
        return self._engine.arrow(self._outcome.comparison.duplicates_a)

    @property
    def duplicates_b(self) -> pa.Table:
        """The rows of side b with a repeated key that found no partner."""
        return self._engine.arrow(self._outcome.comparison.duplicates_b)

    @property
    def rejects(self) -> pa.Table:
        """The rows that could not be read: side, source, line, raw, why."""
        import pyarrow as pa

        names = ("side", "source", "line", "raw", "why")
        kinds = (pa.string(), pa.string(), pa.int64(), pa.string(), pa.string())
        rejects = self._outcome.rejects
        return pa.table(
            {
                name: pa.array([getattr(r, name) for r in rejects], kind)
                for name, kind in zip(names, kinds, strict=True)
            }
        )

    def different_values(self, field: str) -> pa.Table:
        """Key, ``a:<field>`` and ``b:<field>`` (typed) of every pair in which `field` differs."""
        if field not in self._outcome.comparison.verdicts:
            known = ", ".join(self._outcome.comparison.verdicts)
            raise UsageError(
                f"{field!r} is not a compared field", column=field, remedy=f"compared are: {known}"
            )
        return self._engine.arrow(self._outcome.comparison.different_values(field))

    def to_parquet(self, path: str | Path) -> int:
        """Write all breaks to one Parquet file, streaming; returns their number."""
        from greenai.pipeline.output import output_breaks, writing

        with writing(Path(path)):
            return self._engine.write_parquet(output_breaks(self._outcome), Path(path))

    def to_html(self, path: str | Path | None = None) -> str:
        """The report as one self-contained HTML document; written to `path` when given."""
        from greenai.pipeline.output import write_text, writing
        from greenai.reports import html

        document = html.render(self._report)
        if path is not None:
            with writing(Path(path)):
                write_text(Path(path), document)
        return document

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from greenai.reports import markdown

        return markdown.render(self._report)

    def write(self, folder: str | Path) -> None:
        """Write the files of ``--out``: summary.json, breaks.parquet, rejects.parquet, report.html."""
        from greenai.pipeline.output import write_output

        write_output(self._engine, self._outcome, self._report, Path(folder))

    def close(self) -> None:
        """Free memory and temporary files; rows can no longer be asked for."""
        self._finalizer()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        from greenai.reports import terminal

        return terminal.render(self._report, width=100, colour=False)

    def _repr_html_(self) -> str:
        from html import escape

        # An iframe keeps the report's own styles away from the notebook's.
        return (
            f'<iframe srcdoc="{escape(self.to_html(), quote=True)}" '
            'style="width:100%;height:640px;border:0" title="greenai report"></iframe>'
        )


class Diff(Result):
    """The result of `diff`."""


class Run(Result):
    """The result of `run`: breaks carry reasons."""

    def __init__(
        self, engine: DuckDBEngine, outcome: Reconciled, report: Report, definition: Definition
    ) -> None:
        super().__init__(engine, outcome, report)
        self.definition = definition

    @property
    def reasons(self) -> dict[str, int]:
        """How many breaks there are of each reason."""
        return dict(self._outcome.reasons)


class Inference:
    """The result of `infer`: a definition proposed for two sources, as commented YAML."""

    def __init__(self, text: str, definition: Definition, notes: tuple[str, ...]) -> None:
        self.text = text
        self.definition = definition
        self.notes = notes

    def __repr__(self) -> str:
        return self.text


def diff(
    a: object,
    b: object,
    *,
    key: str | Sequence[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
    ignore: Sequence[str] = (),
    absolute: Mapping[str, Number] | None = None,
    relative: Mapping[str, Number] | None = None,
    days: Mapping[str, Number] | None = None,
    seconds: Mapping[str, Number] | None = None,
    similarity: Mapping[str, float] | None = None,
    ignore_case: bool | Sequence[str] = False,
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
    found. Tolerances are given per field. `null` are texts that mean null. With `exact` no
    fingerprint is trusted. `memory` (``2GB``) bounds the engine, which spills beyond it.

    Raises GreenaiError for what cannot be read or does not fit.
    """
    everywhere = ignore_case is True
    folded = () if isinstance(ignore_case, bool) else ignore_case
    rules = comparison_rules(absolute, relative, days, seconds, similarity, folded)
    options = DiffOptions(
        key=(key,) if isinstance(key, str) else tuple(key) if key else None,
        mapping=dict(mapping or {}),
        only=tuple(only) if only else None,
        ignore=tuple(ignore),
        rules=rules,
        ignore_case=everywhere,
        null_values=(null,) if isinstance(null, str) else tuple(null) if null else None,
    )
    engine = open_engine(settings or read_settings(), memory, threads)
    try:
        clock = Clock()
        progress.watch(engine.progress)
        with clock.stage("open"):
            progress.stage("open")
            name_a, name_b = names or (default_name(a, "a"), default_name(b, "b"))
            source_a = open_source(engine, a, side="a", name=name_a)
            source_b = open_source(engine, b, side="b", name=name_b)
            plan = plan_diff(engine, source_a, source_b, options)
        outcome = reconcile(engine, source_a, source_b, plan, clock=clock, exact=exact, progress=progress)
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
    finally:
        progress.done()
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
            key=(key,) if isinstance(key, str) else key or None,
            pair_by_values=True,
        )
        text = write(found, recon=recon, location_a=location(a), location_b=location(b))
    return Inference(text, loads(text, source="inferred definition"), found.notes)


def run(
    definition: str | Path | Definition,
    *,
    business_date: str | date | None = None,
    folder: str | Path | None = None,
    exact: bool = False,
    memory: str | None = None,
    threads: int | None = None,
    progress: Progress = SILENT,
    settings: Settings | None = None,
) -> Run:
    """Run a definition for one business date: ingest, normalise, compare, give reasons.

    `definition` is a path, or a loaded definition whose relative locations are resolved against
    `folder` (default: the working directory). Raises GreenaiError.
    """
    from greenai.definition.fingerprint import fingerprint
    from greenai.definition.loading import load

    if isinstance(definition, Definition):
        loaded, base = definition, Path(folder or ".")
    else:
        read = load(Path(definition))
        loaded, base = read.definition, Path(folder) if folder else read.folder
    when = business_day(business_date)
    variables = {"business_date": when} if when else {}
    engine = open_engine(settings or read_settings(), memory, threads)
    try:
        clock = Clock()
        progress.watch(engine.progress)
        with clock.stage("open"):
            progress.stage("open")
            source_a, source_b = open_sources(engine, loaded, base, variables)
            plan = plan_definition(engine, loaded, source_a, source_b)
        outcome = reconcile(
            engine,
            source_a,
            source_b,
            plan,
            clock=clock,
            explain=True,
            exact=exact,
            max_rejects=loaded.max_rejects,
            progress=progress,
        )
        sides = {
            side: SideInfo(spec.system or Path(spec.location[0]).name, ", ".join(spec.location))
            for side, spec in (("a", loaded.sources.a), ("b", loaded.sources.b))
        }
        report = build_report(
            engine,
            outcome,
            title=loaded.recon,
            a=sides["a"],
            b=sides["b"],
            fingerprint=fingerprint(loaded),
            business_date=when,
        )
    except BaseException:
        engine.close()
        raise
    finally:
        progress.done()
    return Run(engine, outcome, report, loaded)


def check(
    definition: str | Path, *, business_date: str | date | None = None, settings: Settings | None = None
) -> Any:
    """Validate a definition and reach its sources; returns the resolved plan. Loads nothing."""
    from greenai.definition.loading import load

    read = load(Path(definition))
    when = business_day(business_date)
    with open_engine(settings or read_settings(), None, None) as engine:
        sources = open_sources(engine, read.definition, read.folder, {"business_date": when} if when else {})
        return plan_definition(engine, read.definition, *sources)


def open_engine(settings: Settings, memory: str | None, threads: int | None) -> DuckDBEngine:
    """The table engine, options before environment. Raises UsageError for sizes that make no sense."""
    if threads is not None and threads < 1:
        raise UsageError("threads is not a positive whole number", value=threads, remedy="e.g. 4")
    return DuckDBEngine(
        memory=memory_size(memory, "the memory limit") if memory is not None else settings.memory,
        threads=threads or settings.threads,
        temporary=settings.temporary,
    )


def open_source(engine: DuckDBEngine, data: object, *, side: Side, name: str) -> SourceTable:
    """A path, a source description or a table in memory as a relation of the engine."""
    if isinstance(data, str | Path):
        if not str(data):
            raise UsageError(f"the path of side {side} is empty", remedy="name a file")
        data = Source(location=(str(data),))
    if isinstance(data, Source):
        from greenai.sources.files import read_files

        return read_files(engine, data, side=side, base=Path.cwd())
    from greenai.sources.frames import read_frame

    return read_frame(engine, data, name=name)


def open_sources(
    engine: DuckDBEngine, definition: Definition, base: Path, variables: Mapping[str, str]
) -> tuple[SourceTable, SourceTable]:
    """Both sources of a definition."""
    from greenai.sources.files import read_files

    a, b = (
        read_files(engine, spec, side=side, base=base, variables=variables, with_source_file=True)
        for side, spec in (("a", definition.sources.a), ("b", definition.sources.b))
    )
    return a, b


def comparison_rules(
    absolute: Mapping[str, Number] | None,
    relative: Mapping[str, Number] | None,
    days: Mapping[str, Number] | None,
    seconds: Mapping[str, Number] | None,
    similarity: Mapping[str, float] | None,
    ignore_case: Iterable[str],
) -> dict[str, Compare]:
    """One rule per field from options per kind. Raises UsageError."""
    options: dict[str, dict[str, Any]] = {}
    for kind, given in (("absolute", absolute), ("relative", relative), ("seconds", seconds)):
        for field, value in (given or {}).items():
            options.setdefault(field, {})[kind] = distance(kind, field, value)
    for field, number in (days or {}).items():
        whole = distance("days", field, number)
        if whole != whole.to_integral_value():
            raise UsageError(
                "days are whole numbers",
                column=field,
                value=str(number),
                remedy="use seconds for less than a day",
            )
        options.setdefault(field, {})["days"] = int(whole)
    for field, share in (similarity or {}).items():
        if not 0 < share <= 1:
            raise UsageError(
                "a similarity is above 0 and at most 1", column=field, value=share, remedy="e.g. 0.9"
            )
        options.setdefault(field, {})["similarity"] = share
    for field in ignore_case:
        options.setdefault(field, {})["ignore_case"] = True
    return {field: comparison_rule(field, given) for field, given in options.items()}


def comparison_rule(field: str, options: Mapping[str, Any]) -> Compare:
    """The rule of one field. Raises UsageError for what the definition would refuse, too."""
    from pydantic import ValidationError

    try:
        return Compare(**options)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(
            f"the tolerance `{first['loc'][0]}` {first['msg'].removeprefix('Value error, ')}",
            column=field,
            value=str(first["input"]),
            remedy="e.g. 0.01",
        ) from error


def distance(kind: str, field: str, value: Number) -> Decimal:
    """A tolerance as an exact number. Raises UsageError for anything but a number of zero or more."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0 or abs(number.adjusted()) > LONGEST:
        raise UsageError(
            f"the tolerance `{kind}` is not a number of zero or more, written in up to {LONGEST} digits",
            column=field,
            value=value,
            remedy="e.g. 0.01",
        )
    return number


def business_day(given: str | date | None) -> str | None:
    """The business date in ISO form. Raises UsageError for anything that is not a date."""
    if given is None or isinstance(given, date):
        return given.isoformat() if given else None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise UsageError(
            "the business date is not a date", value=given, remedy="write it as 2026-11-19"
        ) from error


def default_name(data: object, side: str) -> str:
    """How a side is called when nobody named it: the file's name, or the side."""
    if isinstance(data, str | Path):
        return Path(str(data)).name
    if isinstance(data, Source):
        return data.system or Path(data.location[0]).name
    return f"{side} ({type(data).__module__.split('.')[0]} {type(data).__name__})"


def location(data: object) -> str:
    """Where a side came from, for reports."""
    if isinstance(data, Source):
        return ", ".join(data.location)
    return str(data) if isinstance(data, str | Path) else "in memory"
