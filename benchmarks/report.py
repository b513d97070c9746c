"""The measured groups as a Markdown page: goals first, then one table per group and size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.candidates import FLOOR
from benchmarks.goals import GOAL_ROWS, Verdict, judge
from benchmarks.results import Line, Measured

SMALL = 1_000  # rows of the small files, whose goals are about them
NOISE = 1.2  # a floor that varies more than this says that the machine was not quiet


def markdown(document: dict[str, Any], groups: Sequence[Measured], plot: str) -> str:
    """The whole page; `plot` is the file name of the picture beside it."""
    parts = [
        "# Benchmark results",
        "",
        "Written by `make bench`; see [how to read it](../README.md). Each figure is the median over whole",
        "processes; ratios are paired with the floor of the same round.",
        "",
        *_machine(document),
        "",
        f"![Time and memory of each candidate]({plot})",
        "",
        "## Goals",
        "",
        *_goals(judge(groups)),
    ]
    for group in groups:
        parts += ["", f"## {heading(group.name, group.title, group.rows)}", ""]
        parts += _table(group)
    return "\n".join(parts) + "\n"


def heading(name: str, title: str, rows: int) -> str:
    """The title of a group at one size; small processes say their size themselves."""
    return title if name == "small" else f"{title}, {rows:,} rows a side"


def _machine(document: dict[str, Any]) -> list[str]:
    machine, versions = document["machine"], document["versions"]
    lines = [
        f"- {machine['cores']} cores ({machine['processor']}), {int(machine['memory_bytes']) / 1e9:.0f} GB"
        f" memory, {machine['system']}"
    ]
    lines += [
        f"- {name}: " + ", ".join(f"{part} {version}" for part, version in found.items())
        for name, found in versions.items()
    ]
    return lines


def _goals(verdicts: Sequence[Verdict]) -> list[str]:
    lines = ["| goal | reach | measured | at rows | verdict |", "|---|--:|--:|--:|---|"]
    for verdict in verdicts:
        sign = "≥" if verdict.more_is_better else "≤"
        measured = "" if verdict.measured is None else f"{_number(verdict.measured)} {verdict.unit}"
        rows = "" if verdict.rows is None else f"{verdict.rows:,}"
        reach = f"{sign} {verdict.reach:g} {verdict.unit}"
        lines.append(f"| {verdict.what} | {reach} | {measured} | {rows} | {_words(verdict)} |")
    if any(SMALL < (verdict.rows or 0) < GOAL_ROWS for verdict in verdicts):
        lines += ["", f"The goals are set for {GOAL_ROWS:,} rows a side; at fewer, fixed costs weigh more."]
    return lines


def _words(verdict: Verdict) -> str:
    if verdict.reached:
        said = f"reached, and the dream of {verdict.dream:g}" if verdict.dreamt else "reached"
    elif verdict.bound:
        said = "undecided"
    elif verdict.rows is None:
        said = "not measured"
    else:
        said = "**not reached**"
    return f"{said} ({verdict.remark})" if verdict.remark else said


def _table(group: Measured) -> list[str]:
    lines = [
        "| candidate | time | x floor | CPU time | peak memory | runs | result |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for line in group.lines:
        least = "> " if line.stopped else ""
        ratio = "" if line.ratio is None else f"{least}{_number(line.ratio)}"
        lines.append(
            f"| {line.label} | {least}{_number(line.seconds)} s | {ratio} | {_number(line.cpu_seconds)} s"
            f" | {least}{memory(line.peak_bytes)} | {line.runs} | {_result(line)} |"
        )
    floor = group.line(FLOOR)
    if floor is not None and floor.spread > NOISE:
        lines += ["", f"Not a quiet machine: the floor itself varied by a factor of {floor.spread:.2f}."]
    return lines


def _result(line: Line) -> str:
    if line.stopped:
        return f"stopped by its {line.stopped} limit"
    if line.faults:
        more = f"; and {len(line.faults) - 3} more" if len(line.faults) > 3 else ""
        return ("**FAILED**: " if line.failed else "**WRONG**: ") + "; ".join(line.faults[:3]) + more
    checked = {"nothing": "", "counts": "right (counts)", "breaks": "right (counts and each break)"}
    return checked[line.checked]


def memory(size: float) -> str:
    """Bytes as people write them, in powers of ten."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _number(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"
