"""What the scheduler does about schedules, each time it looks: note what is due, submit, alert.

All of it may be done twice, by two schedulers or by one that was killed and begins anew: each change is
one transaction, and a key of the database lets it happen once.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.loading import loads
from greenai.definition.schedule import Event, Schedule, span
from greenai.domain.schedules import Running
from greenai.errors import GreenaiError
from greenai.pipeline.arrivals import Arrivals
from greenai.pipeline.connections import rooted
from greenai.pipeline.effective import effective_definition
from greenai.pipeline.looking import Look, at_once
from greenai.pipeline.scheduling import CATCHING_UP, due_between, next_firing, timing
from greenai.store import notices, schedules
from greenai.store.actors import SCHEDULER

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition
    from greenai.domain.schedules import Due, Registration

    Connection = psycopg.Connection[Any]

Submit = Callable[..., int]
"""`greenai.pipeline.submission.submit`."""

LOOKING_AGAIN: Final = 10.0
"""Seconds between looks at files that are late."""
UNANSWERED: Final = 60.0
"""Seconds after which files that nobody could look at yet are taken for missing: their folder hangs."""
LONGEST_SLEEP: Final = timedelta(hours=1)
"""After which a schedule that names nothing for years is looked at again."""
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


@dataclass(frozen=True, slots=True)
class Plan:
    """A registration, read."""

    definition: Definition
    schedule: Schedule
    folder: Path


@dataclass(slots=True)
class Watch:
    """What a scheduler remembers between two looks; losing it costs a few seconds."""

    look: Look = at_once
    """How files are looked at."""
    arrivals: Arrivals = field(default_factory=Arrivals)
    next_looks: dict[int, float] = field(default_factory=dict)
    asked_at: dict[int, float] = field(default_factory=dict)
    """Since when there is no answer to what was asked for."""
    next_due: dict[Running, datetime] = field(default_factory=dict)
    """When something is due next, as long as a schedule stands as it did."""
    plans: dict[tuple[int, datetime], Plan] = field(default_factory=dict)
    """By recon and registration: those never change."""

    def plan(self, connection: Connection, recon_id: int, registered_at: datetime) -> Plan:
        """A registration, read once. Raises DefinitionError when it cannot be."""
        found = self.plans.get((recon_id, registered_at))
        if found is None:
            for one in schedules.registrations(connection, recon_id):
                if one.registered_at == registered_at:
                    found = self.plans[recon_id, registered_at] = plan(one)
        assert found is not None, "registrations are never removed"
        return found

    def drop(self, needed: set[tuple[int, datetime]]) -> None:
        """Forget the registrations under which nothing runs any more."""
        for gone in self.plans.keys() - needed:
            del self.plans[gone]


def plan(registration: Registration) -> Plan:
    """Read a registration. Raises DefinitionError when this program cannot."""
    schedule = timing(registration)
    definition = loads(registration.document, source="registered definition")
    with_it = definition.model_copy(update={"schedule": schedule})
    return Plan(with_it, schedule, Path(registration.folder))


def note_due(connection: Connection, watch: Watch, now: datetime) -> Iterator[Happening]:
    """Note all that has become due. The connection must be autocommit."""
    standing = schedules.running(connection)
    for gone in watch.next_due.keys() - set(standing):
        del watch.next_due[gone]
    for found in standing:
        if found in watch.next_due and now < watch.next_due[found]:
            continue
        yield from _note(connection, found, now)
        one = replace(found, seen_until=max(now, found.seen_until))
        try:
            following = next_firing(watch.plan(connection, one.recon_id, one.registered_at).schedule, now)
        except GreenaiError:
            yield Happening("unreadable_schedule", one.recon, "")
            following = None
        watch.next_due[one] = now + LONGEST_SLEEP if following is None else following.at


def _note(connection: Connection, one: Running, now: datetime) -> list[Happening]:
    added = []
    with connection.transaction():
        seen = schedules.hold(connection, one.recon_id)
        if seen is None or seen >= now:
            return []
        known = schedules.registrations(connection, one.recon_id)
        try:
            due = due_between(known, max(seen, now - CATCHING_UP), now)
        except GreenaiError:  # until a newer program or another registration can be read
            return [Happening("unreadable_schedule", one.recon, "")]
        for held, firing in due:
            day = firing.business_date
            if schedules.add_due(connection, one.recon_id, held.registered_at, "cron", day, firing.at):
                added.append(Happening("due", one.recon, day.isoformat()))
        schedules.seen(connection, one.recon_id, now)
    return added


def submit_arrived(
    connection: Connection, watch: Watch, now: datetime, submit: Submit
) -> Iterator[Happening]:
    """Submit what has all its files, and alert where they are late. The connection must be autocommit.

    Files are looked at as `watch` does; what is not seen yet is left to the next time.
    """
    clock = time.monotonic()
    open_now = schedules.open_dues(connection, waiting=True)
    for gone in watch.next_looks.keys() - {due.due_id for due in open_now}:
        watch.next_looks.pop(gone)
        watch.asked_at.pop(gone, None)
        watch.arrivals.forget(gone)
    for due in open_now:
        if watch.next_looks.get(due.due_id, 0.0) > clock:
            continue
        watch.next_looks[due.due_id] = clock
        try:
            here = held(connection, due, watch.plan(connection, due.recon_id, due.registered_at))
            variables = {"business_date": due.business_date.isoformat()}
            files = rooted(connection, here.definition)
            found = watch.look(due.due_id, files.definition, here.folder, variables)
            if found is None:
                if clock - watch.asked_at.setdefault(due.due_id, clock) > UNANSWERED:
                    yield from _late(connection, watch, due, locations(here.definition), now)
                continue
            watch.asked_at.pop(due.due_id, None)
            if isinstance(found.seen, GreenaiError):
                raise found.seen
            if watch.arrivals.whole(due.due_id, found.seen, found.at):
                yield from _submit(connection, due, here, found.seen.size, submit)
            elif found.seen.missing:
                if due.state == "missed":
                    watch.next_looks[due.due_id] = clock + LOOKING_AGAIN
                yield from _late(connection, watch, due, found.seen.missing, now)
        except GreenaiError as error:
            yield from _given_up(connection, watch, due, str(error))


def held(connection: Connection, due: Due, registered: Plan) -> Plan:
    """What a date runs: the version that holds on it, where people decide that, else what was registered.

    Raises UsageError where nothing holds on the date.
    """
    found = effective_definition(connection, due.recon_id, due.business_date)
    if found is None:
        return registered
    with_it = found.model_copy(update={"schedule": registered.schedule})
    return replace(registered, definition=with_it)


def locations(definition: Definition) -> tuple[str, ...]:
    """Where all files of both sides are."""
    return (*definition.sources.a.location, *definition.sources.b.location)


def _submit(connection: Connection, due: Due, here: Plan, size: int, submit: Submit) -> Iterator[Happening]:
    with connection.transaction():
        if not schedules.take(connection, due.due_id):
            return
        run_id = submit(
            connection,
            here.definition,
            base=here.folder,
            business_date=due.business_date,
            requested_by=SCHEDULER,
            size=size,
        )
        schedules.submitted(connection, due.due_id, run_id)
    yield happening("submitted", due, run_id)


def _late(
    connection: Connection, watch: Watch, due: Due, missing: tuple[str, ...], now: datetime
) -> Iterator[Happening]:
    schedule = watch.plan(connection, due.recon_id, due.registered_at).schedule
    if now - due.due_at > CATCHING_UP:
        yield from _given_up(connection, watch, due, f"no file came for {CATCHING_UP.days} days")
        return
    if due.state != "waiting" or now < due.due_at + span(schedule.wait_for_files):
        return
    with connection.transaction():
        if not schedules.missed(connection, due.due_id):
            return
        tell(connection, due, schedule, "missed_file", missing=list(missing))
    yield happening("missed_file", due)


def _given_up(connection: Connection, watch: Watch, due: Due, why: str) -> Iterator[Happening]:
    with connection.transaction():
        if not schedules.skip(connection, due.due_id, why):
            return
        with contextlib.suppress(GreenaiError):  # a registration that cannot be read says not whom to tell
            schedule = watch.plan(connection, due.recon_id, due.registered_at).schedule
            tell(connection, due, schedule, "failed", error=why)
    yield happening("skipped", due)


def tell_ends(connection: Connection, watch: Watch, now: datetime) -> Iterator[Happening]:
    """Tell of runs that ended or are overdue. The connection must be autocommit."""
    open_now = schedules.open_dues(connection, waiting=False)
    watch.drop(
        {(due.recon_id, due.registered_at) for due in open_now}
        | {(one.recon_id, one.registered_at) for one in watch.next_due}
    )
    for due in open_now:
        try:
            schedule = watch.plan(connection, due.recon_id, due.registered_at).schedule
        except GreenaiError:  # it says not whom to tell
            if due.state == "submitted":
                schedules.close(connection, due.due_id)
            continue
        events, over = ends(due, schedule, now)
        if not events and not over:
            continue
        with connection.transaction():
            for event in events:
                tell(connection, due, schedule, event, state=due.run_state, error=due.run_error)
            if over:
                schedules.close(connection, due.due_id)
        for event in events:
            yield happening(event, due, due.run_id)


def ends(due: Due, schedule: Schedule, now: datetime) -> tuple[list[Event], bool]:
    """What is to be told of a due run that was not yet, and whether nothing more can become of it."""
    # Submitted without a run: it said what an earlier one had said, and was forgotten.
    forgotten = due.state == "submitted" and due.run_id is None
    ended = due.run_state in (*TOLD_AT, "cancelled") or forgotten
    found = [TOLD_AT[due.run_state]] if due.run_state in TOLD_AT else []
    if schedule.overdue is not None and not ended and now >= due.due_at + span(schedule.overdue):
        found.append("overdue")
    wanted = () if schedule.notify is None else schedule.notify.events
    over = forgotten or due.run_state in ("completed", "cancelled") or now - due.due_at > KEPT
    return [one for one in found if one in wanted and one not in due.told], over and due.state == "submitted"


def tell(connection: Connection, due: Due, schedule: Schedule, event: Event, **more: Any) -> None:
    """Write notices for all who want to know of an event."""
    notify = schedule.notify
    if notify is None or event not in notify.events:
        return
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


def happening(what: str, due: Due, run: int | None = None) -> Happening:
    """Something that happened to a due run."""
    return Happening(what, due.recon, due.business_date.isoformat(), run)
