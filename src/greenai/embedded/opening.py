"""Reach the store wherever it is: a server with a URL, or the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from greenai.errors import UsageError
from greenai.settings import EMBEDDED, NONE


@contextmanager
def opened_store(where: str, home: Path | None) -> Iterator[str]:
    """The URL to connect to for what `settings.store_url` said, usable inside the block.

    Raises UsageError for `NONE`, which is no store; StoreError when the embedded server cannot start,
    and for what goes wrong inside the block with the server, wherever it is.
    """
    if where == NONE:
        raise UsageError("there is no store to open", remedy="leave --store out, or give a PostgreSQL URL")
    from greenai.store.database import explained

    if where != EMBEDDED:
        with explained(where):
            yield where
        return
    if home is None:
        raise UsageError("there is no folder for the embedded database", remedy="set GREENAI_HOME")
    from greenai.embedded.postgres import embedded_postgres

    with embedded_postgres(home) as url, explained(url):
        yield url
