"""Schedules: when recons run by themselves, and past dates that are run again."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.schedules import (
    BackfillAsked,
    BackfillShown,
    ScheduleAsked,
    SchedulePage,
    ScheduleShown,
)
from greenai.definition.loading import from_data
from greenai.domain.schedules import Scheduled, ScheduleState
from greenai.errors import GreenaiError, NotFoundError, UsageError
from greenai.pipeline import activating, registering
from greenai.pipeline.effective import effective_definition
from greenai.pipeline.scheduling import next_firing, timing
from greenai.store import schedules
from greenai.store.actors import audit

router = new_router("schedules")
Recon = Annotated[str, Path(max_length=63, description="Name of the recon.", examples=["fx_trades"])]


@router.get("/schedules", summary="Recons that run by themselves", dependencies=[requires("recons.read")])
def list_schedules(connection: Reading, caller: CallerDep) -> SchedulePage:
    """The schedules of the recons that the caller may see; there is one page."""
    only = caller.recons("recons.read")
    return SchedulePage(
        items=[
            _shown(connection, one)
            for one in schedules.schedules(connection)
            if only is None or one.recon in only
        ],
        next=None,
    )


@router.get("/recons/{recon}/schedule", summary="Schedule of a recon", dependencies=[requires("recons.read")])
def get_schedule(recon: Recon, connection: Reading) -> ScheduleShown:
    """When the recon runs by itself."""
    return _shown(connection, _scheduled(connection, recon))


@router.put("/recons/{recon}/schedule", summary="Set a schedule", dependencies=[requires("schedules.manage")])
def set_schedule(recon: Recon, asked: ScheduleAsked, connection: Writing, caller: CallerDep) -> ScheduleShown:
    """Let the recon run by itself from now on, each date under the version that holds on it."""
    recon_id = activating.insist_recon(connection, recon)
    definition = effective_definition(connection, recon_id, date.today())
    if definition is None:
        raise UsageError(
            "no version of the recon is effective", remedy="propose one, and let another person approve it"
        )
    given = asked.model_dump(mode="json", exclude_none=True)
    schedule = from_data(
        {"recon": recon, "sources": {"a": {"location": "a"}, "b": {"location": "b"}}, "schedule": given},
        source="schedule",
    ).schedule
    before = _timing_of(connection, recon)
    registering.register(
        connection,
        definition.model_copy(update={"schedule": schedule}),
        folder=activating.NOWHERE,
        actor=caller.name,
    )
    found = _scheduled(connection, recon)
    details = {"before": before, "after": dict(found.registration.timing)}
    audit(connection, caller.name, "set_schedule", details, recon_id=recon_id)
    return _shown(connection, found)


@router.post(
    "/recons/{recon}/schedule/pause", summary="Pause a schedule", dependencies=[requires("schedules.manage")]
)
def pause_schedule(recon: Recon, connection: Writing, caller: CallerDep) -> ScheduleShown:
    """Let nothing of the recon begin by itself; what would be due meanwhile never is."""
    return _changed(connection, recon, "paused", caller.name)


@router.post(
    "/recons/{recon}/schedule/resumption",
    summary="Resume a schedule",
    dependencies=[requires("schedules.manage")],
)
def resume_schedule(recon: Recon, connection: Writing, caller: CallerDep) -> ScheduleShown:
    """Let the recon run by itself again."""
    return _changed(connection, recon, "active", caller.name)


@router.delete(
    "/recons/{recon}/schedule",
    status_code=204,
    summary="Remove a schedule",
    dependencies=[requires("schedules.manage")],
)
def remove_schedule(recon: Recon, connection: Writing, caller: CallerDep) -> None:
    """Let the recon run by itself no more; runs go on."""
    found = _scheduled(connection, recon)
    schedules.change(connection, recon, "removed")
    details = {"before": dict(found.registration.timing), "after": None}
    audit(connection, caller.name, "remove_schedule", details, recon_id=found.recon_id)


@router.post(
    "/recons/{recon}/backfill",
    status_code=202,
    summary="Run past dates again",
    dependencies=[requires("runs.start")],
)
def backfill(recon: Recon, asked: BackfillAsked, connection: Writing, caller: CallerDep) -> BackfillShown:
    """Ask for a run of each business date of a range, under the version that holds on each."""
    found = _scheduled(connection, recon)
    days, waiting = registering.backfill(connection, recon, asked.first, asked.last, today=date.today())
    details = {"first": asked.first.isoformat(), "last": asked.last.isoformat(), "asked": len(days)}
    audit(connection, caller.name, "backfill", details, recon_id=found.recon_id)
    return BackfillShown(asked=days, waiting=waiting)


def _scheduled(connection: Any, recon: str) -> Scheduled:
    activating.insist_recon(connection, recon)
    try:
        return schedules.scheduled(connection, recon)
    except UsageError:
        raise NotFoundError(
            "the recon does not run by itself", value=recon, remedy="set a schedule first"
        ) from None


def _timing_of(connection: Any, recon: str) -> dict[str, Any] | None:
    found = [one for one in schedules.schedules(connection) if one.recon == recon]
    return dict(found[0].registration.timing) if found else None


def _changed(connection: Any, recon: str, state: ScheduleState, actor: str) -> ScheduleShown:
    before = _scheduled(connection, recon)
    schedules.change(connection, recon, state)
    word = "pause_schedule" if state == "paused" else "resume_schedule"
    audit(connection, actor, word, {"before": before.state, "after": state}, recon_id=before.recon_id)
    return _shown(connection, _scheduled(connection, recon))


def _shown(connection: Any, one: Scheduled) -> ScheduleShown:
    following = None
    if one.state == "active":
        try:
            following = next_firing(timing(one.registration), schedules.now(connection))
        except GreenaiError:  # what an older or newer program registered says nothing of what is next
            following = None
    return ScheduleShown(
        recon=one.recon,
        state=one.state,
        version=one.version,
        registered_at=one.registration.registered_at,
        timing=dict(one.registration.timing),
        next_at=None if following is None else following.at,
        next_business_date=None if following is None else following.business_date,
    )
