"""What PERFORMANCE asks for, held against what was measured: reached, not reached, or not measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.results import Line, Measured

GIGABYTE = 1e9


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

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None where it was not measured."""
        return self._meets(self.reach)

    @property
    def dreamt(self) -> bool | None:
        """Whether even the dream was reached."""
        return None if self.dream is None else self._meets(self.dream)

    def _meets(self, limit: float) -> bool | None:
        if self.measured is None:
            return None
        return self.measured >= limit if self.more_is_better else self.measured <= limit


Found = tuple[float | None, str]


def judge(groups: Sequence[Measured]) -> list[Verdict]:
    """All goals that these groups can speak to, each at the largest size at which it was measured."""
    wanted: list[tuple[str, str, str, float, float | None, bool, Callable[[Measured], Found]]] = [
        ("parquet", "`greenai diff`, Parquet: time", "x floor", 2.0, 1.5, False, _ratio("greenai")),
        ("parquet", "the same: peak memory", "GB", 1.0, None, False, _peak("greenai")),
        ("parquet", "faster than datacompy on Polars", "x", 15, 25, True, _faster("datacompy")),
        ("parquet", "memory as a share of datacompy's", "x", 0.1, None, False, _leaner("datacompy")),
        ("parquet", "under `--memory 500MB`: finishes, time", "x floor", 3.5, 2.5, False, _ratio("greenai-500MB")),
        ("every", "every row different, `--memory 2GB`: finishes, time", "x filtered full join", 1.0, None, False,
         _against("greenai-2GB", "full-join")),
        ("csv", "CSV: time", "x DuckDB's own scan", 1.5, 1.2, False, _ratio("greenai")),
        ("small", "two Parquet files of 1,000 rows, whole process", "s", 1.2, None, False, _seconds("greenai-parquet")),
        ("small", "two CSV files of 1,000 rows, whole process", "s", 1.2, None, False, _seconds("greenai-csv")),
        ("small", "`greenai --version`", "s", 0.15, 0.08, False, _seconds("version")),
    ]
    verdicts = []
    for name, what, unit, reach, dream, more, find in wanted:
        sized = [group for group in groups if group.name == name]
        found = [(group.rows, *find(group)) for group in sized]
        rows, measured, remark = next(
            (answer for answer in reversed(found) if answer[1] is not None or answer[2]), (None, None, "")
        )
        verdicts.append(Verdict(what, unit, reach, dream, more, rows, measured, remark))
    return [*verdicts, _growth([group for group in groups if group.name == "parquet"])]


def _usable(group: Measured, name: str) -> tuple[Line | None, str]:
    line = group.line(name)
    if line is None:
        return None, ""
    if not line.right:
        return None, f"{line.label}: " + (f"stopped by its {line.stopped} limit" if line.stopped else "wrong result")
    return line, ""


def _value(name: str, of: Callable[[Line], float | None]) -> Callable[[Measured], Found]:
    def find(group: Measured) -> Found:
        line, remark = _usable(group, name)
        return (of(line), remark) if line else (None, remark)

    return find


def _ratio(name: str) -> Callable[[Measured], Found]:
    return _value(name, lambda line: line.ratio)


def _peak(name: str) -> Callable[[Measured], Found]:
    return _value(name, lambda line: line.peak_bytes / GIGABYTE)


def _seconds(name: str) -> Callable[[Measured], Found]:
    return _value(name, lambda line: line.seconds)


def _against(name: str, other: str) -> Callable[[Measured], Found]:
    def find(group: Measured) -> Found:
        line, remark = _usable(group, name)
        _, other_remark = _usable(group, other)
        if line is None or other_remark:
            return None, remark or other_remark
        return group.paired(name, other), ""

    return find


def _faster(peer: str) -> Callable[[Measured], Found]:
    def find(group: Measured) -> Found:
        line, remark = _usable(group, "greenai")
        other = group.line(peer)
        if line is None or other is None:
            return None, remark
        times = group.paired(peer, "greenai")
        # A peer that was stopped took at least this long: the true factor is larger still.
        return times, f"at least: {peer} was stopped by its {other.stopped} limit" if other.stopped else ""

    return find


def _leaner(peer: str) -> Callable[[Measured], Found]:
    def find(group: Measured) -> Found:
        line, remark = _usable(group, "greenai")
        other = group.line(peer)
        if line is None or other is None:
            return None, remark
        return line.peak_bytes / other.peak_bytes, ("at most: it was stopped" if other.stopped else "")

    return find


def _growth(groups: Sequence[Measured]) -> Verdict:
    """Time per row at the largest size over that at the smallest of a million rows or more."""
    sized = []
    for group in sorted(groups, key=lambda group: group.rows):
        line, _ = _usable(group, "greenai")
        if line is not None and group.rows >= 1_000_000:
            sized.append((group.rows, line.seconds))
    what, unit = "growth: seconds per row, largest over smallest size", "x"
    if len(sized) < 2:
        return Verdict(what, unit, 1.2, None, False, None, None, "needs two sizes of a million rows or more")
    (few, least), (many, most) = sized[0], sized[-1]
    return Verdict(what, unit, 1.2, None, False, many, (most / many) / (least / few), f"{few:,} to {many:,} rows")
