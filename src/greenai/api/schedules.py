"""Recons that run by themselves: `add_schedule`, `schedules`, `change_schedule`, `backfill`, `notices`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from greenai.api.account import asking
from greenai.api.rules import changing
from greenai.api.stored import stored
from greenai.api.stores import migrated_store
from greenai.domain.schedules import NoticeLine, NoticeState, ScheduleLine
from greenai.errors import UsageError
from greenai.settings import NONE, Settings, read_settings, store_url

CHANGES = {"pause": "paused", "resume": "active", "remove": "removed"}


def add_schedule(
    definition: str | Path,
    *,
    actor: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> bool:
    """Let a recon run by itself as its definition says; whether that is anything else than before.

    Relative locations start at the folder of the definition, which the engines must reach too. Raises
    UsageError for a definition without a schedule.
    """
    from greenai.definition.loading import load
    from greenai.pipeline.registering import register
    from greenai.store.database import connect

    read = load(Path(definition))
    settings = settings or read_settings()
    target = store_url(store, settings)
    if target == NONE:
        raise UsageError("a schedule stands in a store", remedy="leave out --store none")
    with migrated_store(target, settings.home) as url, connect(url) as connection:
        return register(connection, read.definition, folder=read.folder, actor=asking(actor))


def schedules(*, store: str | None = None, settings: Settings | None = None) -> list[ScheduleLine]:
    """The recons that run by themselves, with when they are due next."""
    from greenai.pipeline.scheduling import next_firing, timing
    from greenai.store import schedules as known

    with stored(store, settings) as connection:
        now = known.now(connection)
        lines = []
        for one in known.schedules(connection):
            schedule = timing(one.registration)
            following = next_firing(schedule, now) if one.state == "active" else None
            lines.append(
                ScheduleLine(
                    one.recon,
                    one.state,
                    schedule.cron,
                    schedule.timezone,
                    one.version,
                    one.registration.registered_at,
                    None if following is None else following.at,
                    None if following is None else following.business_date,
                    one.registration.folder,
                )
            )
    return lines


def change_schedule(
    recon: str,
    what: Literal["pause", "resume", "remove"],
    *,
    store: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Pause, resume or remove a schedule. What waits for files then does so no more; runs go on.

    Raises UsageError for a recon that does not run by itself.
    """
    from greenai.store import schedules as known

    with changing(store, settings) as connection:
        known.change(connection, recon, CHANGES[what])  # type: ignore[arg-type]
        connection.commit()


def backfill(
    recon: str,
    first: date,
    last: date,
    *,
    latest: bool = False,
    store: str | None = None,
    settings: Settings | None = None,
) -> tuple[list[date], list[date]]:
    """Ask for a run for each past business date: those asked for, and those that wait for files already.

    Each runs under the definition that was registered at its time; with `latest` under today's. Raises
    UsageError for a recon that does not run by itself, and for dates that make no sense.
    """
    from greenai.pipeline.registering import backfill as ask

    with changing(store, settings) as connection:
        found = ask(connection, recon, first, last, today=date.today(), latest=latest)
        connection.commit()
    return found


def notices(
    recon: str | None = None,
    *,
    state: NoticeState | None = None,
    limit: int = 20,
    store: str | None = None,
    settings: Settings | None = None,
) -> list[NoticeLine]:
    """What was told to whom, and what waits or could not be told, the last first."""
    from greenai.store import notices as known

    with stored(store, settings) as connection:
        return known.log(connection, recon=recon, state=state, limit=limit)


def retry_notice(notice: int, *, store: str | None = None, settings: Settings | None = None) -> None:
    """Try a dead notice again. Raises UsageError when there is no such."""
    from greenai.store import notices as known

    with changing(store, settings) as connection:
        known.retry(connection, notice)
        connection.commit()
