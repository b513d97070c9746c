"""Uploaded files in the store: where they are, whose they are, until when they are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

KEPT_DAYS: Final = 30
"""Days after which an upload is removed that no definition reads."""
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class UploadFile:
    """A file of an upload: its name, size and ``sha256:`` hash."""

    name: str
    bytes: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload with its files."""

    upload_id: str
    name: str
    media_type: str
    bytes: int
    content_hash: str
    actor_id: int
    uploaded_by: str
    created_at: datetime
    expires_at: datetime
    files: tuple[UploadFile, ...]


def add(
    connection: Connection,
    upload_id: str,
    *,
    folder: str,
    name: str,
    media_type: str,
    size: int,
    content_hash: str,
    files: Sequence[UploadFile],
    actor_id: int,
) -> None:
    """Note an upload whose files are in its folder."""
    given = {
        "upload": upload_id,
        "folder": folder,
        "name": plain(name),
        "media": media_type,
        "bytes": size,
        "hash": content_hash,
        "actor": actor_id,
        "days": KEPT_DAYS,
    }
    connection.execute(queries("uploads")["add"], given)
    for one in files:
        connection.execute(
            queries("uploads")["add_file"],
            {"upload": upload_id, "name": plain(one.name), "bytes": one.bytes, "hash": one.content_hash},
        )


def listed(
    connection: Connection,
    *,
    actor_id: int | None,
    upload_id: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> list[Upload]:
    """Uploads that are there, the last first; those of one person, or of all."""
    at, last = after or (None, None)
    given = {"actor": actor_id, "upload": upload_id, "at": at, "after": last, "limit": limit}
    return [
        Upload(*(upload.hex, *rest, tuple(UploadFile(**one) for one in files)))
        for upload, *rest, files in connection.execute(queries("uploads")["list"], given)
    ]


def one(connection: Connection, upload_id: str) -> Upload | None:
    """An upload; None where there is none, or no more."""
    if not _ID.fullmatch(upload_id):
        return None
    found = listed(connection, actor_id=None, upload_id=upload_id, limit=1)
    return found[0] if found else None


def folder_of(connection: Connection, upload_id: str) -> str | None:
    """The folder of an upload; None where there is none, or no more."""
    if not _ID.fullmatch(upload_id):
        return None
    row = connection.execute(queries("uploads")["folder"], {"upload": upload_id}).fetchone()
    return None if row is None else str(row[0])


def held(connection: Connection, actor_id: int) -> int:
    """Bytes that somebody's uploads take."""
    row = connection.execute(queries("uploads")["held"], {"actor": actor_id}).fetchone()
    assert row is not None
    return int(row[0])


def remove(connection: Connection, upload_id: str) -> str | None:
    """Note that an upload is removed; returns its folder, None where it was not there."""
    row = connection.execute(queries("uploads")["remove"], {"upload": upload_id}).fetchone()
    return None if row is None else str(row[0])


def expired(connection: Connection, limit: int = 20) -> list[tuple[str, str]]:
    """Uploads whose time is over, with their folders; nobody else gets them until the transaction ends."""
    rows = connection.execute(queries("uploads")["expired"], {"limit": limit})
    return [(upload.hex, str(folder)) for upload, folder in rows]


def keep(connection: Connection, upload_id: str) -> None:
    """Keep an upload for another while."""
    connection.execute(queries("uploads")["keep"], {"upload": upload_id, "days": KEPT_DAYS})
