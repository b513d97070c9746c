"""The platform on this machine: its servers and processes, brought up, looked at and taken down."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.parse import urlsplit

from greenai.embedded.account import check_home, home_account
from greenai.embedded.address import free_address
from greenai.embedded.child import Program
from greenai.embedded.identity import end_all, identity, living, tell
from greenai.embedded.journal import both, journal
from greenai.embedded.lifeline import GRACE
from greenai.embedded.logs import begin_log, log_since, open_log
from greenai.embedded.programs import WORKING
from greenai.embedded.queues import Queues, queues
from greenai.embedded.rights import limited
from greenai.embedded.servers import Server
from greenai.embedded.shares import memory_share
from greenai.embedded.state import PlatformState, left_over, read_state, supervised
from greenai.embedded.supervisor import AlreadyUpError, Event, Listener, Supervisor, signals, supervising
from greenai.errors import GreenaiError, PlatformError, UsageError
from greenai.settings import EMBEDDED, MOST_PORT, NONE, Settings, passed_on, store_url

PATIENCE = 90.0
"""Seconds to wait for a platform that was told to come up or to stop, beyond what its work may take."""


def up(
    settings: Settings,
    what: list[Program],
    *,
    told: Listener,
    each: Callable[[Supervisor], None] | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Bring the platform up, and stay until SIGINT, SIGTERM or SIGHUP; then stop all of it.

    `told` hears what happens; `ready` gets the URL of the database once everything is started; `each` is
    called several times a second. Servers that the settings name are used, others are run here. Raises
    AlreadyUpError when it is up, GreenaiError for what cannot be started.
    """
    home = home_of(settings)
    check_home(home)
    where = store_url(None, settings)
    if where == NONE:
        raise UsageError("the platform needs a database", remedy="unset GREENAI_DATABASE_URL, or set a URL")
    last_port = settings.metrics_port + sum(program.copies for program in what) - 1
    if settings.metrics_port and last_port > MOST_PORT:
        raise UsageError(
            f"the processes would need ports up to {last_port}", remedy="lower GREENAI_METRICS_PORT"
        )
    told = both(told, journal(home))
    with supervising(home, told=told) as supervisor, ExitStack() as stack:
        told(Event("platform", "starting", str(home)))
        if any(program.name == "bff" and program.copies for program in what):
            supervisor.address = free_address(settings.bff_host, settings.bff_port)
        supervisor.plan(what)
        database, redis, servers = stack.enter_context(serving(settings, home, where))
        supervisor.servers.extend(servers)
        served, why = limited(database, own=where == EMBEDDED)
        if why is not None:
            told(Event("postgresql", "unprotected", why))
        workspace = settings.workspace or home / "workspace"
        workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
        environment = passed_on(
            replace(
                settings,
                home=home,
                database_url=served,
                redis_url=redis,
                workspace=workspace,
                largest_job=None,  # of the last copies alone: on all of them nobody would take large runs
            )
        )
        if settings.memory is None:
            # Each alone would take most of the machine, and all together more than there is.
            environment["GREENAI_MEMORY"] = memory_share(
                sum(program.copies for program in what if program.name in WORKING)
            )
        if ready is not None:
            ready(database)
        with signals(supervisor):
            supervisor.run(
                what,
                environment,
                first_port=settings.metrics_port,
                each=None if each is None else lambda: each(supervisor),
            )


@contextmanager
def serving(settings: Settings, home: Path, where: str) -> Iterator[tuple[str, str, list[Server]]]:
    """The URLs of the database, its tables up to date, and of Redis; and who serves them."""
    from greenai.embedded.migrated import migrated_store
    from greenai.embedded.postgres import embedded_postgres, running_url
    from greenai.embedded.redis import embedded_redis, running_redis
    from greenai.store.database import describe

    def revive_database() -> None:
        if not (home / "postgres" / "data" / "PG_VERSION").exists():
            # A new, empty database in its place would be worse than none.
            raise PlatformError("the data of the embedded database is gone", source=str(home / "postgres"))
        with embedded_postgres(home):
            pass

    def revive_redis() -> None:
        with embedded_redis(home):
            pass

    with ExitStack() as stack:
        database = stack.enter_context(migrated_store(where, home))
        own = where == EMBEDDED
        servers = [
            Server(
                "postgresql",
                str(home / "postgres") if own else describe(database),
                (lambda: running_url(home) is not None) if own else None,
                revive_database if own else None,
            )
        ]
        redis = settings.redis_url
        if redis is None:
            redis = stack.enter_context(embedded_redis(home))
            answers = lambda: running_redis(home) is not None  # noqa: E731
            servers.append(Server("redis", str(home / "redis"), answers, revive_redis))
        else:
            servers.append(Server("redis", redis_place(redis)))
        yield database, redis, servers


