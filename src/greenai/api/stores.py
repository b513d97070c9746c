"""Opening the store for a verb: the embedded one is upgraded by itself, a server only when told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from greenai.errors import StoreError
from greenai.settings import EMBEDDED


@contextmanager
def migrated_store(target: str, home: Path | None) -> Iterator[str]:
    """The URL of a store whose tables are those of this program, usable inside the block.

    A server that has none of greenai's tables yet gets them, as the embedded one always does. Raises
    StoreError where a server's tables are older than the program: others may be using them.
    """
    from greenai.embedded.opening import opened_store
    from greenai.store.database import connect, describe
    from greenai.store.migrations import applied, migrate, pending

    with opened_store(target, home) as url:
        with connect(url) as connection:
            waiting = pending(connection)
            if waiting and (target == EMBEDDED or not applied(connection)):
                migrate(connection)
            elif waiting:
                raise StoreError(
                    f"the tables of {describe(url)} are older than this program: {waiting[0]} is missing",
                    remedy="run: greenai db migrate --store URL",
                )
        yield url
