"""How golden tables look: which columns each has, and which depends on which.

A definition's fields are split into the main table and one table per reference, so that every field
stands where it depends on the whole key and on nothing but the key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from greenai.definition.store import Store
from greenai.definition.types import FieldType
from greenai.errors import DefinitionError

OWN = ("_business_from", "_business_to", "_known_from", "_known_to", "_publication", "_row_hash", "_pending")
"""Columns that golden tables have beside the fields."""
SYSTEM = ("ctid", "cmin", "cmax", "tableoid", "xmin", "xmax")
"""Columns that PostgreSQL gives every table."""
LONGEST = 63
"""Bytes of a name in PostgreSQL; it would cut longer ones off in silence."""
HISTORY, AS_OF = "_history", "_as_of"
TYPES = {
    "string": "text",
    "integer": "bigint",
    "float": "double precision",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp(6)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the field type it holds."""

    name: str
    type: FieldType

    @property
    def sql_type(self) -> str:
        """The column's type in PostgreSQL: money is numeric, never a float."""
        if self.type.kind == "decimal":
            return f"numeric({self.type.precision},{self.type.scale})"
        return TYPES[self.type.kind]


@dataclass(frozen=True, slots=True)
class Layout:
    """One golden table: its key, its other columns, and the keys of other tables that stand in it."""

    table: str
    key: tuple[Column, ...]
    fields: tuple[Column, ...]
    references: Mapping[str, tuple[str, ...]]
    """Name of a reference table to the columns here that hold its key."""
    main: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The key's columns, then the others."""
        return (*self.key, *self.fields)

    def document(self) -> dict[str, Any]:
        """The layout as it is kept in ``greenai.golden_table``."""
        return {
            "key": [[column.name, column.sql_type] for column in self.key],
            "fields": [[column.name, column.sql_type] for column in self.fields],
            "references": {name: list(columns) for name, columns in sorted(self.references.items())},
        }


def layouts(store: Store, key: Sequence[str], types: Mapping[str, FieldType]) -> tuple[Layout, ...]:
    """The golden tables of a definition, each after the tables it refers to; the main table is last.

    `types` are all fields of the recon. Raises DefinitionError for names that PostgreSQL or greenai has
    no room for, for references to fields that do not exist, and for references in a circle.
    """
    check_names(store, types)
    moved = {name for reference in store.references.values() for name in reference.fields}
    if lost := [name for name in key if name in moved]:
        raise DefinitionError(
            f"the key field {lost[0]!r} cannot move to a reference",
            column="store.references",
            remedy="what depends on less than the key is not part of the key",
        )
    tables: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        name: (reference.key, reference.fields) for name, reference in store.references.items()
    }
    tables[store.table] = (tuple(key), tuple(n for n in types if n not in key and n not in moved))
    held = {name: {*columns[0], *columns[1]} for name, columns in tables.items()}
    refers = {
        name: {
            other: reference.key
            for other, reference in store.references.items()
            if other != name and held[name].issuperset(reference.key)
        }
        for name in tables
    }
    for name, reference in store.references.items():
        if not any(name in others for others in refers.values()):
            raise DefinitionError(
                f"no table holds the key of {name!r} ({', '.join(reference.key)})",
                column=f"store.references.{name}",
                remedy="keep the key's fields in the golden table or in one other reference",
            )
    return tuple(
        Layout(
            table=name,
            key=tuple(Column(n, types[n]) for n in tables[name][0]),
            fields=tuple(Column(n, types[n]) for n in tables[name][1]),
            references=refers[name],
            main=name == store.table,
        )
        for name in ordered(refers)
    )


def ordered(refers: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The tables, each after those it refers to. Raises DefinitionError for a circle."""
    placed: list[str] = []
    while len(placed) < len(refers):
        ready = [name for name in refers if name not in placed and all(o in placed for o in refers[name])]
        if not ready:
            circle = ", ".join(sorted(set(refers) - set(placed)))
            raise DefinitionError(
                f"references refer to each other in a circle: {circle}",
                column="store.references",
                remedy="let fields that identify each other stand in one reference",
            )
        placed += ready
    return placed


def size(name: str) -> int:
    """The bytes of a name."""
    return len(name.encode("utf-8", "surrogatepass"))


def check_names(store: Store, types: Mapping[str, FieldType]) -> None:
    """Refuse what PostgreSQL would cut off or greenai itself needs. Raises DefinitionError."""
    tables = (store.table, *store.references)
    taken: set[str] = set()
    for table in tables:
        for name in (table, table + HISTORY, table + AS_OF):
            if size(name) > LONGEST:
                raise DefinitionError(
                    f"the table name {table!r} is too long",
                    column="store",
                    remedy=f"at most {LONGEST - len(HISTORY)} bytes: its history is called <name>{HISTORY}, "
                    f"and PostgreSQL has room for {LONGEST}",
                )
            if name in taken:
                raise DefinitionError(
                    f"the name {name!r} is needed twice",
                    column="store",
                    remedy=f"every golden table has companions that end in {HISTORY} and {AS_OF}: rename one",
                )
            taken.add(name)
    for name in types:
        # The table engine does not tell names apart by case.
        if name.lower() in OWN or name in SYSTEM or size(name) > LONGEST or "\x00" in name or not name:
            taken_names = ", ".join((*OWN, *SYSTEM))
            raise DefinitionError(
                f"a golden table cannot have a column {name!r}",
                column=f"fields.{name}",
                remedy=f"rename the field: at most {LONGEST} bytes, and not one of {taken_names}",
            )
    for table, reference in store.references.items():
        if unknown := [name for name in (*reference.key, *reference.fields) if name not in types]:
            raise DefinitionError(
                f"the reference {table!r} names a field that does not exist: {unknown[0]!r}",
                column=f"store.references.{table}",
                remedy=f"fields are: {', '.join(types)}",
            )
    seen: dict[str, str] = {}
    for table, reference in store.references.items():
        for name in reference.fields:
            if name in seen:
                raise DefinitionError(
                    f"{name!r} stands in two references: {seen[name]} and {table}",
                    column="store.references",
                    remedy="a field depends on one key: name it in one reference",
                )
            seen[name] = table
