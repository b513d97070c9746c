"""The records that a person decided about, as a run would see them: put together, judged, brought in.

They pass the gate by the same rules as in a run, beside the golden rows that checks over several rows
must see with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from greenai.comparison.compare import compare
from greenai.definition.checks import Depends, Freshness, RowCount, Unique
from greenai.definition.gate import Gate
from greenai.definition.model import EXACT, Compare, Definition
from greenai.definition.types import FieldType
from greenai.domain.runs import Stored
from greenai.errors import UsageError
from greenai.pipeline.candidates import Inputs
from greenai.pipeline.cases import Case
from greenai.pipeline.decide import Decided, Rules, decide
from greenai.pipeline.remembered import (
    RECORD,
    Record,
    Side,
    break_rows,
    kept_layouts,
    key_column,
    keys_of,
    row_texts,
    side_rows,
)
from greenai.pipeline.restoring import restore
from greenai.pipeline.storable import NUL_VALUE, UNREADABLE_VALUE
from greenai.quality.failures import WHOLE_INPUT
from greenai.store import breaks, decisions, golden
from greenai.store.fellows import fellow_rows
from greenai.store.layout import Layout
from greenai.store.merging import Moment, Publisher
from greenai.store.tables import insist_there

if TYPE_CHECKING:
    import ibis.expr.types as ir


def bring_in(
    case: Case,
    moment: Moment,
    wanted: Sequence[str],
    passed: Sequence[str],
    since: Mapping[str, int] | None = None,
) -> dict[str, Stored]:
    """Let the records of these breaks pass the gate again, and store what it says of them.

    Those `passed` by a person must be storable: raises UnstorableError where one is not.
    `since`: by record the publication of decisions that are taken back; what it stored goes first.
    """
    store = case.definition.store
    if store is None:
        return {}
    tables = kept_layouts(case.ask("tables", tables=[store.table, *store.references]))
    found = case.ask("records", breaks=wanted, whole=case.whole())
    if not found or not tables:
        return {}
    insist_there(case.connection, [one.table for one in tables])
    affected = remember(case, tables, found)
    decided = evaluate(affected, None)
    if affected.sets and case.engine.count(of(decided.stored, affected)):
        decided = evaluate(affected, fellows(affected, of(decided.stored, affected)))
    insist(affected, decided, passed)
    new_checks(affected, decided)
    publisher = Publisher(case.connection, case.engine, case.recon_id, moment, case.folder)
    if since:
        restore(affected, publisher, since, decided.held)
    return amend(affected, decided, publisher)


class UnstorableError(UsageError):
    """A person would pass `records` that nobody can store."""

    def __init__(self, message: str, *, column: str | None, remedy: str, records: frozenset[str]) -> None:
        super().__init__(message, column=column, remedy=remedy)
        self.records = records


@dataclass(frozen=True, slots=True)
class Affected:
    """The records that a decision is about, as a run would see them."""

    case: Case
    tables: tuple[Layout, ...]
    types: Mapping[str, FieldType]
    key: tuple[str, ...]
    key_version: int
    sides: Mapping[Side, ir.Table]
    keys: ir.Table
    """``record_id``, ``key`` (JSON text) and the key's columns, see `key_column`."""
    breaks: ir.Table
    checks: frozenset[str]
    """Failed checks of these records that are present."""
    present: tuple[str, ...]
    """All their breaks that are present, and those of the whole input."""

    @property
    def sets(self) -> tuple[tuple[str, ...], ...]:
        """Fields by which other rows can contradict these: left sides of dependencies, unique fields."""
        return set_fields(self.case.definition)


def set_fields(definition: Definition) -> tuple[tuple[str, ...], ...]:
    """The fields over which checks of several rows go together."""
    found: list[tuple[str, ...]] = []
    for check in (definition.gate or Gate(reasons={})).checks:
        if isinstance(check, Unique):
            found.append(tuple(check.fields))
        elif isinstance(check, Depends):
            found.append(tuple(check.on))
    if definition.store is not None:
        found += [tuple(reference.key) for reference in definition.store.references.values()]
    return tuple(dict.fromkeys(found))


