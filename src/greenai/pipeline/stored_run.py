"""A run with a store: recorded from its comparison on, published or failed, never anything between."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.definition.fingerprint import fingerprint
from greenai.definition.model import Definition
from greenai.definition.words import write_word
from greenai.domain.reasons import UNKNOWN
from greenai.domain.rules import Rule
from greenai.domain.runs import Input, Stage, State
from greenai.pipeline.carrying import carried
from greenai.pipeline.gate import gate_inputs
from greenai.pipeline.plan import Plan
from greenai.pipeline.publish import Run, publish
from greenai.pipeline.reconcile import Clock, Reconciled
from greenai.pipeline.running import Done
from greenai.store import definitions, living, reasons, rules, runs
from greenai.store.database import connect, explained
from greenai.store.partitions import ensure_partitions, refresh_statistics

if TYPE_CHECKING:
    import psycopg

    from greenai.attribution.reasons import ReasonRow
    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.ingest import Sides


Fence = Callable[["psycopg.Connection[Any]", Reconciled, int | None], None]


def free(_: psycopg.Connection[Any], __: Reconciled, ___: int | None) -> None:
    """The fence of a run that nobody else could have taken over."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """A run that the store knows of. `watch` commits each statement, so that others see how far it is."""

    watch: psycopg.Connection[Any]
    url: str
    run: Run

    def publish(
        self,
        engine: DuckDBEngine,
        sides: Sides,
        outcome: Reconciled,
        inputs: Sequence[Input],
        clock: Clock,
        *,
        manner: str = "",
        fence: Fence = free,
    ) -> tuple[Done, int | None]:
        """Decide and publish; the number of the run that said the same before, when nothing was written.

        `manner` is what else was asked for: a run in another manner is another run. `fence` is called at
        the end of the transaction that publishes, with what was decided and the run that this one repeats,
        and may raise to prevent it.
        """
        run_id, joined = self.run.run_id, sides.carried
        if joined is not None and joined.manner:
            manner = f"{manner}, {joined.manner}" if manner else joined.manner
        digest = runs.inputs(self.watch, run_id, inputs, manner=manner)
        run = replace(self.run, digest=digest, carried=joined)
        given = gate_inputs(run.definition, sides, outcome, key_version=run.saved.key_version)
        ensure_partitions(self.watch, run.saved.recon_id, run.business_date)
        with connect(self.url) as connection:
            # Lives on with this connection, should the one that watches be lost.
            living.hold(connection, run_id)
            with connection.transaction():
                gated, publication = publish(connection, engine, run, given, outcome, clock)
                fence(connection, gated, publication.repeated)
            if publication.repeated is None:
                refresh_statistics(connection, run.saved.recon_id, run.business_date, gated.summary.breaks)
        repeated = publication.repeated
        return Done(gated, publication.gate, run_id if repeated is None else repeated), repeated

    def decide(
        self,
        engine: DuckDBEngine,
        sides: Sides,
        outcome: Reconciled,
        inputs: Sequence[Input],
        clock: Clock,
        *,
        manner: str = "",
    ) -> Done:
        """The last stage of a run of one process; a run that an earlier one repeats is forgotten."""
        run_id = self.run.run_id
        self.compared(outcome, clock)
        runs.enter(self.watch, run_id, "deciding")
        with runs.stage(self.watch, run_id, "decide") as rows:
            done, repeated = self.publish(engine, sides, outcome, inputs, clock, manner=manner)
            rows.rows_in = outcome.summary.breaks
            rows.rows_out = done.outcome.summary.breaks
        if repeated is not None:
            with living.noting(self.watch):
                runs.discard(self.watch, run_id)
        return done

    def carry(self, engine: DuckDBEngine, sides: Sides, clock: Clock) -> Sides:
        """Both sides with the open records of earlier dates, where the population is a flow."""
        if self.run.definition.population != "flow":
            return sides
        with clock.stage("carry"):
            return carried(self.watch, engine, self.run, sides)

    def rules(self) -> tuple[Rule, ...]:
        """The approved rules of the recon, as they are now."""
        return rules.active(self.watch, self.run.saved.recon_id)

    def reasons(self) -> tuple[ReasonRow, ...]:
        """The table from cause to reason that holds for the recon, as it is now."""
        return reasons.mapping(self.watch, self.run.saved.recon_id)

    def compared(self, outcome: Reconciled, clock: Clock) -> None:
        """Note the stages behind: rows of both sides in, breaks out; breaks in, those with a reason out."""
        seconds, rows, breaks = clock.seconds, outcome.summary.rows, outcome.summary.breaks
        after = seconds.get("totals", 0.0)
        told = breaks - outcome.reasons.get(UNKNOWN, 0)
        past: tuple[tuple[Stage, int, int, float], ...] = (
            ("compare", rows.a + rows.b, breaks, after + seconds.get("attribute", 0.0)),
            ("attribute", breaks, told, after),
        )
        for name, rows_in, rows_out, ago in past:
            runs.past_stage(
                self.watch,
                self.run.run_id,
                name,
                seconds.get(name, 0.0),
                ago=ago,
                rows_in=rows_in,
                rows_out=rows_out,
            )

    def enter(self, state: State) -> None:
        """Let others see what the run is doing."""
        runs.enter(self.watch, self.run.run_id, state)


@contextlib.contextmanager
def recorded(
    url: str, definition: Definition, plan: Plan, business_date: date, clock: Clock, folder: Path
) -> Iterator[Recorder]:
    """A new run in the store; what goes wrong inside is noted there before it goes on.

    `folder` is for temporary files, and not ours to remove.
    """
    from greenai.definition.writing import dumps

    with connect(url, autocommit=True) as watch:
        with watch.transaction():
            saved = definitions.save(
                watch,
                definition,
                fingerprint=fingerprint(definition),
                document=dumps(definition),
                key_document=key_document(plan),
            )
        living.sweep(watch, saved.recon_id)
        run_id = runs.begin(watch, saved, business_date)
        runs.past_stage(watch, run_id, "ingest", clock.seconds.get("ingest", 0.0))
        run = Run(run_id, saved, definition, business_date, None, folder)
        try:
            with explained(url):
                yield Recorder(watch, url, run)
        except BaseException as error:
            # The store may be what failed; the error itself says more than that it cannot be noted.
            with contextlib.suppress(Exception):
                stopped = isinstance(error, KeyboardInterrupt)
                runs.fail(watch, run_id, "interrupted" if stopped else str(error) or type(error).__name__)
            raise


def key_document(plan: Plan) -> Mapping[str, Any]:
    """What identifies records: the key fields in order, with type, columns and steps of both sides."""
    sides = {side: {field.name: field for field in of.fields} for side, of in (("a", plan.a), ("b", plan.b))}
    return {
        "key": [
            {
                "field": name,
                "type": str(sides["a"][name].type),
                **{
                    side: {
                        "column": fields[name].column,
                        "expression": fields[name].expression,
                        "normalise": [write_word(step) for step in fields[name].steps],
                    }
                    for side, fields in sides.items()
                },
            }
            for name in plan.key
        ]
    }
