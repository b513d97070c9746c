"""Attribution as a step of a run: what no proof explains is explained by causes, where they can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.causes import Mined, mine, union
from greenai.attribution.cells import Cells, cells_of, context_sides
from greenai.attribution.contrast import Paired, paired
from greenai.attribution.novelty import Known, Unexplained, group, with_groups
from greenai.attribution.reasons import DEFAULT_REASONS, ReasonRow
from greenai.attribution.record_causes import Records, mine_records
from greenai.attribution.retelling import retold
from greenai.comparison.result import Comparison
from greenai.domain.causes import Cause
from greenai.domain.groups import Group
from greenai.domain.reasons import UNKNOWN
from greenai.domain.rules import EXCEPTS, EXPLAINS, Rule, Suspension
from greenai.pipeline.ingest import Sides
from greenai.pipeline.rules import loaded, rule_records, rule_values

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.duckdb import DuckDBEngine

FEWEST = 5
"""Differences of a field from which a cause can be told from chance."""
EQUIVALENCE, RULE, CAUSE, NONE = "equivalence", "rule", "cause", "none"
"""How a break came to its reason."""
UNEXPLAINED = "no cause that could be verified explains it"
EXCEPTED = "it lies in the scope of an approved rule that does not explain it"
OF_RULE, RULED, APPROVED = "of_rule", "ruled", "approved"
"""Columns that say what approved rules have to do with a break; see `Attributed`."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """The breaks with their causes: ``cause_id`` (null without) and ``method`` beside what explains them.

    Where there are approved rules, also ``ruled`` (``rule:<cause_id>`` of a break that a rule explains,
    ``exception:<cause_id>`` of one in the scope of a rule that does not) and ``approved``, the rule's
    resolution. ``group_id`` is of what a search did not explain, else null.
    """

    breaks: ir.Table
    causes: tuple[Cause, ...]
    groups: tuple[Group, ...] = ()
    applied: tuple[Rule, ...] = ()
    suspended: tuple[Suspension, ...] = ()


def attribute(
    engine: DuckDBEngine,
    sides: Sides,
    comparison: Comparison,
    breaks: ir.Table,
    *,
    rules: Sequence[Rule] = (),
    reasons: Sequence[ReasonRow] = DEFAULT_REASONS,
    search: bool = True,
) -> Attributed:
    """Give breaks a cause: by approved rules first, then by what a `search` finds for the rest.

    `breaks` are explained by proofs already, which no cause overrules.
    """
    names = list(comparison.verdicts)
    asked = loaded(rules, names)
    found = [Mined((), union(engine, []))]
    cells = {
        name: cells_of(engine, comparison.matches, name, comparison.verdicts[name].different, names)
        for name in names
        if name in asked.fields or (search and comparison.fields[name].different >= FEWEST)
    }
    around = surrounding(engine, sides, comparison)
    by_field, left = rule_values(engine, cells, around, asked)
    if search:
        enough = [one for one in left.values() if one.count >= FEWEST]
        whole = {name: one for name, one in cells.items() if left[name] is not one}
        found.append(mine(engine, enough, around, reasons=reasons, whole=whole))
    by_kind, records = rule_records(engine, record_breaks(sides, comparison), asked)
    if search:
        found.append(mine_records(engine, records, reasons=reasons))
    applied = (*by_field.applied, *by_kind.applied)
    causes = (*by_field.causes, *by_kind.causes, *(cause for mined in found for cause in mined.causes))
    ruled = union(engine, [*by_field.links, *by_kind.links])
    links = union(engine, [mined.links for mined in found])
    if search:
        told = told_again(engine, cells, causes, list(asked.fields), ibis.union(links, ruled))
        causes = tuple(told.get(one.cause_id, one) for one in causes)
    for one in (*cells.values(), *left.values()):
        engine.drop(one.table)
    known = with_rules(breaks, ruled, applied) if applied else breaks
    linked = with_causes(known, links, causes)
    rest = (
        grouped(engine, sides, comparison, linked, ibis.union(links, ruled), causes, found)
        if search
        else None
    )
    made = engine.materialise(with_groups(linked, rest, UNEXPLAINED))
    for part in (links, ruled, *(() if rest is None else (rest.members,))):
        engine.drop(part)
    groups = () if rest is None else rest.groups
    return Attributed(made, causes, groups, applied, (*by_field.suspended, *by_kind.suspended))


def told_again(
    engine: DuckDBEngine,
    cells: Mapping[str, Cells],
    causes: Sequence[Cause],
    ruled: Sequence[str],
    links: ir.Table,
) -> dict[str, Cause]:
    """The causes of fields that have approved rules, by identity: only now the rest is explained."""
    told: dict[str, Cause] = {}
    for name in ruled:
        if of_field := [one for one in causes if one.field == name]:
            told |= {one.cause_id: one for one in retold(engine, cells[name], of_field, links)}
    return told


def surrounding(engine: DuckDBEngine, sides: Sides, comparison: Comparison) -> Paired:
    """All paired rows with the context of both sides, among which causes of values are told apart."""
    return paired(
        engine,
        sides.a.table,
        sides.b.table,
        key=comparison.key,
        fields=list(comparison.verdicts),
        context=list(context_sides(comparison.matches.pairs)),
        alone=without_partner(comparison),
        repeated=comparison.repeated,
    )


def without_partner(comparison: Comparison) -> list[ir.Table]:
    """The rows of a that no row of b is paired with, which no cause of values speaks of."""
    counts = comparison.counts
    kinds = ((counts.only_a, comparison.only_a), (counts.duplicates_a, comparison.duplicates_a))
    return [rows for count, rows in kinds if count]


def grouped(
    engine: DuckDBEngine,
    sides: Sides,
    comparison: Comparison,
    linked: ir.Table,
    links: ir.Table,
    causes: Sequence[Cause],
    found: Sequence[Mined],
) -> Unexplained:
    """What nothing explains, in groups."""
    prepared = {"a": sides.a.table, "b": sides.b.table}
    rest = linked.filter(linked.method == NONE)
    known = Known(
        causes,
        links,
        tuple(table for mined in found for table in mined.expected),
        {field: best for mined in found for field, best in mined.refused.items()},
        least=FEWEST,
    )
    grouped = group(engine, comparison, prepared, rest, known)
    for table in known.expected:
        engine.drop(table)
    return grouped


def unattributed(engine: DuckDBEngine, breaks: ir.Table) -> Attributed:
    """The breaks as the proofs left them: nobody looked for causes."""
    plain = breaks.mutate(
        cause_id=ibis.null("string"),
        method=(breaks.reason == UNKNOWN).ifelse(NONE, EQUIVALENCE),
        group_id=ibis.null("string"),
    )
    return Attributed(engine.materialise(plain), ())


def record_breaks(sides: Sides, comparison: Comparison) -> list[Records]:
    """The records that one side lacks, and those whose keys repeat."""
    a, b, key = sides.a.table, sides.b.table, comparison.key
    return [
        Records("only_a", comparison.only_a, a, key),
        Records("only_b", comparison.only_b, b, key),
        Records("duplicate_a", comparison.duplicates_a, a, key),
        Records("duplicate_b", comparison.duplicates_b, b, key),
    ]


def with_rules(breaks: ir.Table, links: ir.Table, rules: Sequence[Rule]) -> ir.Table:
    """The breaks with `OF_RULE`, the cause of the rule that explains them, and `RULED` and `APPROVED`."""
    said = links.select(ruled_break="break_id", of_rule="cause_id", excepted="exception")
    joined = breaks.left_join(said, breaks.break_id == said.ruled_break)
    explains = joined.of_rule.notnull() & ~joined.excepted
    unknown = joined.reason == UNKNOWN
    resolutions = [(rule.cause_id, rule.resolution) for rule in rules if rule.resolution is not None]
    approved = joined.of_rule.cases(*resolutions, else_=None) if resolutions else ibis.null("string")
    return joined.select(
        *breaks.columns,
        **{
            OF_RULE: explains.ifelse(joined.of_rule, None),
            RULED: ibis.cases(
                (unknown & explains, ibis.literal(EXPLAINS) + joined.of_rule),
                (unknown & joined.of_rule.notnull(), ibis.literal(EXCEPTS) + joined.of_rule),
            ),
            APPROVED: (unknown & explains).ifelse(approved.cast("string"), None),
        },
    )


def with_causes(breaks: ir.Table, links: ir.Table, causes: tuple[Cause, ...]) -> ir.Table:
    """The breaks beside their causes; what a cause explains, and no proof, takes its reason and words.

    `breaks` may be those of `with_rules`: what a rule explains needs no other cause.
    """
    explaining = links.filter(~links["exception"]).select(of_break="break_id", found="cause_id")
    joined = breaks.left_join(explaining, breaks.break_id == explaining.of_break)
    ruled = RULED in breaks.columns
    cause = ibis.coalesce(joined[OF_RULE], joined.found) if ruled else joined.found
    unknown = joined.reason == UNKNOWN
    caused = unknown & cause.notnull()

    def by_cause(values: dict[str, object], kind: str) -> ir.Value:
        found = [(identity, value) for identity, value in values.items() if value is not None]
        return cause.cases(*found, else_=None).cast(kind) if found else ibis.null(kind)

    reason = by_cause({one.cause_id: one.reason for one in causes}, "string")
    functional = by_cause({one.cause_id: one.functional for one in causes}, "boolean")
    confidence = by_cause({one.cause_id: one.confidence for one in causes}, "float64")
    words = by_cause({one.cause_id: one.explanation for one in causes}, "string")
    columns = {name: joined[name] for name in breaks.columns if name != OF_RULE}
    by_rule = joined[RULED].startswith(EXPLAINS).fill_null(False) if ruled else ibis.literal(False)
    excepted = joined[RULED].notnull() if ruled else ibis.literal(False)
    columns |= {
        "reason": ibis.coalesce(caused.ifelse(reason, None), joined.reason),
        "functional": caused.ifelse(functional, joined.functional),
        "confidence": caused.ifelse(confidence, joined.confidence),
        "explanation": ibis.cases(
            (caused, words),
            (unknown & excepted, EXCEPTED),
            (unknown, UNEXPLAINED),
            else_=joined.explanation,
        ),
        "cause_id": cause,
        "method": ibis.cases((by_rule, RULE), (caused, CAUSE), (unknown, NONE), else_=EQUIVALENCE),
    }
    attributed: ir.Table = joined.select(**columns)
    return attributed
