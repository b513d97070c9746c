"""The numbers of a gate: decisions by break and by record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenai.domain.decisions import DECISIONS, Tally
from greenai.quality.failures import WHOLE_INPUT
from greenai.quality.records import input_decision, records

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Counts:
    """How many breaks and how many records passed, wait for a person, or are rejected."""

    decisions: Tally
    records: Tally


def counts(engine: Engine, decided: ir.Table, *, equal: int) -> Counts:
    """Count breaks and records by decision; `equal` is the number of records without a difference.

    A record that has no break but a failed check is one of these, and counted once.
    """
    own = decided.filter(decided.key != WHOLE_INPUT)
    different = engine.row(own.aggregate(n=own.key.nunique(where=own.kind != "check")))["n"]
    found = _tally(engine, records(decided))
    waiting = {word: found.get(word, 0) for word in ("review", "rejected")}
    passed = equal + int(different) - sum(waiting.values())
    of_input = str(engine.row(input_decision(decided))["decision"])
    if of_input == "review":
        passed, waiting["review"] = 0, waiting["review"] + passed
    elif of_input == "rejected":
        passed, waiting["rejected"] = 0, waiting["rejected"] + passed
    return Counts(Tally(**_tally(engine, decided)), Tally(passed=passed, **waiting))


def _tally(engine: Engine, decided: ir.Table) -> dict[str, int]:
    rows = engine.rows(decided.group_by("decision").aggregate(n=decided.count()))
    found = {str(decision): int(n) for decision, n in rows}
    assert found.keys() <= set(DECISIONS), f"unknown decisions: {found}"
    return found
