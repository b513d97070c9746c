"""The embedded PostgreSQL: started when somebody needs it, stopped when the last one leaves.

Three locks on files in ``<home>/postgres``: ``start`` is held while a command starts or stops the server;
``server`` is inherited by the server, so that it is held exactly as long as any process of it lives;
``users`` is shared by the commands that use it. None of them can be left behind by a process that was
killed, and none is confused by a folder that was moved or copied.
"""

from __future__ import annotations

import errno
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from greenai.embedded.account import server_account
from greenai.embedded.cluster import NO_SPACE, Cluster, configure, initialise, trouble
from greenai.embedded.locks import Lock, locked
from greenai.embedded.process import (
    alive,
    becomes_ready,
    begin_log,
    interrupt,
    log_since,
    log_size,
    postmaster,
    ready,
    spawn,
    wait_for_end,
)
from greenai.embedded.server_folder import private_folder
from greenai.errors import StoreError
from greenai.store.database import LostError


@contextmanager
def embedded_postgres(home: Path) -> Iterator[str]:
    """The URL of the database in `home`, usable inside the block.

    Afterwards the server stops, unless another command uses it or `ensure_postgres` was called to keep
    it; nobody waits for that. Raises StoreError with the reason when it cannot start.
    """
    with explained(home):
        cluster = opened(home)
        users = Lock(cluster.lock("users"), cluster.account)
        try:
            with locked(cluster.lock("start"), cluster.account):
                users.take(shared=True)
                start(cluster)
        except BaseException:
            users.close()
            raise
    said_from, how = log_size(cluster), signal.SIGINT
    try:
        yield cluster.url
    except StoreError as error:
        if isinstance(error, LostError):
            # It may be recovering, and PostgreSQL 18 can hang when it is asked to stop while it does.
            how = signal.SIGQUIT
        if isinstance(error, LostError) or NO_SPACE in error.message:
            lines = [line for line in log_since(cluster, said_from).splitlines() if NO_SPACE in line]
            if lines:
                raise trouble(cluster, "the embedded PostgreSQL gave up", "\n".join(lines)) from None
        raise
    finally:
        users.close()
        with suppress(OSError):  # the folder is gone; so is the reason to stop anything
            leave(cluster, how)


def ensure_postgres(home: Path) -> str:
    """Start the database in `home` if it does not run, and keep it until `stop_postgres`; its URL."""
    with explained(home):
        cluster = opened(home)
        with locked(cluster.lock("start"), cluster.account):
            start(cluster)
            cluster.put(cluster.kept, "Remove with: greenai db stop\n")
    return cluster.url


def stop_postgres(home: Path) -> bool:
    """Stop the database in `home` and wait for its end; whether it ran.

    Transactions of those who still use it are rolled back.
    """
    with explained(home):
        if not (home / "postgres").is_dir():
            return False
        cluster = opened(home)
        with locked(cluster.lock("start"), cluster.account):
            cluster.kept.unlink(missing_ok=True)
            if not alive(cluster):
                return False
            interrupt(cluster)
            wait_for_end(cluster)
    return True


def release_postgres(home: Path) -> bool:
    """Stop the database of `home` if it runs and nobody uses it any more; whether it is stopping."""
    with explained(home):
        return (home / "postgres" / "data").is_dir() and leave(opened(home), signal.SIGINT)


def await_stop(home: Path, *, patience: float = 20) -> None:
    """Wait while the server of `home` is stopping; one that others use stays, and is not waited for."""
    if not (home / "postgres" / "data").is_dir():
        return
    cluster = opened(home)
    until = time.monotonic() + patience
    while postmaster(cluster)[1] == "stopping" and alive(cluster) and time.monotonic() < until:
        time.sleep(0.01)


def running_url(home: Path) -> str | None:
    """The URL of the server of `home` if it accepts connections; nothing is started or made."""
    with explained(home):
        if not (home / "postgres" / "data").is_dir():
            return None
        cluster = opened(home)
        return cluster.url if ready(cluster) else None


def opened(home: Path) -> Cluster:
    """The cluster of `home`, its folder made when it is not there."""
    if sys.platform == "win32":
        raise StoreError(
            "there is no embedded PostgreSQL on Windows", remedy="use a server: --store postgresql://…"
        )
    home.mkdir(parents=True, exist_ok=True)
    account = server_account(home)
    cluster = Cluster(home / "postgres", account)
    private_folder(cluster.folder, account)
    return cluster


def start(cluster: Cluster) -> None:
    """Make, recover or find the server, until it accepts connections. Its lock ``start`` is held."""
    if alive(cluster):
        if ready(cluster) or becomes_ready(cluster):
            return
        # It is stopping; or its main process was killed; or its socket is gone, or where the folder was
        # before it was moved, and then it is started anew.
        if postmaster(cluster)[1] == "ready":
            interrupt(cluster)
        wait_for_end(cluster)
    guard = Lock(cluster.lock("server"), cluster.account)
    try:
        if not guard.take(wait=False):
            raise StoreError(
                "a server is already at work there", source=str(cluster.folder), remedy="try again"
            )
        cluster.account.check_reach(cluster.programs().folder / "postgres", cluster.folder)
        if not (cluster.data / "PG_VERSION").exists():
            if cluster.data.exists() and any(cluster.data.iterdir()):
                raise StoreError(
                    "the folder of the embedded database is damaged: no PG_VERSION",
                    source=str(cluster.data),
                    remedy="restore it from a backup, or move it away to begin anew",
                )
            initialise(cluster, guard.handle)
        configure(cluster)
        said_from = begin_log(cluster)
        spawn(cluster, guard.handle)
    finally:
        guard.close()
    if not becomes_ready(cluster):
        said = log_since(cluster, said_from)
        raise trouble(cluster, "the embedded PostgreSQL does not start", said)


def leave(cluster: Cluster, how: signal.Signals) -> bool:
    """Stop the server if nobody uses it any more; whether it was told to.

    It ends by itself; what is committed is safe already. SIGINT lets it write what is left; after SIGQUIT
    the next start recovers it.
    """
    with locked(cluster.lock("start"), cluster.account):
        users = Lock(cluster.lock("users"), cluster.account)
        try:
            if users.take(wait=False) and not cluster.kept.exists() and alive(cluster):
                interrupt(cluster, how)
                return True
            return False
        finally:
            users.close()


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn trouble with the folder into a StoreError that says what to do."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or home / "postgres")
        remedy = (
            "the disk is full: make room there, or set GREENAI_HOME to a folder on another disk"
            if error.errno in {errno.ENOSPC, errno.EDQUOT}
            else "set GREENAI_HOME to a folder that you may write to, or use --store none or a server's URL"
        )
        raise StoreError(
            f"the embedded database cannot use its folder: {error.strerror or error}",
            source=place,
            remedy=remedy,
        ) from error
