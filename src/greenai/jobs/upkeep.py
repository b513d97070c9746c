"""What the scheduler that leads does for those who work on breaks: due times, escalations, tallies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from greenai.pipeline.escalation import escalate, keep_due_times
from greenai.store import schedules, tallies

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def tend(connection: Connection, tell: Callable[..., None]) -> None:
    """Do once what is to be done now, a little of what takes long. The connection must be autocommit.

    Breaks of new runs have their due times, those concerned are told of overdue ones, and a published run
    that was not counted is.
    """
    for recon, breaks in keep_due_times(connection):
        tell("due_times_set", recon=recon, breaks=breaks)
    for one in escalate(connection, schedules.now(connection)):
        tell("escalated", recon=one.recon, escalation=one.escalation_id, breaks=one.breaks)
    for run in tallies.untallied(connection, limit=1):
        with connection.transaction():
            counted = tallies.tally(connection, run)
        if counted:
            tell("run_tallied", run=run.run_id)
