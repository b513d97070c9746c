"""Causes of whole-record breaks: a missing file is one cause, not ten thousand.

The scope search is the same as for values; the transformation is "there is no such record", and what it
is contrasted with are all rows of the side that has the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from greenai.attribution.board import Board
from greenai.attribution.causes import Mined, union
from greenai.attribution.contrast import Contrast, Paired, sample_board, sampled
from greenai.attribution.documents import Recipe, identity
from greenai.attribution.fields import is_seen
from greenai.attribution.gathering import gathered, repeating
from greenai.attribution.predicates import EVERYWHERE, Predicate
from greenai.attribution.reasons import DEFAULT_REASONS, ReasonRow, reason_of
from greenai.attribution.selection import Candidate, Selection
from greenai.attribution.sentences import record_sentence
from greenai.attribution.statistics import lower_bound
from greenai.comparison.breaks import break_id
from greenai.comparison.columns import ORDINAL, key_name
from greenai.domain.breaks import Kind
from greenai.domain.causes import Cause, Example
from greenai.domain.rules import Measure
from greenai.fields.plan import context_name
from greenai.fields.render import json_key, render

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine

EXPRESSIONS: Mapping[Kind, str] = {
    "only_a": "no record in b",
    "only_b": "no record in a",
    "duplicate_a": "left over in a of a repeated key",
    "duplicate_b": "left over in b of a repeated key",
}
SHARE = 0.5
"""Share of the records of a scope that must be broken, for the scope to be a cause of its own."""
WHOLE = 0.99
"""Share from which a slice is missing as a whole."""
RECORD_BITS = 16.0
"""Bits of a record break beside its place: whatever was known of the record is missing."""
NUMBER = "number"
RULE = "rule"
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Records:
    """The whole-record breaks of one kind, and the side that has the records.

    `broken` are whole rows of the side under their own names, `rows` all rows of the side; both have
    the key fields and ``context:`` columns. Duplicates have ``greenai:ordinal``.
    """

    kind: Kind
    broken: ir.Table
    rows: ir.Table
    key: tuple[str, ...]

    @property
    def context(self) -> tuple[str, ...]:
        """The names of the context columns that this side has, and those of the parts of its key.

        A date or a currency that is part of the key tells where records are missing as well as any column. A
        key of one field has no parts.
        """
        prefix = context_name("")
        own = tuple(n.removeprefix(prefix) for n in self.broken.columns if n.startswith(prefix))
        parts = self.key if len(self.key) > 1 else ()
        return own + tuple(name for name in parts if name not in own)

    def beside(self, rows: ir.Table) -> dict[str, ir.Value]:
        """The ``context:`` columns of the side's rows."""
        return {
            context_name(name): rows[context_name(name) if context_name(name) in rows.columns else name]
            for name in self.context
        }


def mine_records(
    engine: Engine,
    records: Sequence[Records],
    *,
    reasons: Sequence[ReasonRow] = DEFAULT_REASONS,
) -> Mined:
    """The causes of whole-record breaks, of each kind that has any.

    A slice is a cause where at least half of its records are broken and chance would not do that; what
    remains is one cause without scope. The reason table is asked with `whole` where 99 % of the slice are
    broken: by default LATE_ARRIVAL, else MISSING_RECORD.
    """
    causes: list[Cause] = []
    links: list[ir.Table] = []
    bases: dict[str, Paired] = {}
    for one in records:
        table = numbered(engine, one)
        if count := engine.count(table):
            side = one.kind[-1]
            if side not in bases:
                bases[side] = sampled(engine, engine.define(side_rows(one)))
            scopes = slices(engine, one, table, bases[side], count)
            told, linked = tell(engine, one, table, bases[side], scopes, reasons)
            causes += told
            links.append(linked)
        engine.drop(table)
    for base in bases.values():
        engine.drop(base.sample)
    causes.sort(key=lambda cause: (-cause.breaks, cause.cause_id))
    return Mined(tuple(causes), union(engine, links))


def numbered(engine: Engine, records: Records) -> ir.Table:
    """The broken records by number in key order: ``key:`` and ``context:`` columns, and the ordinal."""
    rows = records.broken
    keys = {key_name(name): rows[name] for name in records.key}
    ordinal = rows[ORDINAL] if ORDINAL in rows.columns else ibis.literal(0)
    order = [rows[name] for name in records.key]
    return engine.materialise(
        rows.select(
            **keys,
            **records.beside(rows),
            **{
                ORDINAL: ordinal.cast("int64"),
                NUMBER: ibis.row_number().over(order_by=[*order, ordinal]).cast("int64"),
            },
        )
    )


def side_rows(records: Records) -> ir.Table:
    """All rows of the side: ``key:`` and ``context:`` columns."""
    rows = records.rows
    return rows.select(
        **{key_name(name): rows[name] for name in records.key},
        **records.beside(rows),
    )


