"""What `diff`, `run` and `infer` return."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.definition.model import Definition
from greenai.domain.report import Report
from greenai.domain.summary import Summary
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import UsageError
from greenai.pipeline.reconcile import Reconciled

if TYPE_CHECKING:
    import pyarrow as pa


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
    def passed(self) -> bool:
        """Whether nobody has to look at anything; see CONTRACT's exit codes."""
        return self.equal

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
    """The result of `run`: breaks carry reasons and decisions."""

    def __init__(
        self,
        engine: DuckDBEngine,
        outcome: Reconciled,
        report: Report,
        definition: Definition,
        run_id: int | None = None,
    ) -> None:
        super().__init__(engine, outcome, report)
        self.definition = definition
        self.run_id = run_id
        """The run's number in the store, None without one."""

    @property
    def passed(self) -> bool:
        """Whether every record passed the gate and every row could be read."""
        rows, decisions = self.summary.rows, self.summary.decisions or {}
        return not (
            decisions.get("review") or decisions.get("rejected") or rows.rejected_a or rows.rejected_b
        )

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