def remember(case: Case, tables: tuple[Layout, ...], found: Sequence[tuple[Any, ...]]) -> Affected:
    """Put the records together again from the rows of the query ``records``."""
    main = tables[-1]
    key = tuple(column.name for column in main.key)
    types = {column.name: column.type for one in reversed(tables) for column in one.columns}
    types = {name: types[name] for name in (*key, *(n for n in types if n not in key))}
    rows = case.ask("breaks", records=[record_id for record_id, *_ in found], whole=case.whole())
    own = {record_id for record_id, *_ in found}
    held = {row[1] for row in rows if row[3] == "check" and str(row[10]).endswith(NUL_VALUE)}
    records = [Record.of(one, a, b, nul=one in held) for one, _, a, b in found]
    sides = {side: side_rows(case.engine, records, side, types) for side in ("a", "b")}
    keys = keys_of(case.engine, sides.values(), key)
    return Affected(
        case=case,
        tables=tables,
        types=types,
        key=key,
        key_version=int(found[0][1]),
        sides=sides,  # type: ignore[arg-type]
        keys=keys,
        # Their own checks are judged again, but for those by which a person keeps them out; whether the
        # whole input holds was judged when it was there.
        breaks=break_rows(
            case.engine, [row[:-1] for row in rows if row[2] or row[3] != "check" or row[-1]], keys
        ),
        checks=frozenset(row[0] for row in rows if row[3] == "check" and row[1] in own),
        present=tuple(row[0] for row in rows),
    )


def evaluate(affected: Affected, beside: ir.Table | None) -> Decided:
    """What the gate says of the records, beside golden rows that equal their partners."""
    case, definition = affected.case, affected.case.definition
    gate = definition.gate or Gate(reasons={})
    sides = {side: together(affected, rows, beside) for side, rows in affected.sides.items()}
    fields = definition.fields or {}
    others = [name for name in affected.types if name not in affected.key]
    comparison = compare(
        case.engine,
        sides["a"],
        sides["b"],
        key=affected.key,
        rules={n: _rule(definition, n) for n in others if n not in fields or not fields[n].compare.ignore},
        invalid_differs=True,
    )
    inputs = Inputs(
        sides=sides,
        comparison=comparison,
        fields=tuple(affected.types),
        usual=gate.authority or "a",
        authorities={n: rule.authority for n, rule in fields.items() if rule.authority and n in others},
        key_version=affected.key_version,
    )
    kept = tuple(check for check in gate.checks if not isinstance(check, Freshness | RowCount))
    judged = definition.model_copy(update={"gate": gate.model_copy(update={"checks": kept})})
    # Rows that stand beside these may have failed checks of their own, that persons passed.
    about = affected.present if beside is None else None
    earlier = decisions.earlier_decisions(
        case.connection, case.engine, case.recon_id, case.business_date, case.folder, about
    )
    rules = Rules(judged, case.business_date, earlier)
    return decide(case.engine, inputs, affected.breaks, rules)


def _rule(definition: Definition, name: str) -> Compare:
    rule = (definition.fields or {}).get(name)
    return EXACT if rule is None else rule.compare


def together(affected: Affected, rows: ir.Table, beside: ir.Table | None) -> ir.Table:
    """The rows of one side, with those that stand beside them."""
    own = rows.drop(RECORD)
    if beside is None:
        return own
    missing = {name: ibis.null("string") for name in own.columns if name not in beside.columns}
    return affected.case.engine.materialise(
        own.union(beside.mutate(**missing).select(own.columns).cast(own.schema()))
    )


def of(rows: ir.Table, affected: Affected) -> ir.Table:
    """The rows with the key of an affected record."""
    keys = affected.keys
    return rows.semi_join(keys, [rows[name] == keys[key_column(name)] for name in affected.key])


def fellows(affected: Affected, entering: ir.Table) -> ir.Table:
    """The golden rows of other records that checks see together with those that would enter."""
    case = affected.case
    keys = affected.keys.select(**{name: affected.keys[key_column(name)] for name in affected.key})
    return fellow_rows(
        case.connection,
        case.engine,
        affected.tables,
        case.business_date,
        entering=entering,
        keys=keys.distinct(),
        sets=affected.sets,
        types=affected.types,
        folder=case.folder,
    )


