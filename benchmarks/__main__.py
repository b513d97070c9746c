"""`make bench`: generate, measure in turn, hold against the truth, write table and plot."""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks import candidates, environments, machine, plot, report, results, verify
from benchmarks.candidates import Candidate, Group, Tools
from benchmarks.generate import Recipe, generate
from benchmarks.measure import Cost, Limits, run

HERE = Path(__file__).parent
SMALL = 1_000
SMALL_ROUNDS = 11


def main() -> None:
    """The command line."""
    asked = _arguments()
    target = asked.out / ("quick.json" if asked.quick else "diff.json")
    document = results.load(target)
    if not asked.report:
        _measure_all(asked, document, target)
    if not document["groups"]:
        sys.exit("nothing was measured yet")
    groups = results.read(document)
    picture = target.with_suffix(".svg")
    picture.write_text(plot.svg(groups))
    page = report.markdown(document, groups, picture.name)
    target.with_suffix(".md").write_text(page)
    print(page)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="rows a side")
    parser.add_argument("--only", nargs="+", choices=candidates.GROUPS, default=candidates.GROUPS)
    parser.add_argument("--without", nargs="+", default=[], help="leave out candidates whose name starts so")
    parser.add_argument("--repeat", type=int, default=5, help="rounds")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--peer-repeat", type=int, default=3, help="rounds in which peers take part")
    parser.add_argument(
        "--patience", type=float, default=120, help="a peer slower than this (s) runs only once"
    )
    parser.add_argument("--timeout", type=float, default=900, help="seconds after which any is stopped")
    parser.add_argument(
        "--ceiling", type=float, help="gigabytes at which any is stopped (default: free, less 1)"
    )
    parser.add_argument("--quick", action="store_true", help="100,000 rows, two rounds, results/quick.*")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, default=HERE / ".data", help="folder of the generated tables")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--greenai", help="the greenai to measure (default: the one beside this Python)")
    parser.add_argument("--report", action="store_true", help="write table and plot again, measure nothing")
    asked = parser.parse_args()
    if asked.quick:
        asked.rows, asked.repeat, asked.peer_repeat = [100_000], 2, min(asked.peer_repeat, 2)
    return asked


def _measure_all(asked: argparse.Namespace, document: dict[str, Any], target: Path) -> None:
    tools = Tools(asked.greenai or _greenai(asked.without), asked.peers)
    document["machine"] = machine.facts()
    document["versions"] = {**document.get("versions", {}), **_versions(tools)}
    for rows in asked.rows:
        for name in asked.only:
            if name == "small" and rows != asked.rows[0]:
                continue  # its size does not depend on the rows asked for
            group = candidates.group(name, tools, rows)
            chosen = tuple(one for one in group.candidates if not one.name.startswith(tuple(asked.without)))
            results.store(target, document, _measure(asked, replace(group, candidates=chosen), rows))


def _measure(asked: argparse.Namespace, group: Group, rows: int) -> dict[str, Any]:
    """All rounds of one group at one size, as they are stored."""
    rows, repeat = (SMALL, SMALL_ROUNDS) if group.name == "small" else (rows, asked.repeat)
    say(report.heading(group.name, group.title, rows))
    _rehearse(asked, group)
    data, truth = _generated(asked, group, rows)
    for prepare in dict.fromkeys(candidate.prepare for candidate in group.candidates if candidate.prepare):
        subprocess.run(_filled(prepare, data, _scratch(asked, "prepare")), check=True)
    limits = Limits(asked.timeout, _ceiling(asked))
    load = os.getloadavg()[0]
    rounds: list[dict[str, Any]] = []
    enough: set[str] = set()
    for number in range(repeat):
        found: dict[str, Any] = {}
        for candidate in group.candidates:
            late = candidate.role == "peer" and number >= asked.peer_repeat
            if late or candidate.name in enough:
                continue
            scratch = _scratch(asked, candidate.name)
            out = scratch / "out"
            cost = run(_filled(candidate.command, data, out), scratch=scratch, limits=limits)
            wrong = _faults(candidate, cost, out, data, truth, thorough=number == 0)
            found[candidate.name] = {**_stored(cost), "faults": wrong}
            trouble = f"stopped by its {cost.stopped} limit" if cost.stopped else "; ".join(wrong[:2])
            say(
                f"  {number + 1}/{repeat} {candidate.label}: {cost.seconds:.2f} s,"
                f" {report.memory(cost.peak_bytes)} {trouble}".rstrip()
            )
            if cost.stopped or (candidate.role == "peer" and cost.seconds > asked.patience):
                enough.add(candidate.name)
            shutil.rmtree(scratch, ignore_errors=True)
        rounds.append(found)
    return {
        "name": group.name,
        "title": group.title,
        "rows": rows,
        "seed": asked.seed,
        "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "load_before": round(load, 2),
        "limits": {"seconds": limits.seconds, "memory_bytes": limits.memory},
        "candidates": [
            {
                "name": one.name,
                "label": one.label,
                "role": one.role,
                "judged": one.judged,
                "exit_code": one.exit_code,
            }
            for one in group.candidates
        ],
        "rounds": rounds,
    }


