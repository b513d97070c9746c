"""The embedded Redis: started when somebody needs it, stopped when the last one leaves.

It only rings doorbells between processes: it may be emptied or killed at any moment without loss. The
same three locks as the embedded PostgreSQL's keep commands apart: ``start`` is held while one starts or
stops it, ``server`` is inherited by the server, ``users`` is shared by the commands that use it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from greenai.embedded.account import home_account
from greenai.embedded.locks import Lock, locked
from greenai.embedded.logs import begin_log
from greenai.embedded.redis_program import redis_program
from greenai.embedded.redis_server import (
    ANSWERING,
    PATIENCE,
    RedisServer,
    alive,
    becomes_ready,
    end,
    ready,
    spawn,
    trouble,
)
from greenai.embedded.server_folder import private_folder
from greenai.errors import PlatformError


@contextmanager
def embedded_redis(home: Path, *, keep: bool = False) -> Iterator[str]:
    """The URL (``unix://…``) of the Redis of `home`, usable inside the block.

    Afterwards the server stops, unless another command uses it, or it is to be kept until `stop_redis`.
    Raises PlatformError with the reason when it cannot start.
    """
    with explained(home):
        server = opened(home)
        users = Lock(server.lock("users"), server.account)
        try:
            with locked(server.lock("start"), server.account):
                users.take(shared=True)
                start(server)
                if keep:
                    server.put(server.kept, "")
        except BaseException:
            users.close()
            raise
    try:
        yield server.url
    finally:
        users.close()
        with suppress(OSError):  # the folder is gone; so is the reason to stop anything
            leave(server)


def stop_redis(home: Path) -> bool:
    """Stop the Redis of `home`, whoever uses it, and wait for its end; whether it ran."""
    with explained(home):
        if not (home / "redis").is_dir():
            return False
        server = opened(home)
        with locked(server.lock("start"), server.account):
            server.kept.unlink(missing_ok=True)
            if not alive(server):
                return False
            end(server)
    return True


def release_redis(home: Path) -> bool:
    """Stop the Redis of `home` if it runs and nobody uses it: who did was killed. Whether it was stopped."""
    with explained(home):
        return (home / "redis").is_dir() and leave(opened(home))


def running_redis(home: Path) -> str | None:
    """The URL of the Redis of `home` if it answers; nothing is started or made."""
    with explained(home):
        if not (home / "redis").is_dir():
            return None
        server = opened(home)
        return server.url if ready(server) else None


def opened(home: Path) -> RedisServer:
    """The server of `home`, its folder made when it is not there."""
    if sys.platform == "win32":
        raise PlatformError(
            "there is no embedded Redis on Windows", remedy="use a server: GREENAI_REDIS_URL=redis://…"
        )
    home.mkdir(parents=True, exist_ok=True)
    server = RedisServer(home / "redis", home_account(home))
    private_folder(server.folder, server.account)
    return server


def start(server: RedisServer) -> None:
    """Start or find the server, until it answers. Its lock ``start`` is held."""
    if alive(server):
        if ready(server) or (server.socket.exists() and becomes_ready(server, ANSWERING)):
            return
        end(server)  # hung; or its socket was removed, or is where the folder was before it was moved
    guard = Lock(server.lock("server"), server.account)
    try:
        if not guard.take(wait=False):
            raise PlatformError(
                "a Redis is already at work there", source=str(server.folder), remedy="try again"
            )
        for path in (redis_program(), server.folder):
            if not server.account.reaches(path):
                raise PlatformError(
                    f"the user {server.account.name}, who owns this home and would run Redis, "
                    f"cannot reach {path}",
                    remedy="run greenai as that user, or install greenai where everybody may enter",
                )
        private_folder(server.socket_folder, server.account)
        server.socket.unlink(missing_ok=True)  # of one that was killed
        (server.folder / "redis.pid").unlink(missing_ok=True)
        said_from = begin_log(server.log)
        spawn(server, guard.handle)
    finally:
        guard.close()
    if not becomes_ready(server, PATIENCE):
        raise trouble(server, said_from)


def leave(server: RedisServer) -> bool:
    """Stop the server if nobody uses it any more; whether it was stopped."""
    with locked(server.lock("start"), server.account):
        users = Lock(server.lock("users"), server.account)
        try:
            if users.take(wait=False) and not server.kept.exists() and alive(server):
                end(server)
                return True
            return False
        finally:
            users.close()


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turn trouble with the folder into a PlatformError that says what to do."""
    try:
        yield
    except OSError as error:
        raise PlatformError(
            f"the embedded Redis cannot use its folder: {error.strerror or error}",
            source=str(error.filename or home / "redis"),
            remedy="set GREENAI_HOME to a folder that you may write to and that has room, "
            "or use a server: GREENAI_REDIS_URL=redis://host:6379/0",
        ) from error
