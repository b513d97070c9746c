"""Golden tables made before a run: where a definition says all that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenai.store.layout import layouts
from greenai.store.tables import constrain, open_table

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition

    Connection = psycopg.Connection[Any]


def make_tables(
    connection: Connection, recon_id: int, definition: Definition
) -> tuple[tuple[str, ...], bool]:
    """Make the golden tables of a definition; names of those that were made, and whether a run has to.

    Only the first run knows fields, key or types that the definition leaves to it. Raises StoreError.
    """
    if definition.store is None:
        return (), False
    types = {name: rule.type for name, rule in (definition.fields or {}).items()}
    typed = {name: kind for name, kind in types.items() if kind is not None}
    if definition.key is None or not typed or len(typed) < len(types):
        return (), True
    ordered = {
        name: typed[name] for name in (*definition.key, *(n for n in typed if n not in definition.key))
    }
    made = []
    for layout in layouts(definition.store, definition.key, ordered):
        if open_table(connection, layout, recon_id):
            constrain(connection, layout)
            made.append(layout.table)
    return tuple(made), False
