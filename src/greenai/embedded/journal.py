"""The journal of the supervisor: what happened to its processes, as lines of JSON.

The words of a process are left to its own log: they may tell of data.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from greenai.embedded.account import home_account
from greenai.embedded.logs import begin_log, open_log
from greenai.embedded.server_folder import private_folder
from greenai.embedded.supervisor import Event, Listener


def journal(home: Path) -> Listener:
    """A listener that writes each event as a line of JSON into ``<home>/logs/supervisor.log``."""
    log = home / "logs" / "supervisor.log"

    def write(event: Event) -> None:
        level = "warning" if event.what in {"ended", "failed", "killed"} else "info"
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": level,
            "component": "supervisor",
            "pid": os.getpid(),
            "event": event.what,
            "process": event.name,
            "detail": event.detail,
        }
        with suppress(OSError):  # a full disk is no reason to stop what works
            account = home_account(home)
            private_folder(log.parent, account)
            begin_log(log)
            handle = open_log(log)
            try:
                os.write(handle, (json.dumps(line, ensure_ascii=True) + "\n").encode())
            finally:
                os.close(handle)
            account.own(log)

    return write


def both(one: Listener, other: Listener) -> Listener:
    """A listener that tells two others."""

    def tell_both(event: Event) -> None:
        one(event)
        other(event)

    return tell_both
