"""Where each cause strikes: a slice of one to three conditions, chosen by the seed, of a fitting size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from greenai.simulation.causes import CAUSES, LAG, LATE, CauseKind
from greenai.simulation.changes import Change, Making
from greenai.simulation.text import quoted
from greenai.simulation.world import TYPES, World

if TYPE_CHECKING:
    import duckdb

_SAMPLE = 200_000
_FITTING = math.log(1.7)


@dataclass(frozen=True, slots=True)
class Plant:
    """One cause in one world: its kind, its parameters and its slice; `number` is its code from 1."""

    number: int
    kind: CauseKind
    change: Change
    conditions: tuple[tuple[str, str], ...]

    @property
    def scope(self) -> str:
        """The slice as a predicate, columns in alphabetical order; it is valid SQL over `trade`."""
        return " and ".join(f"{column} = {quoted(value)}" for column, value in sorted(self.conditions))

    @property
    def value(self) -> str:
        """Side b's value of the field as SQL, in the field's type."""
        if self.kind.field is None or self.change.value is None:
            return self.kind.field or "NULL"
        return f"CAST({self.change.value} AS {TYPES[self.kind.field]})"


def plant_causes(connection: duckdb.DuckDBPyConnection, world: World) -> tuple[Plant, ...]:
    """Choose parameters and slices for all kinds that find a row to break; needs the relation `trade`.

    Also creates `lagged` (id, lagged_price), which the lag cause reads.
    """
    plants: dict[str, Plant] = {}
    hosts = {kind.within for kind in CAUSES if kind.within}
    # A host's slice must be known before that of its minority, though the minority claims first.
    order = sorted(CAUSES, key=lambda kind: kind.id not in hosts)
    order.sort(key=lambda kind: kind.id != LATE)
    for kind in order:
        change = kind.draw(
            Making(world.chance.python(f"parameters {kind.id}"), world.chance, world.counterparties)
        )
        number = CAUSES.index(kind) + 1
        if kind.same_slice_as is not None:
            twin = plants.get(kind.same_slice_as)
            conditions = twin.conditions if twin else ()
        else:
            conditions = _choose(connection, world, kind, change, plants)
        if conditions:
            plants[kind.id] = Plant(number, kind, change, conditions)
    lag = plants.get(LAG)
    connection.execute(
        f"""CREATE TABLE lagged AS
        SELECT id, lag(price) OVER (ORDER BY id) AS lagged_price
        FROM trade WHERE {lag.scope if lag else "false"} AND fate NOT IN ('ragged', 'missing_a')
        ORDER BY id"""
    )
    return tuple(plants[kind.id] for kind in CAUSES if kind.id in plants)


def _choose(
    connection: duckdb.DuckDBPyConnection,
    world: World,
    kind: CauseKind,
    change: Change,
    plants: dict[str, Plant],
) -> tuple[tuple[str, str], ...]:
    """A slice in which the cause breaks about `share` of the trades, clear of others on its field."""
    random = world.chance.python(f"slice {kind.id}")
    host = plants.get(kind.within) if kind.within else None
    if kind.within and host is None:
        return ()
    taken = dict(host.conditions) if host else {}
    columns = random.choice([columns for columns in kind.scopes if taken.keys().isdisjoint(columns)])
    used = {frozenset(plant.conditions) for plant in plants.values()}
    rivals = [
        plant.scope
        for plant in plants.values()
        if plant is not host and (plant.kind.id == LATE or plant.kind.field == kind.field)
    ]
    names = ", ".join(columns)
    rows = connection.execute(
        f"""SELECT {names}, count(*) FILTER (WHERE {_effect(kind, change)}) AS broken,
               count(*) FILTER (WHERE {" OR ".join(f"({scope})" for scope in rivals) or "false"}) AS taken
        FROM trade
        WHERE id <= {_SAMPLE} AND fate = 'both' AND {host.scope if host else "true"}
        GROUP BY {names} HAVING broken > 0 ORDER BY {names}"""
    ).fetchall()
    if not rows:
        return ()
    size = min(world.rows, _SAMPLE)

    def misfit(row: tuple[str | int, ...]) -> float:
        distance = abs(math.log(int(row[-2]) * kind.holds / (kind.share * size)))
        again = frozenset(zip(columns, row, strict=False)) in used
        return max(distance - _FITTING, 0.0) + 3 * int(row[-1]) / size / kind.share + again

    fits = [misfit(row) for row in rows]
    chosen = random.choice([row for row, fit in zip(rows, fits, strict=True) if fit <= min(fits)])
    own = tuple((column, str(value)) for column, value in zip(columns, chosen[:-2], strict=True))
    return own + (host.conditions if host else ())


def _effect(kind: CauseKind, change: Change) -> str:
    """Whether the cause changes a row at all."""
    if kind.field is None or kind.id == LAG:
        return "true"
    if change.written is not None:
        return f"{kind.field} IS NOT NULL"
    return f"CAST({change.value} AS {TYPES[kind.field]}) IS DISTINCT FROM {kind.field}"
