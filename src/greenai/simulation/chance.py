"""Chance as SQL: numbers that look random, depend on seed, stream and row only, and never on threads.

DuckDB's `random()` depends on how rows are spread over threads, and salted hashes of one value
(`hash(id, salt)`) are correlated. So the hashed value is one text that holds seed, stream and row.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from greenai.simulation.text import quoted


class Chance:
    """Draws for one world. `stream` names what is drawn: equal streams give equal numbers."""

    def __init__(self, seed: int, row: str = "id") -> None:
        self.seed = seed
        self._row = row

    def uniform(self, stream: str) -> str:
        """An SQL expression: a double in [0, 1) for each row, independent between streams."""
        salt = quoted(f"greenai/{self.seed}/{stream}/")
        return f"((hash(concat({salt}, {self._row})) >> 11)::DOUBLE / 9007199254740992.0)"

    def index(self, stream: str, size: int, *, skew: float = 1.0) -> str:
        """An SQL expression: an integer from 1 to `size`; a `skew` above 1 favours the low ones."""
        share = self.uniform(stream)
        if skew != 1.0:
            share = f"pow({share}, {skew})"
        return f"(1 + floor({share} * {size})::INTEGER)"

    def pick(self, stream: str, values: Sequence[str], *, skew: float = 1.0) -> str:
        """An SQL expression: one of `values` for each row."""
        return f"{text_list(values)}[{self.index(stream, len(values), skew=skew)}]"

    def python(self, stream: str) -> random.Random:
        """The same idea for the few choices that are made once per world."""
        return random.Random(f"greenai/{self.seed}/{stream}")


def text_list(values: Sequence[str]) -> str:
    """A list of texts as an SQL literal."""
    return "[" + ", ".join(quoted(value) for value in values) + "]"
