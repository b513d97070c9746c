"""Uploads: files that people send, to be sources of recons."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine
from pathlib import Path as Folder
from typing import Annotated, Any, Final

from fastapi import File, Path, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from greenai.bff.deps import CallerDep, PlatformDep, Reading, Writing, requires
from greenai.bff.deps import caller as found_caller
from greenai.bff.paging import Cursor, Limit, moment, next_of, place_of, word
from greenai.bff.platform import Platform
from greenai.bff.route import PlatformRoute
from greenai.bff.router import new_router, refusals
from greenai.bff.schemas.uploads import UploadFileShown, UploadPage, UploadShown
from greenai.bff.unit import Unit
from greenai.definition.named_locations import SCHEME, UPLOADS
from greenai.errors import PlatformError, UsageError
from greenai.pipeline import uploading
from greenai.store import uploads
from greenai.store.uploads import Upload

LONGEST: Final = 900.0
"""Seconds that a file may take to arrive."""
AT_ONCE: Final = 8
"""Files that one process takes in at once."""


class ReceivingRoute(PlatformRoute):
    """Takes a file in before the request gets a connection, and from nobody who may not send one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a request, once its file has arrived."""
        handle = super().get_route_handler()

        async def after_arrival(request: Request) -> Response:
            await run_in_threadpool(insist_sender, request)
            async with arriving(request):
                try:
                    form = await asyncio.wait_for(request.form(max_files=1, max_fields=4), LONGEST)
                except TimeoutError:
                    raise UsageError(
                        f"the file did not arrive in {LONGEST:.0f} seconds", remedy="send a smaller one"
                    ) from None
                if request.headers.get("idempotency-key") is not None:
                    request.state.form_digest = await run_in_threadpool(digest_of, form)
            return await handle(request)

        return after_arrival


def digest_of(form: FormData) -> str:
    """What was sent, in a few characters: names and values, and of files the whole content."""
    digest = hashlib.sha256()
    for name, value in form.multi_items():
        digest.update(json.dumps([name, value if isinstance(value, str) else value.filename]).encode())
        if not isinstance(value, str):
            for part in iter(lambda: value.file.read(1 << 20), b""):  # noqa: B023 (read before the next one)
                digest.update(part)
            value.file.seek(0)
    return digest.hexdigest()


def insist_sender(request: Request) -> None:
    """Raise AuthenticationError or ForbiddenError for who may not send files."""
    platform: Platform = request.app.state.platform
    unit = Unit(platform, request, None)
    try:
        found_caller(request, unit, platform).insist("uploads.write")
    finally:
        unit.end(None)


def arriving(request: Request) -> asyncio.Semaphore:
    """What files wait for, so that those of slow senders do not fill the disk."""
    state = request.app.state
    found: asyncio.Semaphore | None = getattr(state, "arriving", None)
    if found is None:
        found = state.arriving = asyncio.Semaphore(AT_ONCE)
    return found


router = new_router("uploads")
receiving = new_router("uploads")
receiving.route_class = ReceivingRoute
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Number of the upload, 32 hex digits.")]


@receiving.post(
    "/uploads",
    status_code=201,
    summary="Send a file",
    dependencies=[requires("uploads.write")],
    responses=refusals(400),
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


router.include_router(receiving)


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
