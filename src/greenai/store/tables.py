"""Creating golden tables: current rows, their history, and a function that tells what was known when.

A table belongs to one recon. Names come from definitions and are quoted as identifiers everywhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psycopg import sql

from greenai.errors import StoreError
from greenai.store.layout import AS_OF, HISTORY, Column, Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

CURRENT_COLUMNS = """
    _business_from date NOT NULL,
    _known_from timestamptz NOT NULL,
    _publication bigint NOT NULL,
    _row_hash bigint NOT NULL,
    _pending boolean NOT NULL DEFAULT false"""
HISTORY_COLUMNS = """
    _business_from date NOT NULL,
    _business_to date CHECK (_business_to > _business_from),
    _known_from timestamptz NOT NULL,
    _known_to timestamptz CHECK (_known_to > _known_from),
    _publication bigint NOT NULL,
    _row_hash bigint NOT NULL"""


def golden(name: str) -> sql.Composed:
    """A table of schema golden, quoted."""
    return sql.SQL("{}.{}").format(sql.Identifier("golden"), sql.Identifier(name))


def names(columns: Iterable[Column | str], alias: str | None = None) -> sql.Composed:
    """A list of columns, quoted, each with its alias."""
    listed = [column if isinstance(column, str) else column.name for column in columns]
    return sql.SQL(", ").join(sql.Identifier(alias, n) if alias else sql.Identifier(n) for n in listed)


def open_table(connection: psycopg.Connection, layout: Layout, recon_id: int) -> bool:
    """Make sure that a golden table is there and this recon's; True when it was created just now.

    A new table has no constraints yet: load it, then `constrain` it. New fields of the definition are
    added to a table that exists; one that somebody dropped with its history is made anew. Raises
    StoreError when another recon owns the table, when the schema has one that greenai did not make, when
    a part of it was dropped, or when key, types or references have changed.
    """
    # Claimed before it is made: of two recons that want it at once the second waits, and is told.
    claimed = connection.execute(
        "INSERT INTO greenai.golden_table (table_name, recon_id, role, layout) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [layout.table, recon_id, "main" if layout.main else "reference", json.dumps(layout.document())],
    )
    if claimed.rowcount:
        create(connection, layout)
        return True
    row = connection.execute(
        "SELECT g.recon_id, r.name, g.layout FROM greenai.golden_table g"
        " JOIN greenai.recon r USING (recon_id) WHERE table_name = %s",
        [layout.table],
    ).fetchone()
    assert row is not None
    owner, owner_name, kept = row
    if owner != recon_id:
        raise StoreError(
            f"the golden table {layout.table!r} belongs to the recon {owner_name!r}",
            remedy="give `store.table` another name: a golden table has one owner",
        )
    if gone(connection, [layout.table]):
        insist_whole(connection, layout, recon_id)
        connection.execute(
            "UPDATE greenai.golden_table SET layout = %s WHERE table_name = %s",
            [json.dumps(layout.document()), layout.table],
        )
        create(connection, layout)
        return True
    if kept != layout.document():
        widen(connection, layout, kept)
    return False


def gone(connection: psycopg.Connection, tables: Sequence[str]) -> list[str]:
    """Those golden tables that greenai made and somebody dropped, they or their history."""
    rows = connection.execute(
        "SELECT g.table_name FROM greenai.golden_table g WHERE g.table_name = ANY(%s) AND (to_regclass("
        "format('golden.%%I', g.table_name)) IS NULL OR to_regclass(format('golden.%%I', g.table_name || %s))"
        " IS NULL) ORDER BY 1",
        [list(tables), HISTORY],
    )
    return [name for (name,) in rows]


def insist_there(connection: psycopg.Connection, tables: Sequence[str]) -> None:
    """Refuse to amend golden tables that somebody dropped. Raises StoreError."""
    if lost := gone(connection, tables):
        raise StoreError(
            f"the golden table {lost[0]!r} or its history was dropped",
            remedy="restore it, or run the definition again: what was dropped with its history is made anew",
        )


def insist_whole(connection: psycopg.Connection, layout: Layout, recon_id: int) -> None:
    """Refuse to make a dropped golden table anew while something of it is left. Raises StoreError."""
    rows = connection.execute(
        "SELECT n FROM unnest(%s::text[]) n WHERE to_regclass(format('golden.%%I', n)) IS NOT NULL"
        " UNION ALL SELECT g.table_name FROM greenai.golden_table g WHERE g.recon_id = %s"
        " AND g.layout -> 'references' ? %s AND to_regclass(format('golden.%%I', g.table_name)) IS NOT NULL",
        [[layout.table, layout.table + HISTORY], recon_id, layout.table],
    ).fetchall()
    if rows:
        names_left = ", ".join(f"golden.{name}" for (name,) in rows)
        raise StoreError(
            f"a part of the golden table {layout.table!r} was dropped; {names_left} is left",
            remedy=f"restore what was dropped, or drop {names_left} too: all is made anew then, "
            "without its past",
        )


def owned(connection: psycopg.Connection, recon: str) -> tuple[str, ...]:
    """The golden tables of a recon that are there, by its name."""
    rows = connection.execute(
        "SELECT g.table_name FROM greenai.golden_table g JOIN greenai.recon r USING (recon_id)"
        " WHERE r.name = %s AND to_regclass(format('golden.%%I', g.table_name)) IS NOT NULL ORDER BY 1",
        [recon],
    )
    return tuple(table for (table,) in rows)


def insist_foreign(connection: psycopg.Connection, name: str, own: str) -> None:
    """Refuse a name that greenai keeps for another golden table than `own`. Raises StoreError."""
    row = connection.execute(
        "SELECT g.table_name, r.name FROM greenai.golden_table g JOIN greenai.recon r USING (recon_id)"
        " WHERE %s IN (g.table_name, g.table_name || %s) AND g.table_name <> %s",
        [name, HISTORY, own],
    ).fetchone()
    if row is not None:
        as_what = "" if name == row[0] else f", as the history of golden.{row[0]}"
        raise StoreError(
            f"golden.{name} belongs to recon {row[1]}{as_what}",
            remedy="give `store` another name",
        )


def create(connection: psycopg.Connection, layout: Layout) -> None:
    """Create a golden table with its history and as-of function, without constraints."""
    for name in (layout.table, layout.table + HISTORY):
        found = connection.execute("SELECT to_regclass(%s)", [golden(name).as_string(connection)]).fetchone()
        if found is not None and found[0] is not None:
            insist_foreign(connection, name, layout.table)
            raise StoreError(
                f"schema golden has a table {name!r} that greenai did not make",
                remedy="rename or drop it, or give `store` another name",
            )
    columns = sql.SQL(", ").join(declared(column) for column in layout.columns)
    connection.execute(
        sql.SQL("CREATE TABLE {} ({}, {})").format(golden(layout.table), columns, sql.SQL(CURRENT_COLUMNS))
    )
    connection.execute(
        sql.SQL("CREATE TABLE {} ({}, {}, PRIMARY KEY ({}, _business_from, _known_from))").format(
            golden(layout.table + HISTORY), columns, sql.SQL(HISTORY_COLUMNS), names(layout.key)
        )
    )
    create_as_of(connection, layout)
    comment(connection, layout)


def constrain(connection: psycopg.Connection, layout: Layout) -> None:
    """Primary and foreign keys of a golden table that was loaded: in bulk this costs a fraction."""
    table = golden(layout.table)
    connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table, names(layout.key)))
    for other, columns in layout.references.items():
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD FOREIGN KEY ({}) REFERENCES {}").format(
                table, names(columns), golden(other)
            )
        )
        if columns != tuple(column.name for column in layout.key):
            connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, names(columns)))


def create_as_of(connection: psycopg.Connection, layout: Layout) -> None:
    """The function ``golden.<table>_as_of(day, known)``: the rows for a business date as known then."""
    fields = {column.name for column in layout.columns}

    def parameter(name: str) -> sql.Composable:
        # A function's parameters and the columns that it returns share their names.
        return sql.SQL("") if name in fields else sql.Identifier(name)

    connection.execute(
        sql.SQL(
            """
            CREATE FUNCTION {function} ({day} date, {known} timestamptz DEFAULT 'infinity')
            RETURNS TABLE ({declared}) LANGUAGE sql STABLE BEGIN ATOMIC
            SELECT {columns} FROM {current} t
            WHERE t._business_from <= $1 AND t._known_from <= $2
            UNION ALL
            SELECT {columns} FROM {history} t
            WHERE t._business_from <= $1 AND (t._business_to IS NULL OR $1 < t._business_to)
              AND t._known_from <= $2 AND (t._known_to IS NULL OR $2 < t._known_to);
            END"""
        ).format(
            function=golden(layout.table + AS_OF),
            day=parameter("_day"),
            known=parameter("_known"),
            declared=sql.SQL(", ").join(declared(column, null=True) for column in layout.columns),
            columns=names(layout.columns, "t"),
            current=golden(layout.table),
            history=golden(layout.table + HISTORY),
        )
    )
    # Whoever made them: the next run may come from the platform, which works in a role of its own.
    connection.execute("SELECT greenai.hand_over(%s)", [layout.table])


def drop_as_of(connection: psycopg.Connection, layout: Layout) -> None:
    """Drop the as-of function, which is made anew. Raises StoreError where somebody built on it."""
    from psycopg import errors

    name = layout.table + AS_OF
    try:
        connection.execute(sql.SQL("DROP FUNCTION {} (date, timestamptz)").format(golden(name)))
    except errors.DependentObjectsStillExist as error:
        raise StoreError(
            f"golden.{name} cannot get the definition's new fields: {error.diag.message_detail or error}",
            remedy="drop what depends on the function, run, and make it again",
        ) from None


def comment(connection: psycopg.Connection, layout: Layout) -> None:
    """Say on the tables themselves what they are."""
    texts = {
        layout.table: "Rows that hold from their business date on, as known now",
        layout.table + HISTORY: "Earlier versions: from and to in business time, known from and to",
    }
    for name, text in texts.items():
        connection.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(golden(name), sql.Literal(text)))


def declared(column: Column, *, null: bool = True) -> sql.Composed:
    """A column with its type."""
    return sql.SQL("{} {}" if null else "{} {} NOT NULL").format(
        sql.Identifier(column.name), sql.SQL(column.sql_type)
    )


def widen(connection: psycopg.Connection, layout: Layout, kept: dict[str, object]) -> None:
    """Add the fields that the definition gained; anything else that changed is refused.

    Raises StoreError with what differs.
    """
    wanted = layout.document()
    before: dict[str, str] = dict(kept["fields"])  # type: ignore[call-overload]
    after: dict[str, str] = dict(wanted["fields"])
    gone = [name for name in before if after.get(name) != before[name]]
    same = kept["key"] == wanted["key"] and kept["references"] == wanted["references"]
    if gone or not same:
        what = "its key or its references"
        if same:
            name = gone[0]
            what = f"its column {name!r}, which is {before[name]} there and {after.get(name, 'missing')} here"
        raise StoreError(
            f"the golden table {layout.table!r} was made by a definition that differs in {what}",
            remedy="declare the types in the definition (left out, they are guessed from each day's data), "
            "go back to the earlier key and fields, or give `store.table` another name",
        )
    for column in layout.fields:
        if column.name in before:
            continue
        for name in (layout.table, layout.table + HISTORY):
            connection.execute(sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(golden(name), declared(column)))
    drop_as_of(connection, layout)
    create_as_of(connection, layout)
    connection.execute(
        "UPDATE greenai.golden_table SET layout = %s WHERE table_name = %s",
        [json.dumps(wanted), layout.table],
    )