def _rehearse(asked: argparse.Namespace, group: Group) -> None:
    """Run every candidate once on tiny data, unmeasured: its Python gets compiled, its libraries cached."""
    data, _ = _generated(asked, group, SMALL)
    for candidate in group.candidates:
        scratch = _scratch(asked, candidate.name)
        if candidate.prepare:
            subprocess.run(_filled(candidate.prepare, data, scratch), check=True)
        command = _filled(candidate.command, data, scratch / "out")
        cost = run(command, scratch=scratch, limits=Limits(120, _ceiling(asked)))
        if cost.exit_code != candidate.exit_code:
            say(f"  in rehearsal {candidate.label} ended with {cost.exit_code}: {cost.complaint}")


def _generated(asked: argparse.Namespace, group: Group, rows: int) -> tuple[Path, dict[str, Any]]:
    """The data set in its folder, generated by a process of its own (see `measure`), and its truth."""
    recipe = Recipe(rows, group.variant, asked.seed)
    data = (asked.data / recipe.folder).resolve()
    options = [
        "--rows",
        str(rows),
        "--variant",
        group.variant,
        "--seed",
        str(asked.seed),
        "--into",
        str(data),
    ]
    subprocess.run(
        [sys.executable, "-m", "benchmarks.generate", *options, *(["--csv"] if group.csv else [])],
        cwd=HERE.parent,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return data, generate(recipe, data, csv=group.csv)["truth"]


def _scratch(asked: argparse.Namespace, name: str) -> Path:
    return Path(asked.data / "scratch" / name).resolve()


def _stored(cost: Cost) -> dict[str, Any]:
    """The figures of a run; its last line of output is kept only where it explains a fault."""
    return {name: value for name, value in asdict(cost).items() if name != "complaint"}


def _filled(command: tuple[str, ...], data: Path, out: Path) -> list[str]:
    return [word.format(data=data, out=out) for word in command]


def _faults(
    candidate: Candidate, cost: Cost, out: Path, data: Path, truth: dict[str, Any], *, thorough: bool
) -> list[str]:
    if cost.stopped:
        return []
    if cost.exit_code != candidate.exit_code:
        said = f"ended with {cost.exit_code} instead of {candidate.exit_code}: {cost.complaint}"
        return [verify.without_folders(said)]
    return verify.faults(candidate, out, data, truth, thorough=thorough)


def _ceiling(asked: argparse.Namespace) -> int:
    return int(asked.ceiling * 1e9) if asked.ceiling else machine.available_memory() - 10**9


def _greenai(without: list[str]) -> str:
    beside = Path(sys.executable).parent / "greenai"
    found = str(beside) if beside.exists() else shutil.which("greenai")
    if found is None and "greenai" not in without:
        sys.exit("greenai is not installed beside this Python: run `make setup`, or name it with --greenai")
    return found or "greenai"


def _versions(tools: Tools) -> dict[str, dict[str, str]]:
    found = {"greenai": environments.versions(Path(sys.executable), "greenai", "duckdb")}
    if tools.peers:
        for peer, names in environments.PEERS.items():
            found[peer] = environments.versions(Path(tools.peer(peer)), *names)
    return found


def say(text: str) -> None:
    """Progress goes to standard error, the report alone to standard output."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
