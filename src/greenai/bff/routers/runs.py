"""Runs of recons: started, cancelled, run again, told with their numbers, log and what they kept out."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query

from greenai.bff.deps import CallerDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.runs import (
    Bands,
    BreaksBeside,
    CheckShown,
    FieldShown,
    HappenedShown,
    InputShown,
    JobShown,
    NumberBeside,
    RejectedBreakShown,
    RejectedRecords,
    RejectPage,
    RejectShown,
    Rerun,
    RunChange,
    RunListed,
    RunLog,
    RunPage,
    RunsBeside,
    RunShown,
    RunStart,
    RunStarted,
    StageShown,
    TableShown,
    TotalBeside,
    TotalShown,
)
from greenai.domain.runs import State, StoredRun
from greenai.errors import ConflictError, NotFoundError, UsageError
from greenai.pipeline import activating, submission
from greenai.pipeline.run_comparison import compared_runs
from greenai.store import reading, run_pages
from greenai.store.requests import requester

router = new_router("runs")
RunNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of the run.")]
Recon = Annotated[str, Path(max_length=63, description="Name of the recon.", examples=["fx_trades"])]


def insist_run(connection: Any, recon: str, run: int) -> tuple[str, date, State, str | None]:
    """The place of a run of this recon. Raises NotFoundError, also for a run of another one."""
    found = run_pages.place(connection, run)
    if found is None or found[0] != recon:
        raise NotFoundError("the recon has no such run", value=run, remedy="see its list of runs")
    return found


@router.get("/runs", summary="Runs of all recons", dependencies=[requires("runs.read")])
def list_all_runs(
    connection: Reading,
    caller: CallerDep,
    state: Annotated[State | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> RunPage:
    """The runs of the recons that the caller may see, the newest first."""
    only = caller.recons("runs.read")
    before = place_of(cursor, whole)
    found = run_pages.page(
        connection, only=only, state=state, before=before[0] if before else None, limit=limit + 1
    )
    return _page(found, limit)


@router.get("/recons/{recon}/runs", summary="Runs of a recon", dependencies=[requires("runs.read")])
def list_runs(
    recon: Recon,
    connection: Reading,
    state: Annotated[State | None, Query()] = None,
    first: Annotated[date | None, Query(alias="from", description="Earliest business date.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Latest business date.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> RunPage:
    """The runs of a recon, the newest first."""
    activating.insist_recon(connection, recon)
    before = place_of(cursor, whole)
    found = run_pages.page(
        connection,
        recon=recon,
        state=state,
        first=first,
        last=last,
        before=before[0] if before else None,
        limit=limit + 1,
    )
    return _page(found, limit)


@router.post(
    "/recons/{recon}/runs",
    status_code=202,
    summary="Ask for a run",
    dependencies=[requires("runs.start")],
)
def start_run(recon: Recon, asked: RunStart, connection: Writing, caller: CallerDep) -> RunStarted:
    """Ask the engines for a run under the version that is effective on the business date."""
    run = activating.start(
        connection,
        recon,
        asked.business_date,
        urgency=asked.urgency,
        causes=asked.causes,
        person=activating.Person(caller.actor_id, caller.name),
    )
    return RunStarted(run=run)


@router.get("/recons/{recon}/runs/{run}", summary="A run", dependencies=[requires("runs.read")])
def get_run(recon: Recon, run: RunNumber, connection: Reading) -> RunShown:
    """A run with its stages, inputs, numbers, totals and bands, as it stands today."""
    insist_run(connection, recon, run)
    return _shown(reading.run(connection, run), requester(connection, run))


@router.post(
    "/recons/{recon}/runs/{run}/cancellation",
    summary="Cancel a run",
    dependencies=[requires("runs.cancel")],
)
def cancel_run(recon: Recon, run: RunNumber, connection: Writing, caller: CallerDep) -> RunChange:
    """Let nobody work on a run any more; nothing of it is published."""
    _, _, state, _ = insist_run(connection, recon, run)
    try:
        submission.cancel(connection, run, requested_by=caller.name)
    except UsageError as error:
        raise ConflictError(f"the run is {state} already", value=run, remedy="look at it again") from error
    return RunChange(run=run, state="cancelled")


@router.post(
    "/recons/{recon}/runs/{run}/rerun",
    status_code=202,
    summary="Run a date again",
    dependencies=[requires("runs.start")],
)
def rerun(recon: Recon, run: RunNumber, asked: Rerun, connection: Writing, caller: CallerDep) -> RunStarted:
    """Ask for the business date of a run again, under the version that is effective on it now."""
    _, day, _, _ = insist_run(connection, recon, run)
    person = activating.Person(caller.actor_id, caller.name)
    number = activating.start(
        connection, recon, day, urgency=asked.urgency, causes=asked.causes, person=person
    )
    return RunStarted(run=number)


@router.get("/recons/{recon}/runs/{run}/log", summary="Log of a run", dependencies=[requires("runs.read")])
def get_run_log(recon: Recon, run: RunNumber, connection: Reading) -> RunLog:
    """What happened to a run: its stages, attempts, errors and publications, in order."""
    insist_run(connection, recon, run)
    return RunLog(
        items=[HappenedShown.model_validate(one) for one in run_pages.events(connection, run)],
        jobs=[JobShown.model_validate(one) for one in run_pages.jobs(connection, run)],
    )


@router.get(
    "/recons/{recon}/runs/{run}/rejects",
    summary="Rows that a run could not read",
    dependencies=[requires("runs.read")],
)
def list_rejects(
    recon: Recon, run: RunNumber, connection: Reading, cursor: Cursor = None, limit: Limit = 100
) -> RejectPage:
    """Rows that could not be split into columns, or have no readable key."""
    insist_run(connection, recon, run)
    after = place_of(cursor, whole)
    found = run_pages.rejected_rows(connection, run, after=after[0] if after else -1, limit=limit + 1)
    return RejectPage(
        items=[RejectShown.model_validate(one) for _, one in found[:limit]],
        next=next_of(found, limit, lambda one: (one[0],)),
    )


@router.get(
    "/recons/{recon}/runs/{run}/rejected",
    summary="Records that a run kept out",
    dependencies=[requires("breaks.read")],
)
def list_rejected_records(
    recon: Recon, run: RunNumber, connection: Reading, limit: Limit = 100
) -> RejectedRecords:
    """Breaks by which the gate or a person rejected records, with the rows that are kept out."""
    insist_run(connection, recon, run)
    found = reading.rejected(connection, run, limit=limit + 1)
    return RejectedRecords(
        records=found.records if len(found.breaks) <= limit else limit,
        items=[RejectedBreakShown.model_validate(one) for one in found.breaks[:limit]],
        truncated=len(found.breaks) > limit,
    )


@router.get(
    "/recons/{recon}/runs/{run}/comparison",
    summary="One run beside another",
    dependencies=[requires("runs.read")],
)
def compare_runs(
    recon: Recon,
    run: RunNumber,
    connection: Reading,
    other: Annotated[int, Query(ge=1, le=2**63 - 1, alias="with", description="The other run.")],
) -> RunsBeside:
    """The run (a) beside another (b) of the recon: numbers, inputs, version, what became of breaks."""
    insist_run(connection, recon, run)
    insist_run(connection, recon, other)
    found = compared_runs(connection, run, other)
    return RunsBeside(
        a=RunListed.model_validate(found.a.line),
        b=RunListed.model_validate(found.b.line),
        same_version=found.same_version,
        same_inputs=found.same_inputs,
        numbers=[
            NumberBeside(name=name, a=a, b=b, change=None if a is None or b is None else b - a)
            for name, (a, b) in found.numbers.items()
        ],
        totals=[
            TotalBeside(currency=currency, net_a=a, net_b=b) for currency, (a, b) in found.totals.items()
        ],
        breaks=None if found.breaks is None else BreaksBeside.model_validate(found.breaks),
    )


def _page(found: list[Any], limit: int) -> RunPage:
    return RunPage(
        items=[RunListed.model_validate(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.run,)),
    )


def _shown(run: StoredRun, requested_by: str | None) -> RunShown:
    line = {name: getattr(run.line, name) for name in RunListed.model_fields}
    published = run.rows is not None
    return RunShown(
        **line,
        fingerprint=run.fingerprint,
        requested_by=requested_by,
        systems=run.systems,
        inputs=[InputShown.model_validate(one) for one in run.inputs],
        stages=[StageShown.model_validate(one) for one in run.stages],
        published_at=run.published_at,
        rows=run.rows.as_dict() if run.rows is not None else None,
        bands=Bands(**run.decisions.as_dict(), passed_by=run.passed_by) if published else None,
        records=run.records.as_dict() if published else None,
        reasons=run.reasons,
        fields=[FieldShown(field=name, **counts.as_dict()) for name, counts in run.fields.items()],
        amount=run.amount,
        totals=[TotalShown.model_validate(one.as_dict()) for one in run.totals],
        oldest_days=run.oldest_days,
        suspended_rules=run.suspended,
        checks=[CheckShown.model_validate(one) for one in run.checks],
        unexplained=[one.as_dict() for one in run.unexplained],
        stored=[TableShown(table=name, **one.as_dict()) for name, one in run.stored.items()],
    )
