"""What the platform on this machine runs: which programs, and how many processes of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

from greenai.embedded.child import Program

PROGRAMS: Final[Mapping[str, str]] = {
    "ingest": "ingest_engine",
    "diff": "diff_engine",
    "attribution": "attribution_engine",
    "discriminator": "discriminator",
    "worker": "worker",
    "scheduler": "scheduler",
    "bff": "bff",
}
"""What runs, in the order of starting: the name in options, and that of the program."""
BFF: Final = ("-m", "gunicorn", "-c", "python:greenai.bff.gunicorn_conf", "greenai.bff.main:create_app()")
"""What Python runs for the BFF; all others are modules of `greenai.backend`."""
WORKING: Final = ("ingest_engine", "diff_engine", "attribution_engine", "worker")
"""Programs that hold tables."""
COPIES: Final[Mapping[str, int]] = {"ingest": 2, "diff": 2, "attribution": 2, "worker": 2}
"""Processes of an engine unless somebody says otherwise; of others there is one."""
ALONE: Final = ("scheduler", "bff")
"""What takes no jobs."""
SMALL: Final = "64MB"
"""The last of several copies leaves runs with more input to the others: small ones never wait for large."""


def programs(copies: Mapping[str, int], largest: int | None = None, *, port: int = 0) -> list[Program]:
    """The processes of the platform: as many as `copies` says, else as `COPIES` does.

    The last of several takes runs with up to `largest` bytes of input only (default: `SMALL`). `port` is
    the one that the BFF listens on.
    """
    small = {"GREENAI_LARGEST_JOB": SMALL if largest is None else str(largest)}
    return [
        Program(
            module,
            (sys.executable, *(BFF if name == "bff" else ("-m", f"greenai.backend.{module}"))),
            copies.get(name, COPIES.get(name, 1)),
            {} if name in ALONE else small,
            port if name == "bff" else 0,
        )
        for name, module in PROGRAMS.items()
    ]
