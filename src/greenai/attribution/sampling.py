"""A small sample of one field's cells, in which rare slices of the context are not drowned."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import ibis

from greenai.attribution.cells import CELL, Cells
from greenai.attribution.transformations import grid
from greenai.attribution.transformations.base import exchanged_name
from greenai.comparison.columns import key_name
from greenai.engines.functions import call
from greenai.fields.plan import context_name
from greenai.fields.types import field_type_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from greenai.definition.types import FieldType
    from greenai.engines.base import Engine

MOST: Final = 20_000
"""Cells of a sample."""
POOL: Final = 200_000
"""Cells that a sample is drawn from, where a field has more: of these, every slice gets its share."""
QUOTA: Final = 40
"""Cells that each value of each context column is sure of, as far as they fit."""
LEAST_QUOTA: Final = 4
"""A column whose values cannot each have as many is not a slicing of the sample."""
OTHERS: Final = 24
"""Other fields whose values are fetched beside the cells."""
LINKS: Final = 50_000
"""Cells fetched to see where b's values come from."""


@dataclass(frozen=True)
class Link:
    """A cell whose a is the b of a sampled cell: `place` in the sample, and what stands beside the source."""

    place: int
    beside: tuple[Any, ...]


@dataclass(frozen=True)
class Sample:
    """Columns of sampled cells as lists of one length, in key order: typed values, None for null.

    `others` holds ``a:<field>`` and ``b:<field>`` of fields of a like type, `types` the types of these by
    field. `total` is the number of all cells. `links` tell of cells whose value of a occurs once and is
    the b of a sampled cell; `beside` names the columns compared there (of `context` and ``key:``).
    """

    field: str
    type: FieldType
    cells: list[int]
    a: list[Any]
    b: list[Any]
    raw_a: list[str | None]
    raw_b: list[str | None]
    others: Mapping[str, list[Any]]
    types: Mapping[str, FieldType]
    context: Mapping[str, list[Any]]
    total: int
    beside: Mapping[str, list[Any]] = dataclasses.field(default_factory=dict)
    links: Sequence[Link] = ()

    @cached_property
    def exchanged(self) -> Sample:
        """The same sample with a for b and b for a; without links."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            raw_a=self.raw_b,
            raw_b=self.raw_a,
            others={exchanged_name(name): values for name, values in self.others.items()},
            links=(),
        )

    @cached_property
    def places(self) -> int:
        """Decimal places of the field, for floats as many as the sample is written with."""
        return grid.places_of((*self.a, *self.b), scale_of(self.type))

    @cached_property
    def units_a(self) -> list[int | None]:
        """a in units of the last decimal place."""
        return grid.units(self.a, self.places)

    @cached_property
    def units_b(self) -> list[int | None]:
        """b in units of the last decimal place."""
        return grid.units(self.b, self.places)

    @cached_property
    def numbers(self) -> list[tuple[int, int, int]]:
        """Place, a and b in units, where both are numbers."""
        pairs = enumerate(zip(self.units_a, self.units_b, strict=True))
        return [(at, a, b) for at, (a, b) in pairs if a is not None and b is not None]

    @cached_property
    def pairs(self) -> list[tuple[int, Any, Any]]:
        """Place, a and b, where neither is null."""
        pairs = enumerate(zip(self.a, self.b, strict=True))
        return [(at, a, b) for at, (a, b) in pairs if a is not None and b is not None]

    def units_of(self, name: str) -> tuple[list[int | None], int]:
        """Another numeric column in units of its last decimal place, and how many places it has."""
        values = self.others[name]
        places = grid.places_of(values, scale_of(self.types[name[2:]]))
        return grid.units(values, places), places

    @cached_property
    def slices(self) -> list[list[int]]:
        """The places of every value of every context column that has several."""
        found = []
        for values in self.context.values():
            by_value: dict[Any, list[int]] = {}
            for at, value in enumerate(values):
                by_value.setdefault(value, []).append(at)
            if len(by_value) > 1:
                found += [places for places in by_value.values() if len(places) > 1]
        return found


def scale_of(type: FieldType) -> int | None:
    """Decimal places of a type; None for floats, which have no fixed number."""
    if type.kind == "decimal":
        return type.scale
    return None if type.kind == "float" else 0


def draw(engine: Engine, cells: Cells, *, seed: int = 0, most: int = MOST) -> Sample:
    """Draw at most `most` cells by a seeded hash, the same ones every time.

    Every value of every context column is sure of `QUOTA` cells, rare values first; the rest is filled
    at random. Above `POOL` cells this is done within a random part.
    """
    others = like_fields(cells)
    table = cells.table
    chosen = chosen_cells(engine, cells, seed, most) if cells.count > most else table
    names = [
        CELL, "a", "b", "raw_a", "raw_b",
        *(f"{side}:{name}" for name in others for side in ("a", "b")),
        *(context_name(name) for name in cells.context),
        *(key_name(name) for name in cells.key),
    ]  # fmt: skip
    sampled = engine.materialise(chosen.select(*names))
    try:
        rows = sorted(engine.rows(sampled), key=lambda row: int(row[0]))
        columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
        beside = [*(context_name(name) for name in cells.context), *(key_name(name) for name in cells.key)]
        links = linked(engine, cells, sampled, columns, beside)
    finally:
        engine.drop(sampled)
    return Sample(
        field=cells.field,
        type=cells.type,
        cells=columns[CELL],
        a=columns["a"],
        b=columns["b"],
        raw_a=columns["raw_a"],
        raw_b=columns["raw_b"],
        others={f"{side}:{name}": columns[f"{side}:{name}"] for name in others for side in ("a", "b")},
        types={name: field_type_of(table[f"a:{name}"].type()) for name in others},
        context={name: columns[context_name(name)] for name in cells.context},
        total=cells.count,
        beside={name: columns[name] for name in beside},
        links=links,
    )


def chosen_cells(engine: Engine, cells: Cells, seed: int, most: int) -> ir.Table:
    """The sampled part of the cells, as an expression."""
    table = cells.table.mutate(**{DRAW: call("hash", ibis.dtype("uint64"), cells.table[CELL], seed)})
    if cells.count > POOL:
        table = table.filter(table[DRAW] < ibis.literal(2**64 * POOL // cells.count, "uint64"))
    ranks = {
        f"{DRAW}:{name}": ibis.row_number().over(group_by=context_name(name), order_by=DRAW) // quota
        for name, quota in quotas(engine, cells, most).items()
    }
    ranked = table.mutate(**ranks)
    rank = ibis.least(1, *(ranked[name] for name in ranks)) if ranks else ibis.literal(1)
    return ranked.mutate(**{RANK: rank}).order_by(RANK, DRAW).limit(most)


def quotas(engine: Engine, cells: Cells, most: int) -> dict[str, int]:
    """How many cells each value of a context column is sure of; columns with too many values are left out."""
    if not cells.context:
        return {}
    table = cells.table
    counts = engine.row(
        table.aggregate(**{name: table[context_name(name)].approx_nunique() for name in cells.context})
    )
    share = most // 2 // len(cells.context)
    return {
        name: min(QUOTA, share // values)
        for name, values in counts.items()
        if 1 < values <= share // LEAST_QUOTA
    }


DRAW, RANK = "greenai:draw", "greenai:rank"


def like_fields(cells: Cells) -> list[str]:
    """Other fields that a transformation of this one may refer to: of a like type, at most `OTHERS`."""
    kinds = {name: field_type_of(cells.table[f"a:{name}"].type()) for name in cells.fields}
    return [name for name, type in kinds.items() if alike(type, cells.type)][:OTHERS]


def alike(one: FieldType, other: FieldType) -> bool:
    """Whether values of two types can be compared or reckoned with."""
    if one.numeric or other.numeric:
        return one.numeric and other.numeric
    days = {"date", "timestamp"}
    return one.kind == other.kind or {one.kind, other.kind} <= days


def linked(
    engine: Engine, cells: Cells, sampled: ir.Table, columns: Mapping[str, list[Any]], beside: Sequence[str]
) -> list[Link]:
    """Where values of b come from: cells with that value in a, where it occurs once."""
    wanted: dict[Any, list[int]] = {}
    for at, value in enumerate(columns["b"]):
        if value is not None:
            wanted.setdefault(value, []).append(at)
    if 2 * len(wanted) < len(columns["b"]):
        # Of few values each occurs everywhere: where one comes from cannot be told.
        return []
    table = cells.table
    sources = table.semi_join(sampled, table["a"] == sampled["b"]).select("a", *beside).limit(LINKS)
    found: dict[Any, list[tuple[Any, ...]]] = {}
    for value, *rest in engine.rows(sources):
        found.setdefault(value, []).append(tuple(rest))
    return [
        Link(at, found[value][0])
        for value, places in wanted.items()
        if len(found.get(value, ())) == 1 and len(places) <= 2
        for at in places
    ]
