"""From the clean world to both sides: mark each cell with its cause, then let the causes change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenai.simulation.causes import LAG, LATE
from greenai.simulation.noise import (
    MISTAKE,
    NOISE,
    UNREADABLE,
    UNREADABLE_FIELD,
    UNREADABLE_TEXT,
    legitimate_values,
    noise_marks,
    noise_values,
)
from greenai.simulation.slices import Plant
from greenai.simulation.text import quoted
from greenai.simulation.world import TYPES, World

if TYPE_CHECKING:
    import duckdb

PAIRED = "fate IN ('both', 'copy_a', 'altered_a', 'copy_b', 'altered_b')"
"""The trade is on both sides."""
UNTOUCHED = f"(coalesce({', '.join(f'why_{field}' for field in TYPES)}) IS NULL)"
"""No cause and no noise has any cell of the row."""
IN_A = "fate NOT IN ('ragged', 'ragged_late', 'missing_a')"
IN_B = "fate NOT IN ('missing_b', 'late', 'ragged_late')"


def plant(connection: duckdb.DuckDBPyConnection, world: World, plants: tuple[Plant, ...]) -> None:
    """Create the relation `planted` from `trade` and `lagged`, in the order of `id`.

    To the columns of `trade` it adds for each field f: `why_f`, the number of the cause or the code of
    the noise that has the cell, null for none; `b_f`, side b's value in the field's type; and, where a
    cause writes side a in another way, `written_f`, that text.
    """
    connection.execute(
        f"""
CREATE TABLE planted AS
WITH marked AS (
  SELECT *, {_marks(world, plants)}
  FROM (SELECT *, {world.chance.uniform("noise")} AS noise_u FROM trade)
), fated AS (
  SELECT * REPLACE ({_fate(plants)} AS fate) FROM marked
)
SELECT * EXCLUDE (noise_u), {_values(world, plants)}
FROM fated
"""
    )
    # A join would be free to change the order of the rows; an update in place is not.
    for one in plants:
        if one.kind.id == LAG:
            connection.execute(
                f"""UPDATE planted SET b_price = {one.value}
                FROM lagged WHERE lagged.id = planted.id AND why_price = {one.number}"""
            )


def written_fields(plants: tuple[Plant, ...]) -> dict[str, list[tuple[int, str]]]:
    """The fields that are written otherwise on side a: by which codes, and the text as SQL."""
    written = {UNREADABLE_FIELD: [(UNREADABLE, quoted(UNREADABLE_TEXT))]}
    for one in plants:
        if one.kind.field is not None and one.change.written is not None:
            written.setdefault(one.kind.field, []).append((one.number, one.change.written))
    return written


def _marks(world: World, plants: tuple[Plant, ...]) -> str:
    """Which cause has which cell: noise before causes, causes in the order of the catalogue."""
    noise = noise_marks(world.chance, "noise_u")
    columns = []
    for field in TYPES:
        branches = [f"WHEN {condition} THEN {code}" for condition, code in noise.get(field, ())]
        for one in plants:
            if one.kind.field != field:
                continue
            if one.kind.holds == 1.0:
                branches.append(f"WHEN {one.scope} THEN {one.number}")
                continue
            holds, draw = one.kind.holds, world.chance.uniform(f"holds {one.kind.id}")
            branches.append(f"WHEN {one.scope} AND {draw} < {holds!r} THEN {one.number}")
            if holds > 0.5:
                # Half of the exceptions are left as they were, half are real errors.
                branches.append(f"WHEN {one.scope} AND {draw} < {(1 + holds) / 2!r} THEN {MISTAKE}")
        mark = f"CASE {' '.join(branches)} END" if branches else "NULL"
        columns.append(f"({mark})::UTINYINT AS why_{field}")
    return ", ".join(columns)


def _fate(plants: tuple[Plant, ...]) -> str:
    """A late slice is late whatever else was to happen; only untouched rows are repeated.

    A repeated row that also differed would leave no identical pair, and all its copies unpaired.
    """
    late = next((one.scope for one in plants if one.kind.id == LATE), "false")
    return f"""CASE
      WHEN {late} AND fate = 'ragged' THEN 'ragged_late'
      WHEN {late} THEN 'late'
      WHEN fate IN ('copy_a', 'altered_a', 'copy_b', 'altered_b') AND NOT {UNTOUCHED} THEN 'both'
      ELSE fate
    END"""


def _values(world: World, plants: tuple[Plant, ...]) -> str:
    """Side b's value of every field, and side a's text where it is written otherwise."""
    noise = noise_values(world.chance, world.counterparties)
    legitimate = legitimate_values(world.chance)
    columns = []
    for field, kind in TYPES.items():
        branches = [
            f"WHEN why_{field} = {one.number} THEN {one.value}"
            for one in plants
            if one.kind.field == field and one.change.value is not None and one.kind.id != LAG
        ]
        if field in noise:
            branches.append(f"WHEN why_{field} IN ({NOISE}, {MISTAKE}) THEN ({noise[field]})::{kind}")
        if field in legitimate:
            branches.append(f"WHEN why_{field} IS NULL AND fate = 'both' THEN {legitimate[field]}")
        value = f"CASE {' '.join(branches)} ELSE {field} END" if branches else field
        columns.append(f"({value})::{kind} AS b_{field}")
    for field, texts in written_fields(plants).items():
        branches = [f"WHEN why_{field} = {code} THEN {text}" for code, text in texts]
        columns.append(f"CASE {' '.join(branches)} END AS written_{field}")
    return ", ".join(columns)
