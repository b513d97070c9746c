"""One embedded Redis: its files, its process, and asking it how it is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from greenai.embedded.locks import Lock
from greenai.embedded.logs import log_since
from greenai.embedded.redis_program import redis_program
from greenai.embedded.server_folder import ServerFolder, fits
from greenai.errors import PlatformError

SOCKET = "redis.sock"
ANSWERING = 3
"""Seconds in which a server that runs answers, or ends when it is told to."""
PATIENCE = 30
"""Seconds to wait for a server that starts; it has nothing to load."""

OPTIONS = {
    # Only this user, only on this machine.
    "port": "0",
    "unixsocketperm": "700",
    # It holds doorbells, not work: PostgreSQL knows what is to be done, so nothing here is worth a disk.
    "save": "",
    "appendonly": "no",
    # What cannot be kept is refused, never dropped in silence.
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "pidfile": "redis.pid",
    "always-show-logo": "no",
}


@dataclass(frozen=True, slots=True)
class RedisServer(ServerFolder):
    """One embedded Redis: everything is in ``<home>/redis``."""

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: in its folder, or in a short private one where that path is too long."""
        return self.folder if fits(self.folder / SOCKET) else self.short_folder

    @property
    def socket(self) -> Path:
        """The socket that the server listens on."""
        return self.socket_folder / SOCKET

    @property
    def url(self) -> str:
        """How to connect; there is no password, nobody else reaches the socket."""
        return f"unix://{quote(str(self.socket))}?db=0"


def spawn(server: RedisServer, guard: int) -> None:
    """Start the server as a process of its own, which outlives this one and holds `guard`."""
    # Its own folder is where it works, so that a short name is enough whatever the folder is called.
    inside = server.socket_folder == server.folder
    options = {**OPTIONS, "unixsocket": SOCKET if inside else str(server.socket)}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    script = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 &'
    subprocess.run(
        ["/bin/sh", "-c", script, "sh", server.log.name, str(redis_program()), *words],
        cwd=server.folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        check=True,
        pass_fds=[guard],
        umask=0o077,
        start_new_session=True,  # Ctrl-C at the keyboard is ours to handle
        **server.account.identity,
    )


def alive(server: RedisServer) -> bool:
    """Whether its process lives, whatever its state."""
    guard = Lock(server.lock("server"), server.account)
    try:
        # On a file system whose locks are not inherited (NFS) the server itself tells.
        return not guard.take(wait=False) or ready(server)
    finally:
        guard.close()


def ready(server: RedisServer) -> bool:
    """Whether it answers at its socket."""
    return ask(server, "PING").startswith(b"+PONG")


def ask(server: RedisServer, question: str) -> bytes:
    """The beginning of its answer to a command; nothing when nobody answers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(ANSWERING)
        try:
            line.connect(str(server.socket))
            line.sendall(question.encode("ascii") + b"\r\n")
            return line.recv(4096)
        except OSError:
            return b""


def becomes_ready(server: RedisServer, patience: float) -> bool:
    """Wait until it answers; False when it ends instead, or has not answered in so many seconds."""
    until = time.monotonic() + patience
    while time.monotonic() < until and alive(server):
        if ready(server):
            return True
        time.sleep(0.005)
    return False


def end(server: RedisServer) -> None:
    """Stop the server and wait for its end; one that does not listen is killed, for it holds nothing.

    Raises PlatformError when it cannot be ended.
    """
    ask(server, "SHUTDOWN NOSAVE")
    if ends(server):
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        pid = main_process(server)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if ends(server):
            return
    raise PlatformError(
        "the embedded Redis does not stop",
        source=str(server.folder),
        remedy=f"see {server.log}; end the process that uses this folder",
    )


def ends(server: RedisServer) -> bool:
    """Whether it ends within a while."""
    until = time.monotonic() + ANSWERING
    while alive(server):
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def main_process(server: RedisServer) -> int | None:
    """Its process, if that can be seen to work in this folder: a written number may be another's by now."""
    try:
        pid = int((server.folder / "redis.pid").read_text(encoding="ascii").strip())
        if Path("/proc/self/cwd").exists():
            return pid if Path(f"/proc/{pid}/cwd").samefile(server.folder) else None
    except (OSError, ValueError):
        return None
    command = ["ps", "-o", "command=", "-p", str(pid)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return pid if SOCKET in said or str(server.socket) in said else None


def trouble(server: RedisServer, said_from: int) -> PlatformError:
    """The error for what the server said before it gave up."""
    if alive(server):
        return PlatformError(
            f"the embedded Redis has not started in {PATIENCE} seconds",
            source=str(server.folder),
            remedy=f"see {server.log}",
        )
    lines = [line.strip() for line in log_since(server.log, said_from).splitlines() if line.strip()]
    telling = [line for line in lines if " # " in line or "rror" in line] or lines[-1:] or ["it said nothing"]
    return PlatformError(
        f"the embedded Redis does not start: {telling[-1].rpartition(' # ')[2]}",
        source=str(server.folder),
        remedy=f"see {server.log}; or use a server: GREENAI_REDIS_URL=redis://host:6379/0",
    )
