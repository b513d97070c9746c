"""The process of the embedded server: starting it, asking how it is, ending it."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from greenai.embedded.cluster import Cluster, environment
from greenai.embedded.locks import Lock
from greenai.errors import StoreError

PATIENCE = 600
"""Seconds to wait for a server that starts, recovers or stops."""

STUBBORN = 20
"""Seconds after which a server that does not end is told to drop everything."""

ANSWERING = 10
"""Seconds in which a server that runs answers."""

QUESTION = struct.pack("!II", 8, 80877103)
"""The request for encryption of PostgreSQL's protocol: the cheapest question that only a server answers."""

LONGEST_LOG = 5_000_000
"""Bytes of log after which a start begins a new one and keeps the last."""


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
    size = log_size(cluster)
    if size <= LONGEST_LOG:
        return size
    cluster.log.replace(cluster.log.with_suffix(".log.1"))
    return 0


def log_size(cluster: Cluster) -> int:
    """How much is in the log; nothing when it is not there."""
    try:
        return cluster.log.lstat().st_size
    except FileNotFoundError:
        return 0


def log_since(cluster: Cluster, place: int) -> str:
    """What the server said since the log was so long."""
    try:
        with cluster.log.open("rb") as file:
            file.seek(place)
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


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
    """Wait until no process of the server is left. Raises StoreError when that takes too long.

    PostgreSQL 18 can hang for ever when it is asked to stop while it recovers from the death of one of its
    processes. One that takes too long is told to drop everything: the next start recovers what was committed.
    """
    begun, dropped = time.monotonic(), False
    while alive(cluster):
        waited = time.monotonic() - begun
        if waited > STUBBORN and not dropped and postmaster(cluster)[1] == "stopping":
            tell(cluster, signal.SIGQUIT)
            dropped = True
        if waited > PATIENCE:
            raise StoreError(
                f"the embedded PostgreSQL has not stopped in {PATIENCE} seconds",
                source=str(cluster.folder),
                remedy=f"see {cluster.log}; end the processes that use this folder",
            )
        time.sleep(0.01)


def interrupt(cluster: Cluster, how: signal.Signals = signal.SIGINT) -> None:
    """Ask the server to roll back what is open, write what is left, and end; wait until it has heard that.

    Who looks next must not take it for one that stays.
    """
    until = time.monotonic() + ANSWERING
    if tell(cluster, how):
        while postmaster(cluster)[1] == "ready" and alive(cluster) and time.monotonic() < until:
            time.sleep(0.001)


def tell(cluster: Cluster, number: signal.Signals) -> bool:
    """Send a signal to the main process of the server, and to no other; whether there is one."""
    pid, _ = postmaster(cluster)
    if pid is None or not (main_process(cluster) == pid or ready(cluster)):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    return True
