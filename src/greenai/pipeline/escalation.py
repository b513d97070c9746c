"""Due times of breaks by the policies of their recon, and telling those concerned when one has passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from psycopg import Rollback

from greenai.definition.schedule import Calendar
from greenai.domain.work import DuePolicy
from greenai.pipeline.scheduling import is_business_day, moment_of
from greenai.store import due_policies, escalations
from greenai.store.actors import SCHEDULER, asker, audit

if TYPE_CHECKING:
    import psycopg

    from greenai.store.due_policies import Standing
    from greenai.store.escalations import Overdue

    Connection = psycopg.Connection[Any]

DAY: Final = timedelta(1)
LONGEST: Final = 20_000
"""Days after which a calendar is taken to have no further business day."""


@dataclass(frozen=True, slots=True)
class Escalated:
    """Breaks that were overdue by a policy of a recon, as those concerned were told."""

    escalation_id: int
    recon: str
    policy: str
    breaks: int


def due_time(policy: DuePolicy, first_date: date) -> datetime:
    """Until when a break that is there since a date is to be decided (UTC).

    Zero business days from a day without business is the next one with. Raises OverflowError where the
    calendar has no such day.
    """
    calendar = _calendar(_key(policy.calendar))
    day, left = first_date, policy.business_days
    for _ in range(LONGEST):
        if left <= 0 and is_business_day(calendar, day):
            return moment_of(datetime.combine(day, policy.by_time), ZoneInfo(policy.timezone))
        day += DAY
        if is_business_day(calendar, day):
            left -= 1
    raise OverflowError(f"{policy.name}: no business day within {LONGEST} days of {first_date}")


def keep_due_times(connection: Connection) -> Iterator[tuple[str, int]]:
    """Give open breaks their due times, of recons with a new run or other policies: name, how many changed.

    The connection must be autocommit: some thousands of breaks are one transaction. Who is interrupted
    begins that recon anew the next time.
    """
    for one in due_policies.standing(connection):
        yield one.recon, _keep(connection, one)


def _keep(connection: Connection, one: Standing) -> int:
    policies = due_policies.of_version(connection, one.recon_id, one.version)
    dues = {
        (ordinal, first): due_time(policies[ordinal], first)
        for ordinal, first in due_policies.first_dates(connection, one.recon_id, one.version)
    }
    changed, after = 0, due_policies.FIRST
    while True:
        with connection.transaction():
            last, count = due_policies.set_due(connection, one.recon_id, one.version, dues, after)
        changed += count
        if last is None:
            break
        after = last
    due_policies.progress(connection, one)
    return changed


def escalate(connection: Connection, now: datetime) -> Iterator[Escalated]:
    """Tell of breaks that are overdue, each once for a due time. The connection must be autocommit.

    One notice for a policy and a target says of how many; the event is in the audit too.
    """
    for found in escalations.overdue(connection, now):
        told = None
        with connection.transaction() as transaction:
            told = _tell(connection, found, now)
            if told is None:  # somebody else was here a moment before
                raise Rollback(transaction)
        if told is not None:
            yield told


def _tell(connection: Connection, found: Overdue, now: datetime) -> Escalated | None:
    number, breaks = escalations.add(connection, found, now)
    if not breaks:
        return None
    policy = due_policies.of_version(connection, found.recon_id, found.version)[found.ordinal]
    _, oldest, business_date = escalations.told(connection, found, number)
    payload = {
        "event": "escalated",
        "recon": found.recon,
        "business_date": None if business_date is None else business_date.isoformat(),
        "due_at": oldest.isoformat(),
        "policy": policy.name,
        "breaks": breaks,
        "escalation": number,
    }
    escalations.notify(connection, number, escalations.targets(connection, found), payload)
    asker(connection, SCHEDULER)
    audit(
        connection,
        SCHEDULER,
        "escalate",
        {"escalation": number, "policy": policy.name, "breaks": breaks, "oldest_due": oldest.isoformat()},
        recon_id=found.recon_id,
    )
    return Escalated(number, found.recon, policy.name, breaks)


def _key(calendar: Mapping[str, Any]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return (
        str(calendar.get("name", "weekends")),
        tuple(calendar.get("closed", ())),
        tuple(calendar.get("holidays", ())),
    )


@lru_cache(maxsize=256)
def _calendar(key: tuple[str, tuple[str, ...], tuple[str, ...]]) -> Calendar:
    name, closed, holidays = key
    return Calendar.model_validate({"name": name, "closed": closed, "holidays": holidays})
