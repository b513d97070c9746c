"""What every request reaches: settings, the pool of connections to PostgreSQL, Redis, and the doorbells."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import PlatformError
from greenai.settings import Settings
from greenai.store.database import PARAMETERS, parsed

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool
    from redis import Redis

    from greenai.jobs.doorbells import Doorbells

LARGEST_POOL: Final = 16
"""Connections of one process: more than that only queue on the server instead of here."""
WAITING: Final = 5.0
"""Seconds that a request waits for a connection before it is refused with 503."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Shared by all requests of a process; opened at its start, closed at its end."""

    settings: Settings
    pool: ConnectionPool[Connection[tuple[Any, ...]]]
    redis: Redis
    doorbells: Doorbells

    def close(self) -> None:
        """Let go of all connections."""
        self.pool.close()
        self.redis.close()
        self.doorbells.close()


def open_platform(settings: Settings) -> Platform:
    """Connect to what the settings name; servers that do not answer yet are waited for at each request.

    Raises PlatformError where the settings name no database or no Redis.
    """
    import psycopg
    from psycopg_pool import ConnectionPool
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from greenai.jobs.doorbells import Doorbells

    if settings.database_url is None or settings.redis_url is None:
        raise PlatformError(
            "the BFF needs a database and a Redis",
            remedy="set GREENAI_DATABASE_URL and GREENAI_REDIS_URL, or let `greenai up` start it",
        )
    pool = ConnectionPool(
        "",
        connection_class=psycopg.Connection[tuple[Any, ...]],
        kwargs={**PARAMETERS, **parsed(settings.database_url), "autocommit": True},
        configure=committed_reads,
        min_size=1,
        max_size=LARGEST_POOL,
        timeout=WAITING,
        check=ConnectionPool.check_connection,
        name="greenai-bff",
        open=False,
    )
    pool.open()
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=2.0, socket_connect_timeout=2.0, retry=Retry(NoBackoff(), 1)
    )
    return Platform(settings, pool, redis, Doorbells(settings.redis_url))


def warm() -> None:
    """Import what is heavy before anybody waits for it: the first request would hold up all others."""
    for name in ("ibis.expr.api", "duckdb", "pyarrow", "greenai.pipeline.break_detail"):
        import_module(name)


def committed_reads(connection: Connection[tuple[Any, ...]]) -> None:
    """Whatever the server's default: what is read under a lock is what holds then."""
    import psycopg

    connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
