"""`python -m benchmarks.attribution.planted`: are the planted causes of simulated trades found?

For each seed a recon is simulated and compared, its causes are mined, and every break's cause is held
against the truth. A planted cause counts as found where one mined cause of the right family has at
least 90 % of its breaks, at a purity of 95 %. A false rule is a mined cause of values of whose breaks
less than half have a planted cause of its family.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from greenai.attribution.causes import Mined, mine
from greenai.attribution.cells import cells_of, context_sides
from greenai.attribution.contrast import paired
from greenai.attribution.record_causes import Records, mine_records
from greenai.comparison.compare import compare
from greenai.comparison.result import Comparison
from greenai.definition.loading import load
from greenai.engines.duckdb import DuckDBEngine
from greenai.pipeline.definition_plan import plan_definition
from greenai.pipeline.ingest import Sides, ingest_both
from greenai.simulation.trades import simulate_trades
from greenai.sources.base import SourceTable

FOUND, PURE = 0.90, 0.95
COVERED = 0.90


@dataclass(frozen=True, slots=True)
class World:
    """One seed: what was planted, and which of it was found."""

    seed: int
    planted: dict[str, str]
    """The families of planted causes by id."""
    found: frozenset[str]
    missed: dict[str, str]
    """Why a planted cause counts as missed."""
    false: tuple[str, ...]
    covered: float
    """Share of the breaks with a planted cause that any mined cause of the right family explains."""
    needed: int | None
    """How many mined causes explain 90 % of what has a planted cause of a known family; None: never."""
    explainable: int
    """How many planted causes of a known family there are."""
    wrong_reasons: int
    breaks: int
    seconds: float
    by_field: dict[str, float]


def mined_world(rows: int, seed: int, folder: Path, threads: int | None = None) -> World:
    """Simulate, compare, mine and judge one world."""
    made = simulate_trades(rows=rows, seed=seed, out=folder / f"trades-{seed}")
    with DuckDBEngine(threads=threads) as engine:
        sides, comparison = compared(engine, Path(made.definition))
        begin = perf_counter()
        values, records, by_field = mined(engine, sides, comparison)
        seconds = perf_counter() - begin
        truth = json.loads((made.truth.with_name("truth.json")).read_text())
        ids = links_of(engine, comparison, values, records)
        return judged(seed, truth, made.truth, ids, values, records, seconds, by_field)


def compared(engine: DuckDBEngine, path: Path) -> tuple[Sides, Comparison]:
    """Both sides of a definition, and their comparison as a run makes it."""
    from greenai.api.opening import open_sources
    from greenai.domain.progress import SILENT

    read = load(path)

    def opened() -> tuple[SourceTable, SourceTable]:
        return open_sources(engine, read.definition, read.folder, {})

    def planned(a: SourceTable, b: SourceTable, sample: int | None) -> Any:
        return plan_definition(engine, read.definition, a, b, sample=sample)

    sides = ingest_both(engine, opened, planned, max_rejects=read.definition.max_rejects, progress=SILENT)
    comparison = compare(
        engine, sides.a.table, sides.b.table, key=sides.plan.key, rules=sides.plan.rules, invalid_differs=True
    )
    return sides, comparison


def mined(
    engine: DuckDBEngine, sides: Sides, comparison: Comparison
) -> tuple[Mined, Mined, dict[str, float]]:
    """The causes of value breaks and of whole-record breaks, and the seconds each field took."""
    names = [name for name, verdict in comparison.verdicts.items() if verdict]
    differing = [name for name in names if comparison.fields[name].different]
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
    seconds: dict[str, float] = {}
    last = perf_counter()

    def done(field: str) -> None:
        nonlocal last
        now = perf_counter()
        seconds[field], last = now - last, now

    values = mine(engine, cells, around, done=done)
    records = mine_records(
        engine,
        [
            Records("only_a", comparison.only_a, sides.a.table, comparison.key),
            Records("only_b", comparison.only_b, sides.b.table, comparison.key),
            Records("duplicate_a", comparison.duplicates_a, sides.a.table, comparison.key),
            Records("duplicate_b", comparison.duplicates_b, sides.b.table, comparison.key),
        ],
    )
    return values, records, seconds


def links_of(
    engine: DuckDBEngine, comparison: Comparison, values: Mined, records: Mined
) -> dict[tuple[str, str | None, str], str]:
    """The mined cause of every break that one explains, by key, field and kind."""
    linked = {
        str(one): str(cause)
        for mined_ in (values, records)
        for one, cause, exception in engine.rows(mined_.links.select("break_id", "cause_id", "exception"))
        if not exception
    }
    breaks = engine.rows(comparison.breaks.select("break_id", "key", "field", "kind"))
    return {
        (key, field, kind): linked[identity] for identity, key, field, kind in breaks if identity in linked
    }


def judged(
    seed: int,
    truth: dict[str, Any],
    table: Path,
    ids: dict[tuple[str, str | None, str], str],
    values: Mined,
    records: Mined,
    seconds: float,
    by_field: dict[str, float],
) -> World:
    """Hold the causes of breaks against the truth."""
    query = f"SELECT key, field, kind, cause_id, family, reason FROM '{table}'"
    rows = duckdb.connect().execute(query).fetchall()
    planted = {one["id"]: one for one in truth["causes"]}
    causes = {one.cause_id: one for one in (*values.causes, *records.causes)}
    meeting: dict[str, Counter[str | None]] = defaultdict(Counter)
    owned: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong_reasons = covered = explainable = 0
    for key, field, kind, planted_id, family, reason in rows:
        mined_id = ids.get((key, field, kind))
        known = planted_id is not None and family != "unknown"
        if planted_id is not None:
            totals[planted_id] += 1
        if mined_id is not None:
            owned[mined_id] += 1
            meeting[mined_id][planted_id] += 1
            wrong_reasons += causes[mined_id].reason != reason
            if known and causes[mined_id].family == family:
                right[mined_id] += 1
                covered += 1
        explainable += known
    found, missed = set(), {}
    for one, cause in planted.items():
        best = max(causes, key=lambda c: meeting[c][one], default=None)
        share = meeting[best][one] / max(1, totals[one]) if best else 0.0
        purity = meeting[best][one] / max(1, owned[best]) if best else 0.0
        family = causes[best].family if best else "none"
        if best and share >= FOUND and purity >= PURE and family == cause["family"]:
            found.add(one)
        else:
            what = f"{causes[best].expression} where {causes[best].scope}" if best and share else "nothing"
            missed[one] = (
                f"{totals[one]} breaks, {share:.0%} at purity {purity:.0%} by {family}: {what}; "
                f"planted {cause['expression']} where {cause['scope']}"
            )
    false = [
        f"{cause.field}: {cause.family} {cause.expression} where {cause.scope} ({cause.breaks} breaks)"
        for cause in values.causes
        if 2
        * sum(n for p, n in meeting[cause.cause_id].items() if p and planted[p]["family"] == cause.family)
        < cause.breaks
    ]
    return World(
        seed=seed,
        planted={one: cause["family"] for one, cause in planted.items()},
        found=frozenset(found),
        missed=missed,
        false=tuple(false),
        covered=covered / max(1, explainable),
        needed=needed(right.values(), explainable),
        explainable=sum(cause["family"] != "unknown" for cause in planted.values()),
        wrong_reasons=wrong_reasons,
        breaks=len(rows),
        seconds=seconds,
        by_field=by_field,
    )


def needed(explained: Iterable[int], total: int) -> int | None:
    """How many causes, the largest first, explain 90 % of the breaks."""
    running = 0
    for number, count in enumerate(sorted(explained, reverse=True), start=1):
        running += count
        if running >= COVERED * total:
            return number
    return None


def describe(world: World) -> None:
    """Print one world."""
    print(
        f"seed {world.seed}: {len(world.found)} of {len(world.planted)} found, covered {world.covered:.1%} "
        f"of explainable breaks, {world.needed} causes for 90 % ({world.explainable} planted), "
        f"{len(world.false)} false rules, {world.wrong_reasons} wrong reasons among {world.breaks:,} breaks, "
        f"{world.seconds:.1f} s"
    )
    for one, why in world.missed.items():
        print(f"  missed {one}: {why}")
    for rule in world.false:
        print(f"  false  {rule}")
    slow = sorted(world.by_field.items(), key=lambda pair: -pair[1])[:5]
    print("  slowest: " + ", ".join(f"{name} {spent:.1f} s" for name, spent in slow), flush=True)


def report(worlds: list[World]) -> None:
    """Print what was found of each family."""
    families: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for world in worlds:
        for one, family in world.planted.items():
            name = family if family != "unknown" else one
            families[name][0] += one in world.found
            families[name][1] += 1
    print(f"{'family':<22}{'found':>7}{'planted':>9}")
    for family, (found, planted) in sorted(families.items()):
        print(f"{family:<22}{found:>7}{planted:>9}")
    found = sum(n for n, _ in families.values())
    planted = sum(n for _, n in families.values())
    print(f"{'all':<22}{found:>7}{planted:>9}   {found / max(1, planted):.1%}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--quiet", action="store_true", help="the table alone")
    asked = parser.parse_args()
    worlds = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(asked.first, asked.first + asked.seeds):
            worlds.append(mined_world(asked.rows, seed, Path(folder), asked.threads))
            if not asked.quiet:
                describe(worlds[-1])
    report(worlds)


if __name__ == "__main__":
    main()
