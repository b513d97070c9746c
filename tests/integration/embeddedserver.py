"""The embedded PostgreSQL seen from outside: its processes, its files, other commands that use it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from greenai.store.database import connect

ROOT = Path(__file__).parents[2]
PACKAGES = Path(psycopg.__file__).parents[1]
ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{PACKAGES}", "PATH": os.defpath}


def ask(url: str, sql: str) -> Any:
    """The first value of a query."""
    with connect(url, autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row and row[0]


def tell(url: str, sql: str) -> None:
    """Run and commit a statement."""
    with connect(url, autocommit=True) as connection:
        connection.execute(sql.encode())


def socket_folder(url: str) -> Path:
    """Where the socket is, from the URL."""
    return Path(url.partition("host=")[2].partition("&")[0])


def main_process(home: Path) -> int:
    """The process that the server wrote down."""
    return int((home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def processes(home: Path) -> list[int]:
    """All processes that work in the data of `home`."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").samefile(home / "postgres" / "data"):
                found.append(int(entry.name))
    return found


def await_end(home: Path) -> None:
    """Wait until the server has stopped."""
    until = time.monotonic() + 30
    while processes(home):
        assert time.monotonic() < until, "the server still runs"
        time.sleep(0.02)


def command(home: Path, code: str, *, python: str = sys.executable, **options: Any) -> subprocess.Popen[str]:
    """Another process that runs `code` with the embedded database: ``url`` is there, output is a pipe."""
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from greenai.embedded.postgres import embedded_postgres\n"
        "from greenai.store.database import connect\n"
        f"with embedded_postgres(Path({str(home)!r})) as url:\n"
    ) + "\n".join("    " + line for line in code.splitlines())
    return subprocess.Popen(
        [python, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=ENVIRONMENT,
        cwd="/",
        **options,
    )


STAY = "connect(url).close()\nprint('in', flush=True)\nsys.stdin.readline()"
