"""The embedded PostgreSQL: started when somebody needs it, stopped when the last one leaves.

Three locks on files in ``<home>/postgres``: ``start`` is held while a command starts or stops the server;
``server`` is inherited by the server, so that it is held exactly as long as any process of it lives;
``users`` is shared by the commands that use it. None of them can be left behind by a process that was
killed, and none is confused by a folder that was moved or copied.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from greenai.embedded.account import server_account
from greenai.embedded.cluster import (
    Cluster,
    configure,
    environment,
    initialise,
    private_folder,
    trouble,
)
from greenai.embedded.locks import Lock, locked
from greenai.errors import StoreError

PATIENCE = 600
"""Seconds to wait for a server that starts, recovers or stops."""

ANSWERING = 10
"""Seconds in which a server that runs says whether it would encrypt."""

QUESTION = struct.pack("!II", 8, 80877103)
"""The request for encryption of PostgreSQL's protocol: the cheapest question that only a server answers."""

LONGEST_LOG = 5_000_000
"""Bytes of log after which a start begins a new one and keeps the last."""


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
    try:
        yield cluster.url
    finally:
        users.close()
        with suppress(OSError):  # the folder is gone; so is the reason to stop anything
            leave(cluster)


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
        with cluster.log.open("rb") as file:
            file.seek(said_from)
            said = file.read().decode("utf-8", "replace")
        raise trouble(cluster, "the embedded PostgreSQL does not start", said)


def spawn(cluster: Cluster, guard: int) -> None:
    """Start the server as a process of its own, which outlives this one and holds `guard`."""
    script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 &'
    server = [cluster.programs().folder / "postgres", "-D", cluster.data]
    subprocess.run(
        ["/bin/sh", "-c", script, "sh", *map(str, (cluster.log, *server))],
        cwd=cluster.data,  # the settings name their files from here
        env=environment(),
        stdin=subprocess.DEVNULL,
        check=True,
        pass_fds=[guard],
        umask=0o077,
        start_new_session=True,
        **cluster.account.identity,
    )


def begin_log(cluster: Cluster) -> int:
    """Where in the log the next start will write; a long log is put aside first."""
    try:
        size = cluster.log.lstat().st_size
    except FileNotFoundError:
        return 0
    if size <= LONGEST_LOG:
        return size
    cluster.log.replace(cluster.log.with_suffix(".log.1"))
    return 0


def alive(cluster: Cluster) -> bool:
    """Whether any process of the server lives, whatever its state."""
    guard = Lock(cluster.lock("server"), cluster.account)
    try:
        # A file system whose locks are not inherited (NFS), or somebody's pg_ctl: ask the process itself.
        return not guard.take(wait=False) or main_process(cluster) is not None
    finally:
        guard.close()


def main_process(cluster: Cluster) -> int | None:
    """The main process of the server, if it can be seen to work in this folder."""
    pid, _ = postmaster(cluster)
    if pid is None:
        return None
    if Path("/proc/self/cwd").exists():
        with suppress(OSError):
            return pid if Path(f"/proc/{pid}/cwd").samefile(cluster.data) else None
        return None
    said = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return pid if "postgres" in said.stdout and str(cluster.data) in said.stdout else None


def postmaster(cluster: Cluster) -> tuple[int | None, str]:
    """Process and state (``starting``, ``ready``, ``stopping``) that the server wrote down last."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None, ""
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else None
    return pid, lines[7].strip() if len(lines) > 7 else ""


def ready(cluster: Cluster) -> bool:
    """Whether it says so and answers at its socket."""
    if postmaster(cluster)[1] != "ready":
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(ANSWERING)
        try:
            probe.connect(str(cluster.socket))
            probe.sendall(QUESTION)
            # A socket of a server that was just killed still takes connections, but nobody answers.
            return len(probe.recv(1)) == 1
        except OSError:
            return False


def becomes_ready(cluster: Cluster) -> bool:
    """Wait until it is ready; False when it ends, stops, or its main process is gone."""
    until = time.monotonic() + PATIENCE
    refused = 0
    while time.monotonic() < until:
        if ready(cluster):
            return True
        state = postmaster(cluster)[1]
        refused = refused + 1 if state == "ready" else 0  # says ready, but nobody listens: killed
        if state == "stopping" or refused > 20 or not alive(cluster):
            return False
        time.sleep(0.01)
    raise StoreError(
        f"the embedded PostgreSQL has not started in {PATIENCE} seconds",
        source=str(cluster.folder),
        remedy=f"see {cluster.log}",
    )


def wait_for_end(cluster: Cluster) -> None:
    """Wait until no process of the server is left. Raises StoreError when that takes too long."""
    until = time.monotonic() + PATIENCE
    while alive(cluster):
        if time.monotonic() > until:
            raise StoreError(
                f"the embedded PostgreSQL has not stopped in {PATIENCE} seconds",
                source=str(cluster.folder),
                remedy=f"see {cluster.log}; end the processes that use this folder",
            )
        time.sleep(0.01)


def leave(cluster: Cluster) -> None:
    """Stop the server if nobody uses it any more; it ends by itself, what is committed is safe already."""
    with locked(cluster.lock("start"), cluster.account):
        users = Lock(cluster.lock("users"), cluster.account)
        try:
            if users.take(wait=False) and not cluster.kept.exists() and alive(cluster):
                interrupt(cluster)
        finally:
            users.close()


def interrupt(cluster: Cluster) -> None:
    """Ask the server to roll back what is open, write what is left, and end."""
    pid, _ = postmaster(cluster)
    if pid is not None and (main_process(cluster) == pid or ready(cluster)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)


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
