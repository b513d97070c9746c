"""Jobs of engines: what waits, goes on, or was given up and may be tried again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.jobs import JobListed, JobPage, Queues, QueueShown
from greenai.domain.jobs import JobState
from greenai.errors import ConflictError, NotFoundError
from greenai.pipeline import submission
from greenai.store import job_pages, jobs

router = new_router("jobs")
JobNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the job.")]


@router.get("/jobs", summary="Jobs", dependencies=[requires("jobs.read")])
def list_jobs(
    connection: Reading,
    state: Annotated[JobState | None, Query(description="dead: what was given up.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> JobPage:
    """Jobs of all engines, the last first."""
    before = place_of(cursor, whole)
    found = job_pages.page(connection, state=state, before=before[0] if before else None, limit=limit + 1)
    return JobPage(
        items=[JobListed.model_validate(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.job,)),
    )


@router.get("/queues", summary="Queues", dependencies=[requires("jobs.read")])
def list_queues(connection: Reading) -> Queues:
    """How many jobs each engine has that are not done."""
    depth = jobs.depth(connection)
    return Queues(
        items=[QueueShown(engine=engine, state=state, jobs=n) for (engine, state), n in depth.items()]
    )


@router.get("/jobs/{job}", summary="A job", dependencies=[requires("jobs.read")])
def get_job(job: JobNumber, connection: Reading) -> JobListed:
    """A job, with its last error."""
    found = jobs.listed(connection, job_id=job, limit=1)
    if not found:
        raise NotFoundError("there is no such job", value=job, remedy="GET /jobs lists them")
    return JobListed.model_validate(found[0])


@router.post("/jobs/{job}/retry", summary="Try a dead job again", dependencies=[requires("jobs.manage")])
def retry_job(job: JobNumber, connection: Writing, caller: CallerDep) -> JobListed:
    """Try a job again that was given up, and its run with it."""
    found = jobs.listed(connection, job_id=job, limit=1)
    if not found:
        raise NotFoundError("there is no such job", value=job, remedy="GET /jobs lists them")
    if found[0].state != "dead":
        raise ConflictError(f"the job is {found[0].state}, not dead", remedy="look at it again")
    submission.retry(connection, job, requested_by=caller.name)
    return JobListed.model_validate(jobs.listed(connection, job_id=job, limit=1)[0])
