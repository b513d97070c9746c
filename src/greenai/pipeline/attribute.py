"""Attribution as a step of a run: what no proof explains is explained by causes, where they can be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.causes import Mined, mine, union
from greenai.attribution.cells import cells_of, context_sides
from greenai.attribution.contrast import paired
from greenai.attribution.record_causes import Records, mine_records
from greenai.comparison.result import Comparison
from greenai.domain.causes import Cause
from greenai.domain.reasons import UNKNOWN
from greenai.pipeline.ingest import Sides

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

FEWEST = 5
"""Differences of a field from which a cause can be told from chance."""
EQUIVALENCE, CAUSE, NONE = "equivalence", "cause", "none"
"""How a break came to its reason."""
UNEXPLAINED = "no cause that could be verified explains it"


@dataclass(frozen=True, slots=True)
class Attributed:
    """The breaks with their causes: ``cause_id`` (null without) and ``method`` beside what explains them."""

    breaks: ir.Table
    causes: tuple[Cause, ...]


def attribute(engine: DuckDBEngine, sides: Sides, comparison: Comparison, breaks: ir.Table) -> Attributed:
    """Give breaks a cause. `breaks` are explained by proofs already, which no cause overrules."""
    values = value_causes(engine, sides, comparison)
    records = record_causes(engine, sides, comparison)
    causes = (*values.causes, *records.causes)
    links = union(engine, [values.links, records.links])
    linked = engine.materialise(with_causes(breaks, links, causes))
    engine.drop(links)
    return Attributed(linked, causes)


def unattributed(engine: DuckDBEngine, breaks: ir.Table) -> Attributed:
    """The breaks as the proofs left them: nobody looked for causes."""
    plain = breaks.mutate(
        cause_id=ibis.null("string"),
        method=(breaks.reason == UNKNOWN).ifelse(NONE, EQUIVALENCE),
    )
    return Attributed(engine.materialise(plain), ())


def value_causes(engine: DuckDBEngine, sides: Sides, comparison: Comparison) -> Mined:
    """The causes of differing fields."""
    names = list(comparison.verdicts)
    differing = [name for name in names if comparison.fields[name].different >= FEWEST]
    cells = [
        cells_of(engine, comparison.matches, name, comparison.verdicts[name].different, names)
        for name in differing
    ]
    around = paired(
        engine,
        sides.a.table,
        sides.b.table,
        key=comparison.key,
        fields=names,
        context=list(context_sides(comparison.matches.pairs)),
    )
    found = mine(engine, cells, around)
    for one in cells:
        engine.drop(one.table)
    return found


def record_causes(engine: DuckDBEngine, sides: Sides, comparison: Comparison) -> Mined:
    """The causes of records that one side lacks, and of keys that repeat."""
    a, b, key = sides.a.table, sides.b.table, comparison.key
    return mine_records(
        engine,
        [
            Records("only_a", comparison.only_a, a, key),
            Records("only_b", comparison.only_b, b, key),
            Records("duplicate_a", comparison.duplicates_a, a, key),
            Records("duplicate_b", comparison.duplicates_b, b, key),
        ],
    )


def with_causes(breaks: ir.Table, links: ir.Table, causes: tuple[Cause, ...]) -> ir.Table:
    """The breaks beside their causes; what a cause explains, and no proof, takes its reason and words."""
    explaining = links.filter(~links["exception"]).select(of_break="break_id", cause_id="cause_id")
    joined = breaks.left_join(explaining, breaks.break_id == explaining.of_break)
    unknown = joined.reason == UNKNOWN
    caused = unknown & joined.cause_id.notnull()

    def by_cause(values: dict[str, object], kind: str) -> ir.Value:
        found = [(identity, value) for identity, value in values.items() if value is not None]
        return joined.cause_id.cases(*found, else_=None).cast(kind) if found else ibis.null(kind)

    reason = by_cause({one.cause_id: one.reason for one in causes}, "string")
    functional = by_cause({one.cause_id: one.functional for one in causes}, "boolean")
    confidence = by_cause({one.cause_id: one.confidence for one in causes}, "float64")
    words = by_cause({one.cause_id: one.explanation for one in causes}, "string")
    columns = {name: joined[name] for name in breaks.columns}
    columns |= {
        "reason": ibis.coalesce(caused.ifelse(reason, None), joined.reason),
        "functional": caused.ifelse(functional, joined.functional),
        "confidence": caused.ifelse(confidence, joined.confidence),
        "explanation": ibis.cases((caused, words), (unknown, UNEXPLAINED), else_=joined.explanation),
        "cause_id": joined.cause_id,
        "method": ibis.cases((caused, CAUSE), (unknown, NONE), else_=EQUIVALENCE),
    }
    attributed: ir.Table = joined.select(**columns)
    return attributed
