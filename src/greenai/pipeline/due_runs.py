"""What the scheduler does about schedules, each time it looks: note what is due, submit, alert.

All of it may be done twice, by two schedulers or by one that was killed and begins anew: each change is
one transaction, and a key of the database lets it happen once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.loading import loads
from greenai.definition.schedule import Event, Schedule, span
from greenai.errors import GreenaiError
from greenai.pipeline.arrivals import Arrivals, sight
from greenai.pipeline.scheduling import CATCHING_UP, due_between, next_firing, timing
from greenai.store import notices, schedules

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition
    from greenai.domain.schedules import Due, Registration, Scheduled

    Connection = psycopg.Connection[Any]

Submit = Callable[..., int]
"""`greenai.pipeline.submission.submit`."""

REQUESTED_BY: Final = "scheduler"
LOOKING_AGAIN: Final = 10.0
"""Seconds between looks at files that are late."""
KEPT: Final = timedelta(days=7)
"""How long the end of a run, or the review of it, is waited for to tell of it."""
TOLD_AT: Final[dict[str, Event]] = {
    "failed": "failed",
    "awaiting_review": "review_needed",
    "completed": "completed",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a due run, for the log."""

    what: str
    recon: str
    business_date: str
    run: int | None = None


@dataclass(slots=True)
class Watch:
    """What a scheduler remembers between two looks; losing it costs a few seconds."""

    arrivals: Arrivals = field(default_factory=Arrivals)
    next_looks: dict[int, float] = field(default_factory=dict)
    next_due: dict[int, tuple[tuple[datetime, datetime], datetime]] = field(default_factory=dict)
    """By recon: registration and moment up to which all is known, and when something is due next."""


def note_due(connection: Connection, watch: Watch, now: datetime) -> Iterator[Happening]:
    """Note all that has become due. The connection must be autocommit."""
    for one in schedules.schedules(connection):
        if one.state != "active":
            continue
        known = (one.registration.registered_at, one.seen_until)
        remembered = watch.next_due.get(one.recon_id)
        if remembered is not None and remembered[0] == known and now < remembered[1]:
            continue
        try:
            yield from _note(connection, one, now)
            # Read again: what was noted moved the moment up to which all is known.
            following = next_firing(timing(one.registration), now)
        except GreenaiError:
            yield Happening("unreadable_schedule", one.recon, "")
            following = None
        later = now + timedelta(hours=1) if following is None else following.at
        seen = schedules.seen_until(connection, one.recon_id)
        if seen is not None:
            watch.next_due[one.recon_id] = ((one.registration.registered_at, seen), later)


def _note(connection: Connection, one: Scheduled, now: datetime) -> Iterator[Happening]:
    with connection.transaction():
        seen = schedules.hold(connection, one.recon_id)
        if seen is None or seen >= now:
            return
        held = schedules.registrations(connection, one.recon_id)
        due = due_between(held, max(seen, now - CATCHING_UP), now)
        added = [
            firing
            for registration, firing in due
            if schedules.add_due(
                connection, one.recon_id, registration.registered_at, "cron", firing.business_date, firing.at
            )
        ]
        schedules.seen(connection, one.recon_id, now)
    for firing in added:
        yield Happening("due", one.recon, firing.business_date.isoformat())


def submit_arrived(
    connection: Connection, watch: Watch, now: datetime, submit: Submit
) -> Iterator[Happening]:
    """Submit what has all its files, and alert where they are late. The connection must be autocommit."""
    clock = time.monotonic()
    open_now = schedules.open_dues(connection, waiting=True)
    for gone in watch.next_looks.keys() - {due.due_id for due in open_now}:
        watch.next_looks.pop(gone)
        watch.arrivals.forget(gone)
    for due in open_now:
        if watch.next_looks.get(due.due_id, 0.0) > clock:
            continue
        watch.next_looks[due.due_id] = clock
        try:
            definition, schedule = read(due.registration)
            seen = sight(
                definition, Path(due.registration.folder), {"business_date": due.business_date.isoformat()}
            )
            if watch.arrivals.whole(due.due_id, seen, clock):
                yield from _submit(connection, due, definition, submit)
            elif seen.missing:
                if due.state == "missed":
                    watch.next_looks[due.due_id] = clock + LOOKING_AGAIN
                yield from _late(connection, due, schedule, seen.missing, now)
        except GreenaiError as error:
            yield from _given_up(connection, due, str(error))


