"""Folders and databases of tests: made empty, named apart, dropped afterwards."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


def short_folder() -> Path:
    """A folder that the server's user may enter too: pytest's own is closed to all others, and the tests
    may run as root, for whom another user runs PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    folder.chmod(0o755)
    return folder


def databases(server: str, template: str) -> Iterator[Callable[[], str]]:
    """Give a maker of databases, and drop what it made."""
    from greenai.store.database import connect

    made = []

    def make() -> str:
        name = f"test_{secrets.token_hex(6)}"
        with connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        made.append(name)
        return named(server, name)

    yield make
    with connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def named(url: str, database: str) -> str:
    """The URL of another database of the same server."""
    return url.replace("@/greenai?", f"@/{database}?")
