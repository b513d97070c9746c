"""Exports of filtered lists of breaks, streamed."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from typing import Annotated, Any, Final

from fastapi import Query, Response

from greenai.bff.deps import CallerDep, PlatformDep, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.export import ExportQuery
from greenai.bff.streams import Told
from greenai.errors import PlatformError
from greenai.pipeline.exporting import MEDIA_TYPES, Export, Wanted
from greenai.store.lists import Sort

router = new_router("exports")
AT_ONCE: Final = 4
"""Exports of one process: each holds a connection for as long as its client takes."""
_free = threading.BoundedSemaphore(AT_ONCE)
ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The rows, in the order of the list. `X-Total-Rows` says how many there are.",
        "content": {
            kind.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
        "headers": {
            "X-Total-Rows": {"schema": {"type": "integer"}, "description": "How many rows there are."}
        },
    }
}


@router.get(
    "/recons/{recon}/breaks/export",
    dependencies=[requires("exports.read")],
    response_class=Response,
    responses=ANSWER,
)
def export_breaks(
    platform: PlatformDep, caller: CallerDep, recon: str, given: Annotated[ExportQuery, Query()]
) -> Response:
    """All breaks of a filter as CSV, Excel, Parquet or JSON lines.

    Texts of CSV that a spreadsheet would take for formulas have an apostrophe before them; in Excel they are
    texts. Decimals are exact: where Excel cannot keep their digits they are texts there. An answer that
    breaks off is one whose connection ends before its time; count the rows to be sure.
    """
    caller.insist("breaks.read", recon)
    if not _free.acquire(blocking=False):
        raise PlatformError(
            f"{AT_ONCE} exports are under way here", remedy="ask again when one of them is done"
        )
    held = ExitStack()
    held.callback(_free.release)
    try:
        connection = platform.pool.getconn()
        held.callback(platform.pool.putconn, connection)
        wanted = Wanted(recon, given.filter(), Sort.of(given.sort), given.columns, given.format)
        export = Export(connection, caller, wanted, platform.settings.temporary)
        held.callback(export.close)
        parts = export.parts()
        held.callback(parts.close)
    except BaseException:
        held.close()
        raise
    headers = {
        "content-disposition": f'attachment; filename="{export.name}"',
        "x-total-rows": str(export.rows),
    }
    if export.length is not None:
        headers["content-length"] = str(export.length)
    return Told(parts, held.close, media_type=export.media_type, headers=headers)
