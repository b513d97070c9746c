"""Notices: what somebody was told of scheduled runs, or could not be told."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.schedules import NoticePage, NoticeShown
from greenai.domain.schedules import NoticeLine, NoticeState
from greenai.errors import ConflictError, NotFoundError
from greenai.store import job_pages, notices
from greenai.store.actors import audit

router = new_router("notices")
NoticeNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the notice.")]


@router.get("/notices", summary="Notices", dependencies=[requires("recons.read")])
def list_notices(
    connection: Reading,
    caller: CallerDep,
    recon: Annotated[str | None, Query(max_length=63)] = None,
    state: Annotated[NoticeState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> NoticePage:
    """What was told about the recons that the caller may see, the last first."""
    before = place_of(cursor, whole)
    found = job_pages.notices(
        connection,
        recon=recon,
        only=caller.recons("recons.read"),
        state=state,
        before=before[0] if before else None,
        limit=limit + 1,
    )
    return NoticePage(
        items=[shown(one) for one in found[:limit]], next=next_of(found, limit, lambda one: (one.notice_id,))
    )


@router.post(
    "/notices/{notice}/retry", summary="Try a dead notice again", dependencies=[requires("jobs.manage")]
)
def retry_notice(notice: NoticeNumber, connection: Writing, caller: CallerDep) -> NoticeShown:
    """Try again to tell what could not be told."""
    found = job_pages.notices(connection, notice=notice, limit=1)
    if not found:
        raise NotFoundError("there is no such notice", value=notice, remedy="GET /notices lists them")
    if found[0].state != "dead":
        raise ConflictError(f"the notice is {found[0].state}, not dead", remedy="look at it again")
    notices.retry(connection, notice)
    audit(connection, caller.name, "retry_notice", {"notice": notice, "recon": found[0].recon})
    return shown(job_pages.notices(connection, notice=notice, limit=1)[0])


def shown(line: NoticeLine) -> NoticeShown:
    """A notice as it is answered."""
    names = NoticeShown.model_fields.keys() - {"notice", "run"}
    same = {name: getattr(line, name) for name in names}
    return NoticeShown(notice=line.notice_id, run=line.run_id, **same)
