"""The store's tables as an entity diagram, made from the live schema: ``greenai db diagram``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from greenai.store.queries import queries

if TYPE_CHECKING:
    import psycopg

SCHEMA: Final = "greenai"
ONE: Final = {False: "||--", True: "|o--"}
"""The side that is referred to; it may be missing where the foreign key may be null."""
MANY: Final = {False: "o{", True: "o|"}
"""The side that refers: many, or one where the foreign key is the whole primary key."""


@dataclass(slots=True)
class Table:
    """One table of the schema."""

    name: str
    kind: str
    comment: str
    columns: list[tuple[str, str, bool, str | None]] = field(default_factory=list)
    """Name, type, whether null is allowed, comment."""
    primary: set[str] = field(default_factory=set)
    unique: set[str] = field(default_factory=set)
    foreign: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """The table that is referred to, and the columns that refer to it."""


def tables(connection: psycopg.Connection[Any], schema: str = SCHEMA) -> list[Table]:
    """The tables and views of a schema by name, with columns, keys and comments."""
    named = queries("diagram")
    found: dict[int, Table] = {}
    for oid, _, name, kind, comment in connection.execute(named["tables"], {"schemas": [schema]}):
        found[oid] = Table(name, kind, comment or "")
    given = {"tables": list(found)}
    for oid, name, kind, nullable, comment in connection.execute(named["columns"], given):
        found[oid].columns.append((name, kind, nullable, comment))
    for oid, kind, other, columns in connection.execute(named["keys"], given):
        if kind == "p":
            found[oid].primary.update(columns)
        elif kind == "u":
            found[oid].unique.update(columns)
        elif other in found:
            found[oid].foreign.append((found[other].name, tuple(columns)))
    return list(found.values())


def mermaid(connection: psycopg.Connection[Any], schema: str = SCHEMA) -> str:
    """The tables of a schema as Mermaid ``erDiagram`` text: columns, types, keys, comments, references."""
    known = [one for one in tables(connection, schema) if one.kind != "v"]
    lines = ["erDiagram"]
    for table in known:
        nullable = {name for name, _, maybe, _ in table.columns if maybe}
        for other, columns in table.foreign:
            ends = ONE[bool(nullable & set(columns))] + MANY[set(columns) == table.primary]
            lines.append(f'    {other} {ends} {table.name} : "{", ".join(columns)}"')
    for table in known:
        lines.append(f"    %% {table.comment}")
        lines.append(f"    {table.name} {{")
        lines += [f"        {_column(table, *column)}" for column in table.columns]
        lines.append("    }")
    return "\n".join(lines) + "\n"


def _column(table: Table, name: str, kind: str, nullable: bool, comment: str | None) -> str:
    referring = {column for _, columns in table.foreign for column in columns}
    keys = [
        word
        for word, columns in (("PK", table.primary), ("FK", referring), ("UK", table.unique))
        if name in columns
    ]
    said = "; ".join(part for part in ("may be null" if nullable else "", comment or "") if part)
    written = [
        re.sub(r"\W+", "_", kind),
        name,
        ", ".join(keys),
        f'"{said.replace(chr(34), chr(39))}"' if said else "",
    ]
    return " ".join(part for part in written if part)
