"""Publishing a run: gate and store under the recon's lock, in one transaction.

Until its end readers see nothing of a run, then all of it. The lock comes before the gate, because
decisions of persons and the rows of the last run are part of what the gate goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.attribution.novelty_words import EXCEPTION
from greenai.definition.model import Definition
from greenai.domain.report import GateInfo
from greenai.domain.runs import Stored
from greenai.pipeline.ageing import aged
from greenai.pipeline.candidates import Inputs
from greenai.pipeline.contents import with_contents
from greenai.pipeline.decide import Decided
from greenai.pipeline.evidence import evidence
from greenai.pipeline.gate import pass_gate, types_of
from greenai.pipeline.reconcile import Clock, Reconciled
from greenai.quality.records import input_decision
from greenai.store import breaks, causes, golden, groups, present, rejects, rules, runs
from greenai.store.carrying import Ledger
from greenai.store.copying import speak_plainly
from greenai.store.decisions import earlier_decisions
from greenai.store.definitions import SavedDefinition
from greenai.store.layout import Layout, layouts
from greenai.store.merging import Moment, Publisher
from greenai.store.queries import queries
from greenai.store.tables import gone

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import psycopg

    from greenai.engines.duckdb import DuckDBEngine
    from greenai.pipeline.carrying import Carried


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published; `repeated` is the run that said the same before, when nothing was written."""

    gate: GateInfo
    repeated: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run on its way into the store."""

    run_id: int
    saved: SavedDefinition
    definition: Definition
    business_date: date
    digest: str | None
    folder: Path
    """For temporary files."""
    carried: Carried | None = None
    """What joined from earlier dates; None where nothing could."""


def publish(
    connection: psycopg.Connection[Any],
    engine: DuckDBEngine,
    run: Run,
    inputs: Inputs,
    outcome: Reconciled,
    clock: Clock,
) -> tuple[Reconciled, Publication]:
    """Decide and store a run in one transaction of `connection`; the same run again writes nothing.

    Returns the outcome with decisions. Raises GreenaiError, and then nothing was stored.
    """
    recon, day = run.saved.recon_id, run.business_date
    with connection.transaction():
        speak_plainly(connection)
        runs.lock_recon(connection, recon)
        rules.insist(connection, recon, outcome.rules)
        book = Ledger(connection, engine, recon, day, run.folder)
        if run.carried is not None:
            book.insist(run.carried.known)
        earlier = earlier_decisions(connection, engine, recon, day, run.folder)
        gated, decided = pass_gate(
            engine,
            run.definition,
            inputs,
            replace(outcome, breaks=with_contents(inputs, outcome.breaks)),
            business_date=day,
            clock=clock,
            earlier=earlier,
            last_rows=runs.last_rows(connection, recon, day),
        )
        with clock.stage("publish"):
            repeated = runs.published(connection, recon, day, run.saved.version, run.digest)
            gated = replace(
                gated,
                breaks=aged(
                    engine,
                    gated.breaks,
                    inputs,
                    day,
                    age=run.definition.age,
                    first_seen=book.first_seen(gated.breaks),
                ),
            )
            store = run.definition.store
            lost = gone(connection, [store.table, *store.references]) if store else []
            if repeated is not None and not lost and not reopened(connection, recon, day):
                noted = rules.suspend(connection, recon, repeated, outcome.suspended)
                info = replace(told(run, decided, {}, repeated), suspended=noted)
                return gated, Publication(info, repeated)
            told_again = None
            if run.definition.population == "flow":
                told_again = book.told(inputs.sides, inputs.comparison.key, inputs.key_version)
            publication_id, published_at = runs.publication(connection, run.run_id, "run")
            next_date = runs.next_date(connection, recon, day)
            scope = breaks.Scope(
                recon_id=recon,
                key_version=run.saved.key_version,
                business_date=day,
                publication_id=publication_id,
                population=run.definition.population,
                next_date=next_date,
            )
            causes.save(connection, run.run_id, outcome.causes)
            groups.save(connection, run.run_id, outcome.groups)
            rules.suspend(connection, recon, run.run_id, outcome.suspended)
            amount = run.definition.amount
            # A currency that is no field is kept beside the fields.
            beside = amount.currency if amount is not None and amount.currency not in inputs.fields else None
            if amount is None:
                present.count_in(connection, recon, None, None)
            else:
                said = present.CURRENCY if beside is not None else amount.currency
                present.count_in(connection, recon, amount.field, said)
            age = run.definition.age
            present.age_by(connection, recon, None if age is None else age.field)
            rows = evidence(engine, inputs, decided.breaks, decided.apart, beside)
            breaks.publish(connection, engine, scope, remembered(decided.breaks), rows, told_again)
            rejects.save(
                connection, recon_id=recon, business_date=day, run_id=run.run_id, rejects=outcome.rejects
            )
            stored: dict[str, Stored] = {}
            if run.definition.store is not None:
                moment = Moment(day, next_date, publication_id, published_at)
                publisher = Publisher(connection, engine, recon, moment, run.folder)
                tables = layouts(
                    run.definition.store, inputs.comparison.key, types_of(outcome.plan, inputs.fields)
                )
                stored = publish_golden(publisher, run, tables, decided)
            runs.result(
                connection,
                run.run_id,
                gated.summary,
                stored,
                unbroken=decided.unbroken,
                candidates=decided.rows,
            )
            waits = any(decided.decisions.as_dict()[word] for word in ("review", "rejected"))
            runs.enter(connection, run.run_id, "awaiting_review" if waits else "completed")
    return gated, Publication(told(run, decided, stored, None, next_date))


def publish_golden(
    publisher: Publisher, run: Run, tables: Sequence[Layout], decided: Decided
) -> dict[str, Stored]:
    """Bring the rows that passed into the golden tables of a definition, references first."""
    stored: dict[str, Stored] = {}
    rows = decided.stored
    engine, full = publisher.engine, run.definition.population == "full"
    if decided.holds_all:
        waits = engine.row(input_decision(decided.breaks))["decision"] == "review"
        pending = golden.hold(publisher, tables[-1], None if full else decided.held) if waits else 0
        return {tables[-1].table: Stored(pending=pending)}
    for layout in tables:
        names = [column.name for column in layout.columns]
        if layout.main:
            held = decided.held if full else not_entering(decided)
            changes = golden.publish(publisher, layout, rows.select(names), held, removes=full)
        else:
            known = rows.filter([rows[column.name].notnull() for column in layout.key])
            # What a reference says outlives the records that said it.
            distinct = engine.materialise(known.select(names).distinct())
            changes = golden.publish(publisher, layout, distinct, None, removes=False)
            engine.drop(distinct)
        stored[layout.table] = Stored(**asdict(changes))
    return stored


def not_entering(decided: Decided) -> ir.Table:
    """All records of which no row is stored: where absence says nothing, a mark goes by name alone."""
    records = decided.records.filter((decided.records.decision != "passed") | ~decided.records.stored)
    return records.select("key", pending=records.decision == "review")


def reopened(connection: psycopg.Connection[Any], recon_id: int, business_date: date) -> bool:
    """Whether a person decided about the whole input of a day since its last run.

    The store keeps the rows of records with breaks; those of all others come with the run that is run again.
    """
    row = connection.execute(queries("review")["reopened"], {"recon": recon_id, "day": business_date})
    return bool(row.fetchone())


def told(
    run: Run,
    decided: Decided,
    stored: Mapping[str, Stored],
    repeated: int | None,
    later: date | None = None,
) -> GateInfo:
    """What a report tells of gate and store."""
    main = stored.get(run.definition.store.table) if run.definition.store else None
    kept = 0 if main is None else main.inserted + main.updated + main.unchanged
    return GateInfo(
        excluded=0 if main is None else decided.record_tally.passed - kept,
        later=later,
        failed_checks=decided.failed,
        holds_all=decided.holds_all,
        stored=dict(stored),
        table=run.definition.store.table if run.definition.store else None,
        repeated=repeated,
    )


def remembered(decided: ir.Table) -> ir.Table:
    """The breaks as they are stored: what is said of a cause or a group stands with it, not with each break.

    Its counts differ from day to day, and a break has a new version only when it is another. For the same
    reason its confidence is stored in whole percent, rounded down.
    """
    caused = decided.method.isin(("cause", "rule"))
    counted = decided.group_id.notnull() & ~decided.explanation.startswith(EXCEPTION)
    return decided.mutate(
        explanation=(caused | counted).ifelse(None, decided.explanation),
        confidence=caused.ifelse((decided.confidence * 100).floor() / 100, decided.confidence),
    )
