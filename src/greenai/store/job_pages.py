"""Jobs and notices as pages for people."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from greenai.domain.jobs import Job, JobState
from greenai.domain.schedules import NoticeLine, NoticeState
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def page(
    connection: Connection, *, state: JobState | None = None, before: int | None = None, limit: int = 100
) -> list[Job]:
    """Jobs, the last first, those before one."""
    given = {"state": state, "before": before, "limit": limit}
    return [Job(*row) for row in connection.execute(queries("job_pages")["jobs"], given)]


def notices(
    connection: Connection,
    *,
    notice: int | None = None,
    recon: str | None = None,
    only: Collection[str] | None = None,
    state: NoticeState | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[NoticeLine]:
    """Notices, the last first, those before one."""
    given = {
        "notice": notice,
        "recon": recon and plain(recon),
        "only": None if only is None else list(only),
        "state": state,
        "before": before,
        "limit": limit,
    }
    return [NoticeLine(*row) for row in connection.execute(queries("job_pages")["notices"], given)]
