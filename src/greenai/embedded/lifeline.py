"""The lifeline: processes end when their supervisor does, however it died.

The supervisor holds the writing end of a pipe and writes nothing; its processes inherit the reading end
and its number in ``GREENAI_LIFELINE``. The system closes the writing end with the supervisor, even one that
was killed, and then there is the end of the file to read. This works on every Unix, and cannot mistake
another process for the supervisor, as numbers of processes can be.
"""

from __future__ import annotations

import os
import signal
import stat
import threading
import time

from greenai.errors import PlatformError

GRACE = 30.0
"""Seconds in which a process finishes its work or hands it back before it is ended."""


def watch(handle: int | None, *, grace: float = GRACE) -> None:
    """From now on, end this process like ``SIGTERM`` when the supervisor is gone.

    By force where it has not ended after `grace` seconds. `handle` is `Settings.lifeline`; None, for a
    process that nobody supervises, does nothing. Raises PlatformError for a number that is no pipe.
    """
    if handle is None:
        return
    try:
        pipe = stat.S_ISFIFO(os.fstat(handle).st_mode)
    except OSError:
        pipe = False
    if not pipe:
        raise PlatformError(
            "GREENAI_LIFELINE does not name a pipe", value=handle, remedy="unset it: greenai up sets it"
        )
    os.set_inheritable(handle, False)
    threading.Thread(target=_wait, args=(handle, grace), name="greenai lifeline", daemon=True).start()


def _wait(handle: int, grace: float) -> None:
    try:
        while os.read(handle, 1):
            pass
    except OSError:
        return  # closed here: the process is ending anyway
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)
