"""The system user that the embedded server runs as: this user, or another one when this is root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from greenai.errors import StoreError, UsageError

SUBSTITUTES = ("greenai", "postgres", "nobody")
"""Who runs the server for root, the first that exists: PostgreSQL refuses to run as root."""


class Identity(TypedDict, total=False):
    """The options of `subprocess` that give up root."""

    user: int
    group: int
    extra_groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A system user; `other` says that it is not the one that asks."""

    uid: int
    gid: int
    name: str
    other: bool

    @property
    def identity(self) -> Identity:
        """Options for `subprocess`, so that a program runs as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": ()} if self.other else {}

    def own(self, path: Path) -> None:
        """Make a file or folder, not what a link points to, this user's."""
        if self.other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def reaches(self, path: Path) -> bool:
        """Whether this user can enter a folder or read a file."""
        if not self.other:
            return True
        test = 'if [ -d "$1" ]; then cd "$1"; else [ -r "$1" ]; fi'
        command = ["/bin/sh", "-c", test, "sh", str(path)]
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.identity)
        return done.returncode == 0

    def check_reach(self, *paths: Path) -> None:
        """Raise StoreError for a path that this user cannot enter or read; nobody's rights are changed."""
        for path in paths:
            if not self.reaches(path):
                raise StoreError(
                    f"PostgreSQL does not run as root, and the user {self.name}, who would run it instead, "
                    f"cannot reach {path}",
                    remedy="run greenai as an ordinary user; or set GREENAI_HOME, and install greenai, "
                    "where everybody may enter",
                )


def home_account(home: Path) -> Account:
    """Whose the files in `home` are: this user's; for root those of the owner of `home`, if it has a name.

    What runs for root in a home of root's own runs as root.
    """
    uid = os.geteuid()
    owner = home.stat().st_uid if uid == 0 else uid
    if owner == uid or not known(owner):
        return Account(uid, os.getegid(), str(uid), other=False)
    entry = pwd.getpwuid(owner)
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, other=True)


def check_home(home: Path) -> None:
    """Raise UsageError for root in the home of another user, who could not use what root leaves there."""
    if home.exists() and (owner := home_account(home)).other:
        raise UsageError(
            f"{home} belongs to {owner.name}, and what root starts would leave files there that {owner.name} "
            "cannot use",
            remedy=f"sudo -u {owner.name} greenai up; or set GREENAI_HOME to a folder of root's",
        )


def server_account(home: Path) -> Account:
    """Who runs the server of `home`: this user; for root the owner of `home`, or a substitute.

    Raises StoreError for a user id without a name, which PostgreSQL does not accept.
    """
    uid = os.geteuid()
    if uid:
        try:
            return Account(uid, os.getegid(), pwd.getpwuid(uid).pw_name, other=False)
        except KeyError:
            raise StoreError(
                f"the user id {uid} has no name on this system, and PostgreSQL needs one",
                remedy="add a line for it to /etc/passwd, or use a server: --store postgresql://…",
            ) from None
    data = home / "postgres"
    owner = (data if data.exists() else home).stat().st_uid
    candidates = [pwd.getpwuid(owner).pw_name] if owner and known(owner) else list(SUBSTITUTES)
    for name in candidates:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, other=True)
    raise StoreError(
        f"PostgreSQL does not run as root, and no other user was found: {', '.join(candidates)}",
        remedy="run greenai as an ordinary user, or add a user: useradd --system greenai",
    )


def known(uid: int) -> bool:
    """Whether a user id has a name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
