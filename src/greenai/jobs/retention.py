"""Retention: what the workspace keeps, and what is removed from it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from greenai.jobs.stage import RUNS
from greenai.store import requests

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

FAILED_KEPT: Final = timedelta(days=30)
"""Whoever wants to try a failed run again does so within a month; its inputs are read again after that."""


def swept(connection: Connection, workspace: Path) -> list[int]:
    """Remove what stages of ended runs left in the workspace; returns the runs.

    A run that failed keeps its files while somebody may try its dead job again: until it is cancelled,
    its date was published by another run, or `FAILED_KEPT` went by.
    """
    folders = {int(one.name): one for one in (workspace / RUNS).glob("*") if one.name.isdigit()}
    if not folders:
        return []
    kept = requests.kept(connection, list(folders), FAILED_KEPT)
    gone = sorted(set(folders) - kept)
    for run in gone:
        shutil.rmtree(folders[run], ignore_errors=True)
    return gone
