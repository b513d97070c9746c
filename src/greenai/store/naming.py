"""Names that requests give, and the numbers that the store has for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.errors import NotFoundError
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def recon_number(connection: Connection, name: str) -> int:
    """The number of a recon. Raises NotFoundError."""
    row = connection.execute("SELECT recon_id FROM greenai.recon WHERE name = %s", [plain(name)]).fetchone()
    if row is None:
        raise NotFoundError("there is no such recon", value=name, remedy="see GET /api/v1/recons")
    return int(row[0])


def person_numbers(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """The numbers of persons by name. Raises NotFoundError for the first that is none."""
    rows = connection.execute(
        "SELECT name, actor_id FROM greenai.actor WHERE name = ANY(%s) AND kind = 'person'",
        [[plain(name) for name in names]],
    )
    found = {str(name): int(number) for name, number in rows}
    for name in names:
        if name not in found:
            raise NotFoundError("there is no such person", value=name, remedy="name somebody with an account")
    return found


def break_exists(connection: Connection, recon_id: int, break_id: str) -> None:
    """Raise NotFoundError unless the recon has, or had, the break."""
    row = connection.execute(
        "SELECT 1 FROM greenai.break WHERE recon_id = %s AND break_id = %s", [recon_id, break_id]
    ).fetchone()
    if row is None:
        raise NotFoundError("there is no such break", value=break_id)
