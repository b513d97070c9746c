"""Opening the store for a verb: the embedded one is upgraded by itself, a server only when told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.errors import StoreError
from greenai.settings import EMBEDDED

if TYPE_CHECKING:
    import psycopg


@contextmanager
def migrated_store(target: str, home: Path | None) -> Iterator[str]:
    """The URL of a store whose tables are those of this program, usable inside the block.

    A server that has none of greenai's tables yet gets them, as the embedded one always does. Raises
    StoreError where a server's tables are older than the program: others may be using them.
    """
    from greenai.embedded.opening import opened_store
    from greenai.store.database import connect

    with opened_store(target, home) as url:
        with connect(url) as connection:
            bring_up_to_date(connection, url, own=target == EMBEDDED)
        yield url


def bring_up_to_date(connection: psycopg.Connection[Any], url: str, *, own: bool) -> None:
    """Migrate a store that is the program's `own`, or that has no tables yet. Raises StoreError otherwise."""
    from greenai.store.database import describe
    from greenai.store.migrations import applied, migrate, pending

    waiting = pending(connection)
    if waiting and (own or not applied(connection)):
        migrate(connection)
    elif waiting:
        raise StoreError(
            f"the tables of {describe(url)} are older than this program: {waiting[0]} is missing",
            remedy="run: greenai db migrate --store URL",
        )