def insist(affected: Affected, decided: Decided, passed: Sequence[str]) -> None:
    """Refuse to pass what nobody can store. Raises UnstorableError."""
    if not passed:
        return
    named_breaks = decided.breaks.semi_join(listed(affected, passed), "break_id")
    open_ = named_breaks.filter(named_breaks.decision != "passed").select("explanation", "field", "key")
    rows = affected.case.engine.rows(open_)
    # No resolution makes a value of a text that cannot be read.
    of_these = decided.breaks.semi_join(named_breaks.select("key").distinct(), "key")
    unread = of_keys(of_these, affected).anti_join(listed(affected, affected.checks), "break_id")
    unread = unread.filter(unread.explanation.endswith(UNREADABLE_VALUE).fill_null(False))
    rows += affected.case.engine.rows(unread.select("explanation", "field", "key"))
    if rows:
        keys = affected.keys
        wrong = listed(affected, {key for *_, key in rows}, "key")
        records = keys.semi_join(wrong, "key").select("record_id").distinct()
        raise UnstorableError(
            f"this cannot be stored: {rows[0][0]}",
            column=rows[0][1],
            remedy="take a value that can, or exclude the record",
            records=frozenset(str(one) for (one,) in affected.case.engine.rows(records)),
        )


def listed(affected: Affected, names: Collection[str], column: str = "break_id") -> ir.Table:
    """Names as a relation: thousands of them make a statement that takes longer to read than to do."""
    return affected.case.engine.register(pa.table({column: pa.array(sorted(names), pa.string())}))


def of_keys(rows: ir.Table, affected: Affected) -> ir.Table:
    """Breaks and records (by ``key``) of the affected records."""
    own = affected.keys.select(greenai_own="key").distinct()
    return rows.semi_join(own, rows.key == own.greenai_own)


def new_checks(affected: Affected, decided: Decided) -> None:
    """Checks that fail on the values that would be stored now become breaks; those that hold are resolved."""
    case = affected.case
    failing = of_keys(decided.breaks.filter(decided.breaks.kind == "check"), affected)
    failing = case.engine.materialise(failing.filter(failing.key != WHOLE_INPUT))
    known = {str(one) for (one,) in case.engine.rows(failing.select("break_id"))}
    if gone := sorted(affected.checks - known):
        place = (case.connection, case.recon_id, case.business_date)
        decisions.keep_later(*place, gone, case.publication_id)
        case.ask("unwritten", breaks=gone)
        case.ask("resolve", breaks=gone)
        case.ask("resolved_now", breaks=gone)
    new = known - affected.checks
    if not new:
        return
    fresh = failing.semi_join(listed(affected, new), "break_id").mutate(
        cause_id=ibis.null("string"), group_id=ibis.null("string")
    )
    scope = breaks.Scope(
        recon_id=case.recon_id,
        key_version=affected.key_version,
        business_date=case.business_date,
        publication_id=case.publication_id,
        population=case.definition.population,
        next_date=case.next_date,
        part=True,
    )
    of_all = [one for (one,) in case.engine.rows(affected.keys.select("record_id").distinct())]
    rows = row_texts(case.engine, case.ask("row_texts", records=of_all), affected.keys)
    breaks.publish(case.connection, case.engine, scope, case.engine.materialise(fresh), rows)


def amend(affected: Affected, decided: Decided, publisher: Publisher) -> dict[str, Stored]:
    """Bring what entered, and what is excluded, into the golden tables, references first."""
    engine, full = publisher.engine, affected.case.definition.population == "full"
    rows = engine.materialise(of(decided.stored, affected))
    held = engine.materialise(of_keys(decided.held, affected))
    stored: dict[str, Stored] = {}
    for layout in affected.tables:
        names = [column.name for column in layout.columns]
        if layout.main:
            keys = affected.keys.select(**{n: affected.keys[key_column(n)] for n in affected.key})
            changes = golden.amend(publisher, layout, rows.select(names), keys, held, removes=full)
        else:
            known = rows.filter([rows[column.name].notnull() for column in layout.key])
            distinct = engine.materialise(known.select(names).distinct())
            nobody = held.limit(0)
            changes = golden.amend(publisher, layout, distinct, distinct, nobody, removes=False)
        stored[layout.table] = Stored(**asdict(changes))
    return stored
