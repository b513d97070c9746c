"""Letting a recon run by itself, and asking for past business dates again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.fingerprint import fingerprint
from greenai.definition.schedule import Schedule
from greenai.errors import UsageError
from greenai.pipeline.scheduling import business_days, end_of_day, registered, timing
from greenai.store import definitions, schedules

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition

    Connection = psycopg.Connection[Any]

MOST_DATES: Final = 1000
"""Business dates of one backfill: more are surely a slip of the keyboard."""


def register(connection: Connection, definition: Definition, *, folder: Path, actor: str) -> bool:
    """Let a recon run by itself from now on; whether that says anything else than what was registered.

    Raises UsageError for a definition without a schedule.
    """
    from greenai.definition.writing import dumps

    if definition.schedule is None:
        raise UsageError(
            "the definition says nothing of when it runs",
            remedy='add to it: schedule: {cron: "0 6 * * 1-5", timezone: Europe/London}',
        )
    # What it runs and when are kept apart: the schedule is no part of a definition's meaning.
    alone = definition.model_copy(update={"schedule": None})
    with connection.transaction():
        recon_id, version = definitions.register(
            connection, alone, fingerprint=fingerprint(alone), document=dumps(alone)
        )
        return schedules.register(
            connection,
            recon_id,
            version,
            folder=str(folder.resolve()),
            timing=written(definition.schedule),
            actor=actor,
        )


def written(schedule: Schedule) -> dict[str, Any]:
    """A schedule as JSON; `timing` reads it back."""
    return schedule.model_dump(mode="json", exclude_defaults=True)


def backfill(
    connection: Connection, recon: str, first: date, last: date, *, today: date, latest: bool = False
) -> tuple[list[date], list[date]]:
    """Ask for a run for each business date from `first` to `last`: those asked for, those that wait already.

    Each runs under what was registered when the date was due first, or at its end where it never was; with
    `latest` under what is registered now. Raises UsageError for a recon that does not run by itself, and for
    dates that make no sense.
    """
    if first > last or last > today:
        raise UsageError(
            f"{first} to {last} are no past business dates", remedy="give --from and --to, not after today"
        )
    with connection.transaction():
        one = schedules.scheduled(connection, recon)
        schedule = timing(one.registration)
        days = business_days(schedule.calendar, first, last)
        if not days:
            raise UsageError(f"there is no business day from {first} to {last}", remedy="see its calendar")
        if len(days) > MOST_DATES:
            raise UsageError(
                f"{len(days):,} business dates are too many", remedy=f"ask for {MOST_DATES:,} at a time"
            )
        known = schedules.registrations(connection, one.recon_id)
        due = schedules.first_due(connection, one.recon_id, first, last)
        now = schedules.now(connection)
        asked: list[date] = []
        waiting: list[date] = []
        for day in days:
            held = known[-1] if latest else registered(known, due.get(day, end_of_day(schedule, day)))
            new = schedules.add_due(connection, one.recon_id, held.registered_at, "backfill", day, now)
            (asked if new else waiting).append(day)
    return asked, waiting
