"""Measured rounds as they are stored, and the medians that are read from them."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.candidates import FLOOR


@dataclass(frozen=True, slots=True)
class Line:
    """One candidate over all its rounds: medians, and its verdict.

    `ratio` is the median of its time over the floor's in the same round. Of a candidate that was stopped at
    a limit, `seconds` and `ratio` say how much at least, and `peak_bytes` what it held until then. One that
    `failed` ended with another exit code than it should.
    """

    name: str
    label: str
    role: str
    runs: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    ratio: float | None
    spread: float
    stopped: str | None
    faults: tuple[str, ...]
    failed: bool
    checked: str

    @property
    def right(self) -> bool:
        """Whether it ended by itself with a result that agrees with the truth."""
        return self.stopped is None and not self.faults


@dataclass(frozen=True, slots=True)
class Measured:
    """One group at one size."""

    name: str
    title: str
    rows: int
    floor_label: str
    lines: tuple[Line, ...]
    rounds: tuple[dict[str, dict[str, Any]], ...]

    def line(self, name: str) -> Line | None:
        """The candidate called `name`, if it took part."""
        return next((line for line in self.lines if line.name == name), None)

    def paired(self, name: str, other: str) -> float | None:
        """Median of the time of `name` over that of `other` in the same round."""
        ratios = [
            found[name]["seconds"] / found[other]["seconds"]
            for found in self.rounds
            if name in found and other in found
        ]
        return statistics.median(ratios) if ratios else None


def load(file: Path) -> dict[str, Any]:
    """The stored document, or an empty one."""
    if file.exists():
        document: dict[str, Any] = json.loads(file.read_text())
        return document
    return {"groups": []}


def store(file: Path, document: dict[str, Any], group: dict[str, Any]) -> None:
    """Put a measured group into the document, in place of an older one of the same name and size."""
    same = (group["name"], group["rows"])
    document["groups"] = [*(old for old in document["groups"] if (old["name"], old["rows"]) != same), group]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=1) + "\n")


def read(document: dict[str, Any]) -> list[Measured]:
    """All groups of a document, smallest first within each name."""
    order = list(dict.fromkeys(group["name"] for group in document["groups"]))
    groups = sorted(document["groups"], key=lambda group: (order.index(group["name"]), group["rows"]))
    return [_measured(group) for group in groups]


def _measured(group: dict[str, Any]) -> Measured:
    rounds = tuple(group["rounds"])
    lines = tuple(
        _line(candidate, rounds)
        for candidate in group["candidates"]
        if any(candidate["name"] in found for found in rounds)
    )
    floor = next((line.label for line in lines if line.name == FLOOR), "")
    return Measured(group["name"], group["title"], group["rows"], floor, lines, rounds)


def _line(candidate: dict[str, Any], rounds: tuple[dict[str, dict[str, Any]], ...]) -> Line:
    name = candidate["name"]
    taken = [found for found in rounds if name in found]
    runs = [found[name] for found in taken]
    ratios = [found[name]["seconds"] / found[FLOOR]["seconds"] for found in taken if FLOOR in found]
    seconds = [run["seconds"] for run in runs]
    return Line(
        name=name,
        label=candidate["label"],
        role=candidate["role"],
        runs=len(runs),
        seconds=statistics.median(seconds),
        cpu_seconds=statistics.median(run["cpu_seconds"] for run in runs),
        peak_bytes=int(statistics.median(run["peak_bytes"] for run in runs)),
        ratio=statistics.median(ratios) if ratios else None,
        spread=max(seconds) / min(seconds),
        stopped=next((run["stopped"] for run in runs if run["stopped"]), None),
        faults=tuple(dict.fromkeys(fault for run in runs for fault in run["faults"])),
        failed=any(run["exit_code"] != candidate["exit_code"] for run in runs),
        checked=candidate["judged"],
    )
