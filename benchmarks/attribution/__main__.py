"""`make bench-attribution`: mined causes held against planted truth, chance, real pairs, time and growth.

Writes ``attribution.json`` (every run), ``attribution.md`` and ``attribution.svg``. A run replaces the parts
that it measured and leaves the others as they were.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.environments import versions
from benchmarks.machine import facts

RESULTS = Path(__file__).parents[1] / "results"
DATA = Path(__file__).parents[1] / ".data" / "attribution"
PARTS = ("planted", "baselines", "shuffled", "outside", "ladder", "real", "growth")


def planted(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """greenai alone at full size."""
    from benchmarks.attribution.planted import planted_worlds

    for seed in range(asked.first, asked.first + asked.seeds):
        yield from planted_worlds(asked.rows, seed, folder, peers=False)


def baselines(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """greenai beside the baselines, on smaller worlds of other seeds."""
    from benchmarks.attribution.planted import planted_worlds

    for seed in range(asked.first + 100, asked.first + 100 + min(asked.seeds, 2)):
        yield from planted_worlds(min(asked.rows, asked.peer_rows), seed, folder, peers=True)


def shuffled(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Values that changed places."""
    from benchmarks.attribution.chance import chance_world

    for seed in range(asked.first, asked.first + asked.shuffles):
        yield chance_world(seed, folder / "chance", outside=False)


def outside(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Reversed digits and hashes."""
    from benchmarks.attribution.chance import chance_world

    for seed in range(asked.first, asked.first + max(1, asked.shuffles // 5)):
        yield chance_world(seed, folder / "outside", outside=True)


def ladder(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Rules on unseen records."""
    from benchmarks.attribution import ladder as rungs

    for seed in range(asked.first + 200, asked.first + 200 + min(asked.seeds, 2)):
        yield from rungs.ladder(min(asked.rows, asked.ladder_rows), seed, folder)


def real(_: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    """Public data, where it is at hand."""
    from benchmarks.attribution.real import PAIRS, real_pair

    for number, pair in enumerate(PAIRS):
        yield real_pair(pair, folder / f"real-{number}")


def growth(asked: argparse.Namespace, _: Path) -> Iterator[dict[str, Any]]:
    """Time and memory; the tables stay for the next run."""
    from benchmarks.attribution.growth import measured

    for breaks in asked.breaks:
        yield measured(breaks, DATA)
    yield measured(min(asked.breaks), DATA, wide=60)


MEASURES: dict[str, Callable[[argparse.Namespace, Path], Iterator[dict[str, Any]]]] = {
    "planted": planted, "baselines": baselines, "shuffled": shuffled, "outside": outside,
    "ladder": ladder, "real": real, "growth": growth,
}  # fmt: skip


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution", description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="trades of a planted world")
    parser.add_argument("--seeds", type=int, default=3, help="planted worlds")
    parser.add_argument("--first", type=int, default=1, help="the first seed; any other is as fresh")
    parser.add_argument("--peer-rows", type=int, default=20_000, help="trades of a world with the baselines")
    parser.add_argument("--ladder-rows", type=int, default=50_000, help="trades of a day")
    parser.add_argument("--shuffles", type=int, default=50, help="worlds of shuffled values")
    parser.add_argument("--breaks", type=int, nargs="+", default=[250_000, 500_000, 1_000_000])
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--quick", action="store_true", help="everything small; results/attribution-quick.*")
    parser.add_argument("--report", action="store_true", help="page and picture again, nothing measured")
    asked = parser.parse_args()
    if asked.quick:
        asked.rows, asked.seeds, asked.shuffles = 20_000, 1, 10
        asked.ladder_rows, asked.peer_rows, asked.breaks = 10_000, 10_000, [50_000, 100_000]
    return asked


def main() -> None:
    """Measure what is asked for, one line each, and write the results after every part."""
    from benchmarks.attribution.page import line, markdown
    from benchmarks.attribution.picture import svg

    asked = options()
    stem = "attribution-quick" if asked.quick else "attribution"
    file = RESULTS / f"{stem}.json"
    document: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    for part in () if asked.report else asked.only:
        measured = []
        with tempfile.TemporaryDirectory() as folder:
            for one in MEASURES[part](asked, Path(folder)):
                measured.append(one)
                print(f"{part}: {line(part, one)}", file=sys.stderr, flush=True)
        document[part] = measured
        document["machine"] = facts()
        document["versions"] = versions(
            Path(sys.executable), "greenai", "duckdb", "ibis-framework", "pyarrow"
        )
        file.write_text(json.dumps(document, indent=1) + "\n")
    (RESULTS / f"{stem}.svg").write_text(svg(document))
    (RESULTS / f"{stem}.md").write_text(markdown(document, f"{stem}.svg"))


if __name__ == "__main__":
    main()
