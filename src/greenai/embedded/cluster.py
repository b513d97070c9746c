"""The folder of the embedded database: its files, its settings, and making it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from greenai.embedded.binaries import Binaries, binaries
from greenai.embedded.server_folder import ServerFolder, fits, private_folder
from greenai.errors import StoreError

ROLE = DATABASE = "greenai"
SERVICE = "greenai_service"
"""Who processes of the platform are to the database (`greenai.embedded.rights`)."""
SOCKET = ".s.PGSQL.5432"

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
class Cluster(ServerFolder):
    """One embedded database: everything is in ``<home>/postgres``."""

    @property
    def data(self) -> Path:
        """What PostgreSQL calls the data directory."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: beside the data, or in a short private folder where that path is too long."""
        inside = self.folder / "socket"
        # PostgreSQL splits the setting, and libpq the host, at commas.
        if fits(inside / SOCKET) and re.fullmatch(r"[A-Za-z0-9_./+~-]+", str(inside)):
            return inside
        return self.short_folder

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


def configure(cluster: Cluster) -> None:
    """Make a folder ready for a start: settings for where it is now, nothing of the last server."""
    folder = cluster.socket_folder
    private_folder(folder, cluster.account)
    # What a killed server left, or a copy brought along, would name a process that may be another's now.
    for left in (cluster.data / "postmaster.pid", cluster.socket, folder / f"{SOCKET}.lock"):
        left.unlink(missing_ok=True)
    cluster.put(cluster.data / "greenai.conf", CONFIGURATION.format(socket=folder))
    cluster.put(cluster.data / "greenai_hba.conf", f"local all {ROLE},{SERVICE} peer map=greenai\n")
    users = {"root", cluster.account.name}
    lines = "".join(f'greenai "{name}" {role}\n' for name in sorted(users) for role in (ROLE, SERVICE))
    cluster.put(cluster.data / "greenai_ident.conf", lines)


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
