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
}
"""What runs, in the order of starting: the engine's name in options, and its module in `greenai.backend`."""
WORKING: Final = ("ingest_engine", "diff_engine", "attribution_engine", "worker")
"""Programs that hold tables."""
COPIES: Final[Mapping[str, int]] = {"ingest": 2, "diff": 2, "attribution": 2, "worker": 2}
"""Processes of an engine unless somebody says otherwise; of others there is one."""
SMALL: Final = "64MB"
"""The last of several copies leaves runs with more input to the others: small ones never wait for large."""


def programs(copies: Mapping[str, int], largest: int | None = None) -> list[Program]:
    """The processes of the platform: as many as `copies` says, else as `COPIES` does.

    The last of several takes runs with up to `largest` bytes of input only (default: `SMALL`).
    """
    return [
        Program(
            module,
            (sys.executable, "-m", f"greenai.backend.{module}"),
            copies.get(name, COPIES.get(name, 1)),
            {}
            if name == "scheduler"
            else {"GREENAI_LARGEST_JOB": SMALL if largest is None else str(largest)},
        )
        for name, module in PROGRAMS.items()
    ]
