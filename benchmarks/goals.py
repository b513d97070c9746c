"""What PERFORMANCE asks for, held against what was measured: reached, not reached, or not measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.results import Line, Measured

GIGABYTE = 1e9
GOAL_ROWS = 10_000_000  # the size for which the goals are set


@dataclass(frozen=True, slots=True)
class Verdict:
    """One goal: what is asked, what was measured (None: not measured), at how many rows."""

    what: str
    unit: str
    reach: float
    dream: float | None
    more_is_better: bool
    rows: int | None
    measured: float | None
    remark: str = ""
    bound: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None where that cannot be said.

        A `bound` is measured against a peer that was stopped: it can prove the goal, not refute it.
        """
        met = self._meets(self.reach)
        return None if self.bound and not met else met

    @property
    def dreamt(self) -> bool | None:
        """Whether even the dream was reached."""
        return None if self.dream is None else self._meets(self.dream)

    def _meets(self, limit: float) -> bool | None:
        if self.measured is None:
            return None
        return self.measured >= limit if self.more_is_better else self.measured <= limit


@dataclass(frozen=True, slots=True)
class Found:
    """A figure, if there is one, with a remark; a `bound` where the true figure is at least as good."""

    value: float | None
    remark: str = ""
    bound: bool = False


Find = Callable[[Measured], Found | None]


def judge(groups: Sequence[Measured]) -> list[Verdict]:
    """All goals, each at the size it is set for, or else at the largest at which it was measured."""
    verdicts = []
    for name, what, unit, reach, dream, find in _wanted():
        sized = sorted(
            (group for group in groups if group.name == name),
            key=lambda group: (group.rows == GOAL_ROWS, group.rows),
            reverse=True,
        )
        answers = ((group.rows, find(group)) for group in sized)
        rows, found = next(((rows, found) for rows, found in answers if found), (None, Found(None)))
        more_is_better = dream is not None and dream > reach
        verdicts.append(
            Verdict(what, unit, reach, dream, more_is_better, rows, found.value, found.remark, found.bound)
        )
    return [*verdicts, _growth([group for group in groups if group.name == "parquet"])]


def _wanted() -> list[tuple[str, str, str, float, float | None, Find]]:
    """Group, goal, unit, reach, dream, and how the figure is found."""
    in_500 = "under `--memory 500MB`: finishes, time"
    every = "every row different, `--memory 2GB`: finishes, time"
    return [
        ("parquet", "`greenai diff`, Parquet: time", "x floor", 2.0, 1.5, _ratio("greenai")),
        ("parquet", "the same: peak memory", "GB", 1.0, None, _peak("greenai")),
        ("parquet", "faster than datacompy on Polars", "x", 15, 25, _faster("datacompy")),
        ("parquet", "memory as a share of datacompy's", "x", 0.1, None, _leaner("datacompy")),
        ("parquet", in_500, "x floor", 3.5, 2.5, _ratio("greenai-500MB")),
        ("every", every, "x filtered full join", 1.0, None, _against("greenai-2GB", "full-join")),
        ("csv", "CSV: time", "x DuckDB's own scan", 1.5, 1.2, _ratio("greenai")),
        ("small", "two Parquet files of 1,000 rows", "s", 1.2, None, _seconds("greenai-parquet")),
        ("small", "two CSV files of 1,000 rows", "s", 1.2, None, _seconds("greenai-csv")),
        ("small", "`greenai --version`", "s", 0.15, 0.08, _seconds("version")),
    ]


def _trouble(line: Line) -> Found | None:
    """Why a candidate's figures prove nothing, if they do not."""
    if line.stopped:
        return Found(None, f"{line.label} was stopped by its {line.stopped} limit")
    if line.failed:
        return Found(None, f"{line.label} failed")
    return Found(None, f"{line.label} gave a wrong result") if line.faults else None


def _value(name: str, of: Callable[[Line], float | None]) -> Find:
    def find(group: Measured) -> Found | None:
        line = group.line(name)
        return None if line is None else _trouble(line) or Found(of(line))

    return find


def _ratio(name: str) -> Find:
    return _value(name, lambda line: line.ratio)


def _peak(name: str) -> Find:
    return _value(name, lambda line: line.peak_bytes / GIGABYTE)


def _seconds(name: str) -> Find:
    return _value(name, lambda line: line.seconds)


def _beside(name: str, other: str, of: Callable[[Measured, Line, Line], float | None]) -> Find:
    """A figure of two candidates. Where the other one was stopped, ours is at least as good as the figure."""

    def find(group: Measured) -> Found | None:
        own, its = group.line(name), group.line(other)
        if own is None or its is None:
            return None
        stopped = f"or better: {its.label} was stopped by its {its.stopped} limit" if its.stopped else ""
        return _trouble(own) or Found(of(group, own, its), stopped, bound=its.stopped is not None)

    return find


def _against(name: str, other: str) -> Find:
    return _beside(name, other, lambda group, _own, _its: group.paired(name, other))


def _faster(peer: str) -> Find:
    return _beside("greenai", peer, lambda group, _own, _its: group.paired(peer, "greenai"))


def _leaner(peer: str) -> Find:
    return _beside("greenai", peer, lambda _group, own, its: own.peak_bytes / its.peak_bytes)


def _growth(groups: Sequence[Measured]) -> Verdict:
    """Time per row at the largest size over that at the smallest of a million rows or more."""
    what, unit, reach = "growth: seconds per row, largest over smallest size", "x", 1.2
    sized = [
        (group.rows, line.seconds)
        for group in sorted(groups, key=lambda group: group.rows)
        if (line := group.line("greenai")) is not None and line.right and group.rows >= 1_000_000
    ]
    if len(sized) < 2:
        return Verdict(
            what, unit, reach, None, False, None, None, "needs two sizes of a million rows or more"
        )
    (few, least), (many, most) = sized[0], sized[-1]
    growth = (most / many) / (least / few)
    return Verdict(what, unit, reach, None, False, many, growth, f"{few:,} to {many:,} rows")