def _submit(connection: Connection, due: Due, definition: Definition, submit: Submit) -> Iterator[Happening]:
    with connection.transaction():
        if not schedules.take(connection, due.due_id):
            return
        run_id = submit(
            connection,
            definition,
            base=Path(due.registration.folder),
            business_date=due.business_date,
            requested_by=REQUESTED_BY,
        )
        schedules.submitted(connection, due.due_id, run_id)
    yield happening("submitted", due, run_id)


def _late(
    connection: Connection, due: Due, schedule: Schedule, missing: tuple[str, ...], now: datetime
) -> Iterator[Happening]:
    if now - due.due_at > CATCHING_UP:
        yield from _given_up(connection, due, f"no file came for {CATCHING_UP.days} days")
        return
    if due.state != "waiting" or now < due.due_at + span(schedule.wait_for_files):
        return
    with connection.transaction():
        if not schedules.missed(connection, due.due_id):
            return
        tell(connection, due, schedule, "missed_file", missing=list(missing))
    yield happening("missed_file", due)


def _given_up(connection: Connection, due: Due, why: str) -> Iterator[Happening]:
    with connection.transaction():
        if not schedules.skip(connection, due.due_id, why):
            return
        try:
            schedule = timing(due.registration)
        except GreenaiError:
            schedule = None
        if schedule is not None:
            tell(connection, due, schedule, "failed", error=why)
    yield happening("skipped", due)


def tell_ends(connection: Connection, now: datetime) -> Iterator[Happening]:
    """Tell of runs that ended or are overdue. The connection must be autocommit."""
    for due in schedules.open_dues(connection, waiting=False):
        try:
            schedule = timing(due.registration)
        except GreenaiError:
            schedules.close(connection, due.due_id)
            continue
        with connection.transaction():
            found = _ended(connection, due, schedule) + _overdue(connection, due, schedule, now)
            over = due.run_state in ("completed", "cancelled") or due.run_id is None
            if due.state == "submitted" and (over or now - due.due_at > KEPT):
                schedules.close(connection, due.due_id)
        yield from found


def _ended(connection: Connection, due: Due, schedule: Schedule) -> list[Happening]:
    event = TOLD_AT.get(due.run_state or "")
    if event is None or event in due.told:
        return []
    told = tell(connection, due, schedule, event, state=due.run_state, error=due.run_error)
    return [happening(event, due, due.run_id)] if told else []


def _overdue(connection: Connection, due: Due, schedule: Schedule, now: datetime) -> list[Happening]:
    # Submitted without a run: it said what an earlier one had said, and was forgotten.
    ended = due.run_state in (*TOLD_AT, "cancelled") or (due.state == "submitted" and due.run_id is None)
    if ended or schedule.overdue is None or "overdue" in due.told:
        return []
    if now < due.due_at + span(schedule.overdue):
        return []
    told = tell(connection, due, schedule, "overdue", state=due.run_state)
    return [happening("overdue", due, due.run_id)] if told else []


def tell(connection: Connection, due: Due, schedule: Schedule, event: Event, **more: Any) -> bool:
    """Write notices for all who want to know of an event; False where nobody does."""
    notify = schedule.notify
    if notify is None or event not in notify.events:
        return False
    payload = {
        "event": event,
        "recon": due.recon,
        "business_date": due.business_date.isoformat(),
        "due_at": due.due_at.isoformat(),
        "backfill": due.kind == "backfill",
        "run": due.run_id,
        **{name: value for name, value in more.items() if value is not None},
    }
    notices.add(connection, due.due_id, event, notify.to, payload)
    return True


def read(registration: Registration) -> tuple[Definition, Schedule]:
    """The definition and the schedule of a registration. Raises DefinitionError when they cannot be read."""
    schedule = timing(registration)
    definition = loads(registration.document, source="registered definition")
    return definition.model_copy(update={"schedule": schedule}), schedule


def happening(what: str, due: Due, run: int | None = None) -> Happening:
    """Something that happened to a due run."""
    return Happening(what, due.recon, due.business_date.isoformat(), run)
