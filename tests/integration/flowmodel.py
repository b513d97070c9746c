"""What a flow should come to, told by dictionaries: open records, their ages, and what is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

Given = list[tuple[str, str]]
"""Rows of one side: key and value."""


@dataclass
class Pool:
    """The open one-sided records of both sides: key to value; and all that was ever seen."""

    a: dict[str, str] = field(default_factory=dict)
    b: dict[str, str] = field(default_factory=dict)
    different: dict[str, tuple[str, str]] = field(default_factory=dict)
    duplicates: dict[tuple[str, str], int] = field(default_factory=dict)
    golden: dict[str, str] = field(default_factory=dict)
    first: dict[tuple[str, str], date] = field(default_factory=dict)
    carried: tuple[int, int] = (0, 0)

    def run(self, day: date, a: Given, b: Given) -> None:
        """A business date with what came on both sides."""
        fresh_a, fresh_b = self.rows(a), self.rows(b)
        earlier_a = {key: [value] for key, value in self.a.items() if key not in fresh_a}
        earlier_b = {key: [value] for key, value in self.b.items() if key not in fresh_b}
        self.carried = (len(earlier_a), len(earlier_b))
        all_a, all_b = fresh_a | earlier_a, fresh_b | earlier_b
        for key in all_a.keys() | all_b.keys():
            self.compare(key, all_a.get(key, []), all_b.get(key, []))
        for key, kind in self.breaks():
            self.first.setdefault((key, kind), day)

    def rows(self, given: Given) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, value in given:
            found.setdefault(key, []).append(value)
        return found

    def compare(self, key: str, a: list[str], b: list[str]) -> None:
        """One record: identical rows pair, then single ones, and what is left are duplicates."""
        for present, open_rows, side in ((a, self.a, "a"), (b, self.b, "b")):
            if present:
                open_rows.pop(key, None)
                self.duplicates.pop((key, side), None)
        if a and b:
            self.different.pop(key, None)
        pairs = Counter(a) & Counter(b)
        left_a, left_b = list((Counter(a) - pairs).elements()), list((Counter(b) - pairs).elements())
        if a and b and not left_a and not left_b and len(a) == 1:
            self.golden[key] = a[0]
        elif len(left_a) == 1 and len(left_b) == 1:
            self.different[key] = (left_a[0], left_b[0])
        elif len(a) == 1 and not b:
            self.a[key] = a[0]
        elif len(b) == 1 and not a:
            self.b[key] = b[0]
        else:
            for left, side in ((left_a, "a"), (left_b, "b")):
                if left:
                    self.duplicates[key, side] = len(left)

    def breaks(self) -> Counter[tuple[str, str]]:
        """How many breaks are present, by key and kind."""
        found: Counter[tuple[str, str]] = Counter()
        found.update((key, "only_a") for key in self.a)
        found.update((key, "only_b") for key in self.b)
        found.update((key, "value") for key in self.different)
        for (key, side), number in self.duplicates.items():
            found[key, f"duplicate_{side}"] = number
        return found
