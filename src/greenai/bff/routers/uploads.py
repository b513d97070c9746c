"""Uploads: files that people send, to be sources of recons."""

from __future__ import annotations

from pathlib import Path as Folder
from typing import Annotated

from fastapi import File, Path, Response, UploadFile

from greenai.bff.deps import CallerDep, PlatformDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, moment, next_of, place_of, word
from greenai.bff.platform import Platform
from greenai.bff.router import new_router
from greenai.bff.schemas.uploads import UploadFileShown, UploadPage, UploadShown
from greenai.definition.named_locations import SCHEME, UPLOADS
from greenai.errors import PlatformError, UsageError
from greenai.pipeline import uploading
from greenai.store import uploads
from greenai.store.uploads import Upload

router = new_router("uploads")
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Number of the upload, 32 hex digits.")]


@router.post(
    "/uploads",
    status_code=201,
    summary="Send a file",
    dependencies=[requires("uploads.write")],
    max_body_size=uploading.LARGEST + 1_000_000,
)
def create_upload(
    connection: Writing,
    caller: CallerDep,
    platform: PlatformDep,
    response: Response,
    file: Annotated[UploadFile, File(description="CSV, Excel, Parquet, Arrow, JSON, XML, or zip, gz, tar.")],
) -> UploadShown:
    """Keep a file as a source; archives are expanded. Formulas in cells stay texts."""
    if not file.filename:
        raise UsageError("the file has no name", column="file", remedy="send it with its name")
    found = uploading.take_in(
        connection,
        file.file,
        file.filename,
        workspace=workspace_of(platform),
        actor=caller.name,
        actor_id=caller.actor_id,
    )
    response.headers["location"] = f"/api/v1/uploads/{found.upload_id}"
    return shown(found)


@router.get("/uploads", summary="Your uploads", dependencies=[requires("uploads.write")])
def list_uploads(
    connection: Reading, caller: CallerDep, cursor: Cursor = None, limit: Limit = 100
) -> UploadPage:
    """The caller's uploads that are there, the last first."""
    after = place_of(cursor, moment, _upload_id)
    found = uploads.listed(
        connection, actor_id=caller.actor_id, after=(after[0], after[1]) if after else None, limit=limit + 1
    )
    return UploadPage(
        items=[shown(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.created_at, one.upload_id)),
    )


@router.get("/uploads/{upload}", summary="An upload", dependencies=[requires("uploads.write")])
def get_upload(upload: UploadId, connection: Reading, caller: CallerDep) -> UploadShown:
    """An upload of the caller, with its files."""
    return shown(uploading.own(connection, upload, caller.actor_id))


@router.delete(
    "/uploads/{upload}", status_code=204, summary="Remove an upload", dependencies=[requires("uploads.write")]
)
def remove_upload(upload: UploadId, connection: Writing, caller: CallerDep) -> None:
    """Remove an upload that no definition reads."""
    found = uploading.own(connection, upload, caller.actor_id)
    uploading.remove(connection, found, actor=caller.name)


def workspace_of(platform: Platform) -> Folder:
    """The workspace that engines share. Raises PlatformError where none is set."""
    if platform.settings.workspace is None:
        raise PlatformError("there is no workspace for uploads", remedy="set GREENAI_WORKSPACE")
    return platform.settings.workspace


def shown(upload: Upload) -> UploadShown:
    """An upload as it is answered."""
    return UploadShown(
        upload=upload.upload_id,
        name=upload.name,
        media_type=upload.media_type,
        bytes=upload.bytes,
        content_hash=upload.content_hash,
        uploaded_by=upload.uploaded_by,
        created_at=upload.created_at,
        expires_at=upload.expires_at,
        files=[
            UploadFileShown(
                name=one.name,
                bytes=one.bytes,
                content_hash=one.content_hash,
                location=f"{SCHEME}{UPLOADS}/{upload.upload_id}/{one.name}",
            )
            for one in upload.files
        ],
    )


def _upload_id(value: object) -> str:
    found = word(value)
    if len(found) != 32 or not set(found) <= set("0123456789abcdef"):
        raise ValueError
    return found