def slices(
    engine: Engine, records: Records, table: ir.Table, base: Paired, count: int
) -> list[tuple[Predicate, float, tuple[str, ...]]]:
    """The scopes in which records are broken as a slice, each with its confidence and its rivals."""
    names = [context_name(name) for name in records.context]
    if not names:
        return []
    flagged = table.mutate(seen=is_seen(table[NUMBER]), broken=True)
    data = engine.arrow(flagged.order_by(NUMBER).select(*names, "seen", "broken"))
    board = Board(data, records.context, ("seen", "broken"))
    around = sample_board(engine, base, records.context)
    contrast = Contrast(around, base.scale, (around.everything,))
    # Every record is broken in the same way: only how they gather can tell anything.
    candidate = Candidate(board.flag("broken"), 0.0, 0.0, 1.0)
    selection = Selection(
        board, contrast, [candidate], board.flag("seen"), worth(base.count, count), least_purity=SHARE
    )
    return [
        (rule.scope.predicate, rule.confidence, tuple(str(scope.predicate) for scope in rule.also))
        for rule in selection.choose()
    ]


def worth(rows: int, broken: int) -> float:
    """Bits that one broken record costs without a rule."""
    from greenai.attribution.statistics import index_bits

    return RECORD_BITS + index_bits(max(rows, broken), broken) / broken


def tell(
    engine: Engine,
    records: Records,
    table: ir.Table,
    base: Paired,
    scopes: Sequence[tuple[Predicate, float, tuple[str, ...]]],
    reasons: Sequence[ReasonRow],
) -> tuple[list[Cause], ir.Table]:
    """The causes of one kind, the last one for what lies in no slice, and the links of all its breaks."""
    rules = [*scopes, (EVERYWHERE, 0.0, ())]
    branches = [(predicate.holds(table), n) for n, (predicate, _, _) in enumerate(rules)]
    owner = ibis.cases(*branches) if scopes else ibis.literal(0)
    owned = engine.materialise(table.mutate(**{RULE: owner}))
    counts = {int(rule): int(n) for rule, n in engine.rows(owned.group_by(RULE).aggregate(n=owned.count()))}
    sizes = engine.row(
        base.table.aggregate(
            **{
                f"r{n}": base.table.count(where=predicate.holds(base.table))
                for n, (predicate, _, _) in enumerate(rules)
            }
        )
    )
    shown = record_examples(engine, owned, records)
    duplicate = records.kind.startswith("duplicate")
    several = repeating(engine, owned, base.table, records.key, RULE) if duplicate else {}
    rest = owned.filter(owned[RULE] == len(scopes))
    where = (
        gathered(engine, rest, base.table, records.context)
        if counts.get(len(scopes), 0) and records.context
        else (EVERYWHERE, 0)
    )
    expression = EXPRESSIONS[records.kind]
    documents = [Recipe(records.kind, None, None, scope).document() for scope, _, _ in rules]
    identities = [identity(document) for document in documents]
    causes = []
    for n, (predicate, confidence, also) in enumerate(rules):
        broken = counts.get(n, 0)
        if not broken:
            continue
        rows = max(int(sizes[f"r{n}"] or 0), broken)
        sliced = predicate != EVERYWHERE
        whole = sliced and broken >= WHOLE * rows
        reason, functional = reason_of(
            "unknown", predicate.columns, kind=records.kind, whole=whole, table=reasons
        )
        causes.append(
            Cause(
                cause_id=identities[n],
                field=None,
                family="unknown",
                expression=expression,
                scope=str(predicate),
                reason=reason,
                functional=functional,
                breaks=broken,
                exceptions=rows - broken if sliced else 0,
                confidence=confidence if sliced else lower_bound(broken, broken),
                explanation=record_sentence(
                    records.kind,
                    predicate,
                    broken,
                    rows,
                    also=also,
                    repeated=several.get(n, 0) if duplicate else None,
                    gathered=None if sliced or where[0] == EVERYWHERE else where,
                ),
                examples=shown.get(n, ()),
                agreeing=rows - broken if sliced else 0,
                outside=max(0, base.count - rows),
                also=also,
                kind=records.kind,
                document=documents[n],
                measure=Measure(rows, rows - broken) if sliced else Measure(broken, 0),
            )
        )
    key = json_key([owned[key_name(name)] for name in records.key])
    of_break = break_id(key, records.kind, None, owned[ORDINAL] if duplicate else None)
    links = owned.select(
        break_id=of_break,
        cause_id=ibis.cases(*((owned[RULE] == n, one) for n, one in enumerate(identities))),
        exception=ibis.literal(False),
    )
    made = engine.materialise(links)
    engine.drop(owned)
    return causes, made


def record_examples(engine: Engine, owned: ir.Table, records: Records) -> dict[int, tuple[Example, ...]]:
    """The first three records in key order of every rule."""
    place = ibis.row_number().over(group_by=RULE, order_by=NUMBER)
    first = owned.mutate(place=place).filter(lambda t: t["place"] < EXAMPLES).order_by(RULE, NUMBER)
    columns = {f"k{n}": render(first[key_name(name)]) for n, name in enumerate(records.key)}
    shown: dict[int, tuple[Example, ...]] = {}
    for rule, *key in engine.rows(first.select(RULE, **columns)):
        shown[int(rule)] = (*shown.get(int(rule), ()), Example(tuple(map(str, key)), None, None))
    return shown
