"""The gate over a whole run: what is decided of every break and record, and the rows that pass.

The order is that of CONTRACT's gate: breaks are decided, their resolutions make the rows that would be
stored, row checks and checks of the whole input judge all of these, checks of sets judge those that are
still to be stored. A failed check is a break and is decided like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis

from greenai.definition.checks import Unique
from greenai.definition.gate import Gate, ReasonRule
from greenai.definition.model import Definition
from greenai.domain.decisions import Policy, Tally
from greenai.fields.render import json_key
from greenai.pipeline.candidates import KEY, Candidates, Inputs, candidates, identified
from greenai.pipeline.storable import laws, unreadable, unstorable
from greenai.quality.checks import CHECK_FAILED, check_breaks, failures, split
from greenai.quality.checks import rules as rules_of
from greenai.quality.counts import counts
from greenai.quality.failures import COLUMNS, WHOLE_INPUT
from greenai.quality.gate import CONTENT
from greenai.quality.gate import decide as decide_breaks
from greenai.quality.records import input_decision, records
from greenai.quality.sets import set_failures

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.engines.base import Engine


@dataclass(frozen=True, slots=True)
class Decided:
    """What the gate says of a run.

    `breaks` are all breaks, failed checks included, with the columns of `greenai.quality.gate` and
    ``check_rule``, null where a break is no failed check.
    `records` has one row per key with a break: `key`, `decision`, `breaks`, `stored`. `stored` are the
    rows that enter the golden table; `held` the keys (JSON text) whose golden rows stay as they are,
    with `pending` (they wait for a person; else they are rejected). With `holds_all` no row may enter.
    """

    breaks: ir.Table
    records: ir.Table
    stored: ir.Table
    held: ir.Table
    holds_all: bool
    decisions: Tally
    record_tally: Tally
    failed: tuple[tuple[str, int], ...]
    """Rules of checks that failed, with how often."""
    rows: int
    """How many rows would be stored if everything passed."""
    apart: ir.Table
    """Keys (``key:`` columns) of all rows that are not simply equal on both sides."""
    unbroken: int
    """Records without a difference."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the gate goes by."""

    definition: Definition
    business_date: date
    earlier: ir.Table | None = None
    """Decisions that persons took before; see `greenai.quality.gate.decide`."""
    last_rows: int | None = None

    @property
    def gate(self) -> Gate:
        """The definition's gate, the default one where it names none."""
        return self.definition.gate or Gate(reasons={})

    @property
    def strict(self) -> Gate:
        """The gate for failures that no policy can pass: what cannot be stored waits at least.

        Where the record is excluded, nothing is stored.
        """
        rule = self.gate.reasons.get(CHECK_FAILED)
        if rule is None or rule.policy != "pass" or rule.resolution == "exclude":
            return self.gate
        asks = {**self.gate.reasons, CHECK_FAILED: ReasonRule(policy="review", resolution=rule.resolution)}
        return self.gate.model_copy(update={"reasons": asks})

    @property
    def of_input(self) -> Gate:
        """The gate for failures of the whole input, which is no record that could be excluded.

        Where failing records are passed by leaving them out, a person is asked: without all there is nothing.
        """
        rule = self.gate.reasons.get(CHECK_FAILED)
        if rule is None or rule.resolution != "exclude":
            return self.gate
        others = {code: one for code, one in self.gate.reasons.items() if code != CHECK_FAILED}
        policy: Policy = "reject" if rule.policy == "reject" else "review"
        return self.gate.model_copy(update={"reasons": {**others, CHECK_FAILED: ReasonRule(policy=policy)}})

    @property
    def strictly(self) -> ir.Table | None:
        """The decisions of persons that hold for such failures: not even they can store it."""
        earlier = self.earlier
        if earlier is None:
            return None
        excluded = (earlier.resolution == "exclude").fill_null(False)
        return earlier.filter((earlier.decision != "passed") | excluded)


def decide(engine: Engine, inputs: Inputs, breaks: ir.Table, rules: Rules) -> Decided:
    """Decide every break and record of a run.

    `breaks` have the identities of the inputs' version of the key.
    """
    unchecked = breaks.mutate(check_rule=ibis.null("string"))
    decided = engine.materialise(decide_breaks(unchecked, rules.gate, inputs.authorities, rules.earlier))
    known, found = decided, candidates(engine, inputs, decided)
    failed: dict[str, int] = {}
    for of_stage in (row_failures, group_failures):
        checks = of_stage(found, decided, inputs.comparison.key, rules)
        decided = with_checks(engine, inputs, decided, checks, rules, failed)
    kept = engine.materialise(records(decided))
    whole = unbroken(engine, found, known)
    tally = counts(engine, decided, equal=whole)
    holds_all = str(engine.row(input_decision(decided))["decision"]) != "passed"
    stored = entering(found, decided, inputs.comparison.key).select(*inputs.fields)
    return Decided(
        breaks=decided,
        records=kept,
        stored=stored.limit(0) if holds_all else stored,
        held=kept.filter(kept.decision != "passed").select("key", pending=kept.decision == "review"),
        holds_all=holds_all,
        decisions=tally.decisions,
        record_tally=tally.records,
        failed=tuple(sorted(failed.items())),
        rows=engine.count(found.clean) + engine.count(found.settled),
        apart=found.apart,
        unbroken=whole,
    )


