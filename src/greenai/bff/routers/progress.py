"""Live progress of a run by server-sent events."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import StreamingResponse

from greenai.bff.deps import PlatformDep, Reading, requires
from greenai.bff.live import Live, snapshot
from greenai.bff.platform import Platform
from greenai.bff.router import new_router
from greenai.bff.routers.runs import Recon, RunNumber, insist_run
from greenai.store import run_pages

router = new_router("runs")


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


def ended_as(
    recon: Recon,
    run: RunNumber,
    connection: Reading,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> bool:
    """Whether the last event is the end of the run, so that nothing follows. Raises NotFoundError."""
    insist_run(connection, recon, run)
    standing = run_pages.standing(connection, [run])
    if last_event_id is None or not standing:
        return False
    found = snapshot(standing[0], None)
    return found.ended and found.event_id == last_event_id


def live_of(app: FastAPI, platform: Platform) -> Live:
    """What this process knows of runs that are watched."""
    found: Live | None = getattr(app.state, "live", None)
    if found is None:
        found = app.state.live = Live(platform)
    return found


@router.get(
    "/recons/{recon}/runs/{run}/events",
    summary="Live progress of a run",
    dependencies=[requires("runs.read")],
    response_class=EventStream,
    responses={
        200: {
            "description": "Events `progress`, at last `end`; each holds state, stages and how far one is.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: {"description": "All was sent up to `Last-Event-ID`: do not ask again."},
    },
)
async def watch_run(
    request: Request,
    run: RunNumber,
    platform: PlatformDep,
    over: Annotated[bool, Depends(ended_as)],
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
) -> Response:
    """Where the run is, at once and whenever that changes, until it has ended."""
    if over:
        return Response(status_code=204)
    live = live_of(request.app, platform)
    live.insist_room()
    return EventStream(live.events(run, last_event_id), headers={"x-accel-buffering": "no"})
