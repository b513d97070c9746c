"""From the decisions about breaks to those about records: a record waits whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from greenai.domain.decisions import DECISIONS
from greenai.quality.failures import WHOLE_INPUT

if TYPE_CHECKING:
    import ibis.expr.types as ir

WHOLE_RECORD = ("only_a", "only_b", "duplicate_a", "duplicate_b")
"""Kinds of breaks that are about a row of one side."""
_RANK, _INPUT = "greenai:rank", "greenai:input"


def records(decided: ir.Table) -> ir.Table:
    """One row per key with a break: `key`, `decision`, `breaks` (how many), `stored`.

    The decision is the worst of its breaks', those about the whole input (key ``[]``, no record of
    its own) included. ``stored``: all passed, none says exclude, and a row of one side alone is taken
    by a resolution that names its side; of several rows of a repeated key, at least one is. An equal
    pair under the same key is not seen here.
    """
    ranked = decided.mutate(**{_RANK: _rank(decided.decision)})
    own = ranked.filter(ranked.key != WHOLE_INPUT)
    whole_record = own.kind.isin(WHOLE_RECORD)
    by_key = own.group_by("key").aggregate(
        breaks=own.count(),
        rank=own[_RANK].max(),
        excluded=(~whole_record & (own.resolution == "exclude")).fill_null(False).any(),
        one_sided=whole_record.any(),
        taken=takes_its_side(own).any(),
    )
    of_input = ranked.filter(ranked.key == WHOLE_INPUT).aggregate(**{_INPUT: _worst(ranked[_RANK])})
    both = by_key.cross_join(of_input)
    rank = ibis.greatest(both["rank"], both[_INPUT])
    return both.select(
        "key",
        decision=_decision(rank),
        breaks=both.breaks,
        stored=(rank == 0) & ~both.excluded & (~both.one_sided | both.taken),
    )


def takes_its_side(decided: ir.Table) -> ir.BooleanValue:
    """Whether the row that a whole-record break is about is taken: its resolution names its side."""
    kind, resolution = decided.kind, decided.resolution
    a = kind.isin(("only_a", "duplicate_a")) & (resolution == "take_a")
    b = kind.isin(("only_b", "duplicate_b")) & (resolution == "take_b")
    takes: ir.BooleanValue = (a | b).fill_null(False)
    return takes


def input_decision(decided: ir.Table) -> ir.Table:
    """One row, `decision`: the worst about the whole input, passed where no break is about it.

    What it is holds for every record, those without breaks included.
    """
    of_input = decided.filter(decided.key == WHOLE_INPUT)
    worst = of_input.aggregate(rank=_worst(_rank(of_input.decision)))
    return worst.select(decision=_decision(worst["rank"]))


def _rank(decision: ir.StringValue) -> ir.IntegerValue:
    rank: ir.IntegerValue = decision.cases(*((word, rank) for rank, word in enumerate(DECISIONS)))
    return rank


def _worst(rank: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.coalesce(rank.max(), 0)


def _decision(rank: ir.IntegerValue) -> ir.StringValue:
    decision: ir.StringValue = rank.cases(*enumerate(DECISIONS))
    return decision
