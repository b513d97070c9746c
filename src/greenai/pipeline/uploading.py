"""Uploads: taken in, kept for a while, removed."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
import uuid
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from greenai.definition.named_locations import UPLOADS
from greenai.errors import ConflictError, NotFoundError, UsageError
from greenai.pipeline.archives import BLOCK, LIMITS, MEDIA_TYPES, Limits, harmless_name, kind_of, unpacked
from greenai.pipeline.shelf import told
from greenai.store import definition_changes, uploads
from greenai.store.actors import audit

if TYPE_CHECKING:
    import psycopg

    from greenai.store.uploads import Upload

    Connection = psycopg.Connection[Any]

LARGEST: Final = 1_000_000_000
"""Bytes of one upload."""
SHARE: Final = 10_000_000_000
"""Bytes that the uploads of one person may take."""
ABANDONED: Final = 86_400.0
"""Seconds after which a folder that no upload knows is removed."""


def area_of(workspace: Path) -> Path:
    """The folder of all uploads, below the workspace that engines share."""
    return workspace / UPLOADS


def take_in(
    connection: Connection,
    stream: IO[bytes],
    name: str,
    *,
    workspace: Path,
    actor: str,
    actor_id: int,
    largest: int = LARGEST,
    limits: Limits = LIMITS,
) -> Upload:
    """Keep what somebody sends; an archive is expanded. Raises UsageError for what cannot be a source.

    The folder is there before the transaction ends: one that comes to nothing is removed later.
    """
    kept_name = harmless_name(name)
    if uploads.held(connection, actor_id) >= SHARE:
        raise ConflictError(
            f"your uploads take more than {SHARE:,} bytes", remedy="remove some that are not needed any more"
        )
    upload_id = uuid.uuid4().hex
    folder = area_of(workspace).absolute() / upload_id
    try:
        with told(folder):
            folder.mkdir(parents=True, mode=0o700)
            incoming = folder / ".incoming"
            size, digest = _received(stream, incoming, largest)
            media_type = MEDIA_TYPES[kind_of(incoming)]
            files = unpacked(incoming, kept_name, folder, limits)
        uploads.add(
            connection,
            upload_id,
            folder=str(folder),
            name=kept_name,
            media_type=media_type,
            size=size,
            content_hash=digest,
            files=files,
            actor_id=actor_id,
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    details = {
        "upload": upload_id,
        "name": kept_name,
        "bytes": size,
        "content_hash": digest,
        "files": [one.name for one in files],
    }
    audit(connection, actor, "upload", details)
    found = uploads.one(connection, upload_id)
    assert found is not None
    return found


def _received(stream: IO[bytes], target: Path, largest: int) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > largest:
                raise UsageError(f"the file has more than {largest:,} bytes", remedy="send smaller files")
            digest.update(block)
            file.write(block)
    return size, f"sha256:{digest.hexdigest()}"


def own(connection: Connection, upload_id: str, actor_id: int) -> Upload:
    """An upload of somebody. Raises NotFoundError, also for one of others."""
    found = uploads.one(connection, upload_id)
    if found is None or found.actor_id != actor_id:
        raise NotFoundError("there is no such upload", value=upload_id, remedy="GET /uploads lists yours")
    return found


def remove(connection: Connection, upload: Upload, *, actor: str) -> None:
    """Remove an upload. Raises ConflictError while a definition that holds, or is to, reads it."""
    if needed(connection, upload.upload_id):
        raise ConflictError(
            "a definition reads this upload", remedy="propose a version without it, or retire the recon"
        )
    folder = uploads.remove(connection, upload.upload_id)
    audit(connection, actor, "remove_upload", {"upload": upload.upload_id, "name": upload.name})
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def needed(connection: Connection, upload_id: str) -> bool:
    """Whether a definition that holds, or is proposed to, reads an upload."""
    return definition_changes.read_by_any(connection, f"{UPLOADS}/{upload_id}/")


def forget(connection: Connection, workspace: Path) -> int:
    """Remove uploads whose time is over, and folders of those that came to nothing; returns how many.

    What a definition reads is kept for another while. The connection must be autocommit.
    """
    removed = 0
    with connection.transaction():
        for upload_id, folder in uploads.expired(connection):
            if needed(connection, upload_id):
                uploads.keep(connection, upload_id)
                continue
            uploads.remove(connection, upload_id)
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    before = time.time() - ABANDONED
    with contextlib.suppress(OSError):
        for left in area_of(workspace).iterdir():
            if left.stat().st_mtime < before and uploads.folder_of(connection, left.name) is None:
                shutil.rmtree(left, ignore_errors=True)
                removed += 1
    return removed