def start_detached(settings: Settings, arguments: list[str]) -> PlatformState:
    """Start ``greenai up`` with `arguments` in the background, and wait until it is up.

    Raises AlreadyUpError when another was faster, PlatformError with what it said when it gives up.
    """
    from greenai.embedded.server_folder import private_folder

    home = home_of(settings)
    check_home(home)
    home.mkdir(parents=True, exist_ok=True)
    private_folder(home / "logs", home_account(home))
    log = home / "logs" / "up.log"
    said_from = begin_log(log)
    handle = open_log(log)
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "greenai", "up", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )
    finally:
        os.close(handle)
    try:
        while process.poll() is None:
            state = read_state(home)
            if state and state.state == "running" and state.supervisor == identity(process.pid):
                return state
            time.sleep(0.05)
    except BaseException:
        process.terminate()
        raise
    if process.returncode == 0:
        raise AlreadyUpError("the platform is up already", source=str(home))
    _, named, said = ("\n" + log_since(log, said_from)).rpartition("\ngreenai: ")
    raise PlatformError(
        f"the platform did not come up: {said.strip() or 'it said nothing'}",
        source=str(home),
        remedy=None if named else f"see {log}",
    )


def keeper(home: Path, *, patience: float = 10) -> PlatformState | None:
    """What the supervisor at work in `home` wrote; one that has just begun is waited for. None for none."""
    until = time.monotonic() + patience
    while supervised(home) and time.monotonic() < until:
        state = read_state(home)
        if state is not None and living(state.supervisor) and state.copies:
            return state
        time.sleep(0.02)
    return None


def down(home: Path, *, grace: float = GRACE) -> bool:
    """Stop the platform of `home` and wait until it has stopped; whether anything ran.

    What a killed supervisor left is ended too. Raises PlatformError when it does not stop.
    """
    from greenai.embedded.postgres import await_stop, release_postgres
    from greenai.embedded.redis import release_redis

    ran = supervised(home)
    until = time.monotonic() + grace + PATIENCE
    asked = None
    while supervised(home):
        state = read_state(home)
        # One that has just begun has not written itself down yet.
        if state is not None and state.supervisor != asked and living(state.supervisor):
            tell(state.supervisor, SIGTERM)
            asked = state.supervisor
        if time.monotonic() > until:
            raise PlatformError(
                "the platform does not stop",
                source=str(home),
                remedy=f"end process {asked.pid} by force" if asked else "try again",
            )
        time.sleep(0.05)
    while living(asked) and time.monotonic() < until:  # its lock falls a moment before it is gone
        time.sleep(0.01)
    left = left_over(home)
    end_all(left, grace=grace)
    # Without a supervisor nothing was told to its servers; those that others use, or that are kept, stay.
    unused = [release_redis(home), release_postgres(home)]
    await_stop(home)
    return ran or bool(left) or any(unused)


def status(settings: Settings) -> dict[str, Any]:
    """What runs in the home of `settings`, as a document; nothing is started for it."""
    home = home_of(settings)
    state = read_state(home)
    if not supervised(home):
        return document(None, None, left=len(left_over(home)))
    if state is None or not living(state.supervisor):
        return document(None, None, state="starting")
    return document(state, counted(settings, home))


def counted(settings: Settings, home: Path) -> Queues | None:
    """The queues of the platform's database; None when it cannot be asked."""
    import psycopg

    from greenai.embedded.postgres import running_url
    from greenai.store.database import connect

    where = store_url(None, settings)
    url = running_url(home) if where == EMBEDDED else None if where == NONE else where
    if url is None:
        return None
    with suppress(GreenaiError, psycopg.Error), connect(url, autocommit=True) as connection:
        return queues(connection)
    return None


def document(
    platform: PlatformState | None, found: Queues | None, *, state: str = "stopped", left: int = 0
) -> dict[str, Any]:
    """The state of a platform for people and programs; `left` are processes that nobody looks after."""
    if platform is None:
        nobody: dict[str, Any] = {
            "since": None,
            "process": None,
            "address": None,
            "servers": [],
            "processes": [],
            "queues": None,
        }
        return {"state": state, "healthy": False, "left": left, **nobody}
    told = platform.as_dict()
    healthy = all(line.state == "running" for line in platform.processes) and all(
        line.state != "starting" for line in platform.servers
    )
    return {
        "state": platform.state,
        "healthy": platform.state == "running" and healthy,
        "left": left,
        "since": told["since"],
        "process": platform.supervisor.pid,
        "address": platform.address,
        "servers": told["servers"],
        "processes": [
            {**line, "process": line["process"] and line["process"]["pid"]} for line in told["processes"]
        ],
        "queues": found,
    }


def redis_place(url: str) -> str:
    """The URL of a Redis without user, password and options, for messages and logs."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def home_of(settings: Settings) -> Path:
    """The home of the platform. Raises UsageError where the environment was not read."""
    if settings.home is None:
        raise UsageError("there is no folder for the platform", remedy="set GREENAI_HOME")
    return settings.home
