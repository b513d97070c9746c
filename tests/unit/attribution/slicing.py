"""A world of paired rows with context, in which breaks are planted, as boards of bitmaps."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from greenai.attribution.board import Board
from greenai.attribution.contrast import Contrast
from greenai.attribution.selection import Candidate, Selection

Row = Mapping[str, object]
COLUMNS = ("desk", "book", "currency", "product", "trader", "file")


def world(rows: int, seed: int) -> list[dict[str, object]]:
    """Rows with context; a book belongs to one desk."""
    draw = random.Random(seed)
    made = []
    for _ in range(rows):
        desk = draw.randrange(8)
        made.append(
            {
                "desk": f"desk {desk}",
                "book": f"book {desk}{draw.randrange(9)}",
                "currency": draw.choice(["USD", "USD", "USD", "EUR", "EUR", "GBP", "JPY", "CHF", "CAD"]),
                "product": f"product {draw.randrange(6)}",
                "trader": f"trader {draw.randrange(120)}",
                "file": f"fo_{draw.randrange(1, 6)}.csv",
            }
        )
    return made


def selection(
    rows: Sequence[Row],
    broken: Callable[[int, Row], Sequence[int] | None],
    *,
    transformations: int,
    seed: int = 0,
    worth: float = 24.0,
    bits: float = 10.0,
    chance: float = 0.001,
    columns: Sequence[str] = COLUMNS,
) -> tuple[Selection, list[int]]:
    """A selection over the rows that are `broken`: by which transformations (none: unexplained, None: equal).

    Also the places of the broken rows, in the order of the cells.
    """
    fates = [broken(place, row) for place, row in enumerate(rows)]
    places = [place for place, fate in enumerate(fates) if fate is not None]
    names = [f"t{number}" for number in range(transformations)]
    cells = pa.table(
        {
            **{f"context:{c}": pa.array([rows[place][c] for place in places]) for c in columns},
            **{
                name: pa.array([number in (fates[place] or ()) for place in places], pa.bool_())
                for number, name in enumerate(names)
            },
        }
    )
    board = Board(cells, columns, names)
    paired = Board(pa.table({f"context:{c}": pa.array([row[c] for row in rows]) for c in columns}), columns)
    draw = random.Random(seed)
    seen = sum(1 << bit for bit in range(len(places)) if draw.random() < 0.5)
    contrast = Contrast(paired, 1.0, (paired.everything,) * transformations)
    candidates = [Candidate(board.flag(name), bits, 0.0, chance) for name in names]
    return Selection(board, contrast, candidates, seen, worth), places
