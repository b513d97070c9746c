"""The folder of an embedded server: log, locks, mark, and a socket that fits the system's limit."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from greenai.embedded.account import Account
from greenai.errors import StoreError

LONGEST_SOCKET = 100
"""Bytes in the path of a socket: 103 on macOS, 107 on Linux, and room for the name of its lock."""


@dataclass(frozen=True, slots=True)
class ServerFolder:
    """Everything of one server is in here, where only its account may enter."""

    folder: Path
    account: Account

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def kept(self) -> Path:
        """A mark: the server stays when the last command that uses it ends."""
        return self.folder / "kept"

    def lock(self, name: str) -> Path:
        """The file of a lock: ``start``, ``server`` or ``users``."""
        return self.folder / f"{name}.lock"

    @property
    def short_folder(self) -> Path:
        """A private folder for a socket whose path would be too long inside; always the same."""
        name = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]
        return Path("/tmp") / f"greenai-{self.account.uid}-{name}"

    def put(self, path: Path, text: str) -> None:
        """Write a file of this server, whole or not at all."""
        new = path.with_name(path.name + ".new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle
            file.write(text)
        self.account.own(new)
        new.replace(path)


def fits(socket: Path) -> bool:
    """Whether the system takes so long a path of a socket."""
    return len(os.fsencode(socket)) <= LONGEST_SOCKET


def private_folder(path: Path, account: Account) -> None:
    """Make a folder that only `account` may enter. Raises StoreError when somebody else was there first."""
    try:
        path.mkdir(mode=0o700)
        account.own(path)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise StoreError(
            f"{path} belongs to somebody else", remedy="remove it, or set GREENAI_HOME to another folder"
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
