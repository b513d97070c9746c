"""Are the planted causes of simulated trades found?

For each seed a recon is simulated and compared, its causes are mined, and every break's cause is held
against the truth. A planted cause counts as found where one mined cause of the right family has at
least 90 % of its breaks, at a purity of 95 %; a planted cause without a family of the grammar (``unknown``)
asks for its reason instead. A false rule is a mined cause of values of whose breaks less than half have a
planted cause of its family. Any seed that nobody used while developing has fresh parameters and slices.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.attribution.baselines import Group, approaches
from benchmarks.attribution.mining import compared, links_of, mined
from greenai.engines.duckdb import DuckDBEngine
from greenai.simulation.trades import simulate_trades

FOUND, PURE = 0.90, 0.95
COVERED = 0.90
Ids = Mapping[tuple[str, str | None, str], str]
"""The group of every break that is in one, by key, field and kind."""


@dataclass(frozen=True, slots=True)
class World:
    """What one approach made of one seed: what was planted, and which of it was found.

    `missed` says why a planted cause counts as missed; `families` are the families of planted causes by id.
    `located` are found where the family is not asked for. `covered` is the share of the breaks with a planted
    cause that any group of the right family explains, `needed` how many groups explain 90 % of them (None:
    never), `explainable` how many planted causes of a known family there are.
    """

    approach: str
    seed: int
    rows: int
    families: dict[str, str]
    found: tuple[str, ...]
    located: int
    missed: dict[str, str]
    false: tuple[str, ...]
    groups: int
    purity: float
    covered: float
    needed: int | None
    explainable: int
    wrong_reasons: int
    breaks: int
    seconds: float
    cpu: float


def planted_worlds(rows: int, seed: int, folder: Path, *, peers: bool) -> list[dict[str, Any]]:
    """Simulate, compare, mine and judge one seed: greenai first, then the baselines."""
    made = simulate_trades(rows=rows, seed=seed, out=folder / f"trades-{rows}-{seed}")
    truth = json.loads(made.truth.with_name("truth.json").read_text())
    worlds = []
    with DuckDBEngine(threads=2) as engine:
        sides, comparison = compared(engine, Path(made.definition))
        found = mined(engine, sides, comparison)
        ids = links_of(engine, comparison, (found.values, found.records))
        groups = {
            one.cause_id: Group(one.field, one.family, one.reason, f"{one.expression} where {one.scope}")
            for one in found.causes.values()
        }
        cost = (found.seconds, found.cpu)
        worlds.append(judged("greenai", seed, rows, truth, made.truth, ids, groups, cost))
        if peers:
            for approach in approaches(engine, sides, comparison, folder):
                ids, groups, cost = approach.ids, approach.groups, (approach.seconds, approach.cpu)
                worlds.append(judged(approach.name, seed, rows, truth, made.truth, ids, groups, cost))
    return [asdict(world) for world in worlds]


def alike(group: Group, cause: Mapping[str, Any]) -> bool:
    """Whether a group is called what was planted: by family, or by reason where the plant has no family."""
    if cause["family"] == "unknown" and cause["field"] is not None:
        return group.reason == cause["reason"]
    same: bool = group.family == cause["family"]
    return same


def judged(
    approach: str,
    seed: int,
    rows: int,
    truth: Mapping[str, Any],
    table: Path,
    ids: Ids,
    groups: Mapping[str, Group],
    cost: tuple[float, float],
) -> World:
    """Hold the groups of breaks against the truth."""
    query = f"SELECT key, field, kind, cause_id, reason FROM '{table}'"
    breaks = duckdb.connect().execute(query).fetchall()
    planted = {one["id"]: one for one in truth["causes"]}
    meeting: dict[str, Counter[str | None]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong_reasons = explainable = 0
    for key, field, kind, cause, reason in breaks:
        group = ids.get((key, field, kind))
        known = cause is not None and planted[cause]["family"] != "unknown"
        explainable += known
        if cause is not None:
            totals[cause] += 1
        if group is not None:
            meeting[group][cause] += 1
            wrong_reasons += groups[group].reason != reason
            right[group] += known and alike(groups[group], planted[cause])
    found, located, missed = [], 0, {}
    for one, cause in planted.items():
        best = max(meeting, key=lambda group: meeting[group][one], default=None)
        share = meeting[best][one] / max(1, totals[one]) if best else 0.0
        purity = meeting[best][one] / meeting[best].total() if best else 0.0
        located += share >= FOUND and purity >= PURE
        if best and share >= FOUND and purity >= PURE and alike(groups[best], cause):
            found.append(one)
        else:
            what = f"{groups[best].family}: {groups[best].words}" if best and share else "nothing"
            missed[one] = (
                f"{totals[one]} breaks, {share:.0%} of them at purity {purity:.0%} by {what}; "
                f"planted {cause['expression']} where {cause['scope']}"
            )
    false = [
        f"{groups[group].field}: {groups[group].family} {groups[group].words} ({met.total()} breaks)"
        for group, met in meeting.items()
        if groups[group].field is not None
        and groups[group].family != "none"
        and 2 * sum(n for one, n in met.items() if one and alike(groups[group], planted[one])) < met.total()
    ]
    grouped = sum(met.total() for met in meeting.values())
    return World(
        approach=approach,
        seed=seed,
        rows=rows,
        families={one: cause["family"] for one, cause in planted.items()},
        found=tuple(found),
        located=located,
        missed=missed,
        false=tuple(false),
        groups=len(meeting),
        purity=sum(max(met.values()) for met in meeting.values()) / max(1, grouped),
        covered=right.total() / max(1, explainable),
        needed=needed(right.values(), explainable),
        explainable=sum(cause["family"] != "unknown" for cause in planted.values()),
        wrong_reasons=wrong_reasons,
        breaks=len(breaks),
        seconds=cost[0],
        cpu=cost[1],
    )


def needed(explained: Iterable[int], total: int) -> int | None:
    """How many groups, the largest first, explain 90 % of the breaks."""
    running = 0
    for number, count in enumerate(sorted(explained, reverse=True), start=1):
        running += count
        if running >= COVERED * total:
            return number
    return None
