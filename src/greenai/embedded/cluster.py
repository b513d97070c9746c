"""The folder of the embedded database: its files, its settings, and making it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from greenai.embedded.account import Account
from greenai.embedded.binaries import Binaries, binaries
from greenai.errors import StoreError

ROLE = DATABASE = "greenai"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 100
"""Bytes in the path of a socket: 103 on macOS, 107 on Linux, and room for the name of its lock."""

NO_SPACE = "No space left on device"
"""How PostgreSQL says, whose messages are in English here, that a disk is full."""

CONFIGURATION = """\
# Written by greenai at every start; changes belong into postgresql.conf, after the line that includes this.

# Only this user, only on this machine.
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = 5432
hba_file = 'greenai_hba.conf'
ident_file = 'greenai_ident.conf'

# Bulk loads beside other programs of a laptop. What is committed is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_connections = 50
jit = off

# The same everywhere, and no values of the data in the log.
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = fatal
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One embedded database: everything is in ``<home>/postgres``, which only its account may enter."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        """What PostgreSQL calls the data directory."""
        return self.folder / "data"

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
    def socket_folder(self) -> Path:
        """Where the socket is: beside the data, or in a short private folder where that path is too long."""
        inside = self.folder / "socket"
        text = str(inside / SOCKET)
        # PostgreSQL splits the setting, and libpq the host, at commas.
        if len(os.fsencode(text)) <= LONGEST_SOCKET and re.fullmatch(r"[A-Za-z0-9_./+~-]+", text):
            return inside
        name = hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:12]
        return Path("/tmp") / f"greenai-{self.account.uid}-{name}"

    @property
    def socket(self) -> Path:
        """The socket that the server listens on."""
        return self.socket_folder / SOCKET

    @property
    def url(self) -> str:
        """How to connect; there is no password, the system vouches for the user."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """How to connect to one of its databases."""
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql://{ROLE}@/{database}?host={host}&port=5432"  # PGPORT may name another server

    def programs(self) -> Binaries:
        """The programs that fit the data. Raises StoreError when there are none of its version."""
        try:
            written = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return binaries()
        if not written.isdigit():
            raise StoreError("PG_VERSION is damaged", source=str(self.data), remedy="restore the folder")
        return binaries(int(written))

    def put(self, path: Path, text: str) -> None:
        """Write a file of this cluster, whole or not at all."""
        new = path.with_name(path.name + ".new")
        new.unlink(missing_ok=True)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - a handle
            file.write(text)
        self.account.own(new)
        new.replace(path)


def configure(cluster: Cluster) -> None:
    """Make a folder ready for a start: settings for where it is now, nothing of the last server."""
    folder = cluster.socket_folder
    private_folder(folder, cluster.account)
    # What a killed server left, or a copy brought along, would name a process that may be another's now.
    for left in (cluster.data / "postmaster.pid", cluster.socket, folder / f"{SOCKET}.lock"):
        left.unlink(missing_ok=True)
    cluster.put(cluster.data / "greenai.conf", CONFIGURATION.format(socket=folder))
    cluster.put(cluster.data / "greenai_hba.conf", f"local all {ROLE} peer map=greenai\n")
    users = {"root", cluster.account.name}
    lines = "".join(f'greenai "{name}" {ROLE}\n' for name in sorted(users))
    cluster.put(cluster.data / "greenai_ident.conf", lines)


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


def initialise(cluster: Cluster, guard: int) -> None:
    """Make the data directory, whole or not at all; `guard` is the handle of the server's lock.

    Texts are UTF-8 and sort by code point, which no upgrade of the system changes under an index.
    Raises StoreError with what initdb said.
    """
    programs = binaries()
    new = cluster.folder / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    sorting = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
    access = ["--auth-local=peer", "--auth-host=reject"]
    made = ["-D", str(new), "-U", ROLE, "--encoding=UTF8", "--locale=C", "--data-checksums"]
    # The database is made before anybody can connect, so that whoever finds a server finds it too.
    alone = ["--single", "-D", str(new), "-c", "exit_on_error=on", "postgres"]
    create = f"CREATE DATABASE {DATABASE}\n"
    try:
        run_alone(cluster, guard, [str(programs.folder / "initdb"), *made, *sorting, *access])
        run_alone(cluster, guard, [str(programs.folder / "postgres"), *alone], create)
    except StoreError:
        shutil.rmtree(new, ignore_errors=True)  # room on a full disk
        raise
    with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'greenai.conf'\n")
    new.rename(cluster.data)


def run_alone(cluster: Cluster, guard: int, command: list[str], text: str = "") -> None:
    """Run a program on data that nobody else uses; it holds `guard`, to be waited for if we die."""
    done = subprocess.run(
        command,
        cwd=cluster.folder,
        env=environment(),
        input=text,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        pass_fds=[guard],
        umask=0o077,
        start_new_session=True,  # Ctrl-C at the keyboard is ours to handle
        **cluster.account.identity,
    )
    if done.returncode:
        raise trouble(cluster, "the embedded PostgreSQL cannot make its data", done.stdout + done.stderr)


def environment() -> dict[str, str]:
    """What the programs of PostgreSQL see: nothing that the user may have set for another server."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def trouble(cluster: Cluster, what: str, said: str) -> StoreError:
    """The StoreError for what a program of PostgreSQL said before it gave up."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"FATAL|PANIC|ERROR|error:", line)] or lines[-1:]
    reason = re.sub(r"^.*?(FATAL|PANIC|ERROR|error): +", "", telling[0]) if telling else "it said nothing"
    if NO_SPACE in said:
        remedy = "the disk is full: make room there, or set GREENAI_HOME to a folder on another disk"
    elif "could not map anonymous shared memory" in said or "Cannot allocate memory" in said:
        remedy = "there is too little memory: end other programs"
    else:
        remedy = f"see {cluster.log}; or use a server: --store postgresql://…"
    return StoreError(f"{what}: {reason}", source=str(cluster.folder), remedy=remedy)