def unbroken(engine: Engine, found: Candidates, breaks: ir.Table) -> int:
    """How many records have no difference: their rows are equal, or within tolerance, and no copy is left."""
    settled = found.settled.select(KEY).distinct()
    whole = settled.anti_join(breaks, settled[KEY] == breaks.key)
    return engine.count(found.clean) + engine.count(whole)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failures as relations: those that policies decide, those that no policy passes, of the whole input."""

    soft: list[ir.Table]
    hard: list[ir.Table]
    whole: list[ir.Table]


def row_failures(found: Candidates, _: ir.Table, key: Sequence[str], rules: Rules) -> Failures:
    """What fails of single rows and of the whole input, over all candidates."""
    kinds = split(rules.gate.checks)
    rows = found.all
    soft, whole = (
        failures(checks, rows, key=key, business_date=rules.business_date, last_rows=rules.last_rows)
        for checks in (kinds.rows, kinds.inputs)
    )
    return Failures([] if soft is None else [soft], [], [] if whole is None else [whole])


def group_failures(found: Candidates, decided: ir.Table, key: Sequence[str], rules: Rules) -> Failures:
    """What fails of several rows together, and what no store can hold, over those still to be stored."""
    rows = entering(found, decided, key)
    # Clean rows have keys that do not repeat, and no settled row has one of them.
    settled = settled_entering(found, decided).select(rows.columns)
    one_row_per_key = rules_of((Unique(fields=tuple(key)),))
    laws_ = rules_of(laws(rules.definition.store))
    lawful = {rule.text for rule in (*one_row_per_key, *laws_)}
    asked = [rule for rule in rules_of(split(rules.gate.checks).sets) if rule.text not in lawful]
    hard = [
        *unreadable(settled, key),
        *unstorable(rows, key, rules.definition.store),
        *set_failures(settled, key, one_row_per_key),
        *set_failures(rows, key, laws_),
    ]
    return Failures(set_failures(rows, key, asked), hard, [])


def with_checks(
    engine: Engine,
    inputs: Inputs,
    decided: ir.Table,
    found: Failures,
    rules: Rules,
    failed: dict[str, int],
) -> ir.Table:
    """The decided breaks with those of failed checks; counts the failures by rule into `failed`."""
    parts = []
    for relations, gate, earlier in (
        (found.soft, rules.gate, rules.earlier),
        (found.hard, rules.strict, rules.strictly),
        (found.whole, rules.of_input, rules.earlier),
    ):
        if not relations:
            continue
        union = relations[0] if len(relations) == 1 else ibis.union(*relations)
        seen = engine.materialise(union.select(*COLUMNS))
        by_rule = engine.rows(seen.group_by("rule").aggregate(n=seen.count()))
        if not by_rule:
            continue
        for rule, n in by_rule:
            failed[str(rule)] = failed.get(str(rule), 0) + int(n)
        checks = identified(check_breaks(seen), inputs.key_version)
        if CONTENT in decided.columns:
            checks = checks.mutate(**{CONTENT: ibis.null("string")})
        parts.append(decide_breaks(checks, gate, {}, earlier).select(decided.columns))
    return engine.materialise(ibis.union(decided, *parts)) if parts else decided


def entering(found: Candidates, decided: ir.Table, key: Sequence[str]) -> ir.Table:
    """The candidates whose record passes and that no resolution excludes, with `UNREADABLE`."""
    settled = settled_entering(found, decided)
    # A clean row has no break but a failed check.
    checked = decided.filter((decided.kind == "check") & (decided.key != WHOLE_INPUT))
    out = kept_out(decided)
    checked = checked.select(greenai_checked="key")
    out = out.semi_join(checked, out.greenai_out == checked.greenai_checked)
    clean = found.clean.anti_join(out, json_key([found.clean[name] for name in key]) == out.greenai_out)
    return clean.union(settled.select(clean.columns))


def settled_entering(found: Candidates, decided: ir.Table) -> ir.Table:
    """The settled rows whose record passes and that no resolution excludes."""
    out = kept_out(decided)
    rows: ir.Table = found.settled.anti_join(out, found.settled[KEY] == out.greenai_out)
    return rows


def kept_out(decided: ir.Table) -> ir.Table:
    """The keys of records that wait, are rejected, or are excluded by a resolution: ``greenai_out``."""
    by_record = records(decided)
    waiting = by_record.filter(by_record.decision != "passed").select(greenai_out="key")
    excluded = decided.filter(decided.kind.isin(("value", "check")) & (decided.resolution == "exclude"))
    keys: ir.Table = waiting.union(excluded.select(greenai_out="key"))
    return keys
