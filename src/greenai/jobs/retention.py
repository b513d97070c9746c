"""Retention: what the workspace keeps, and what is removed from it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenai.jobs.stage import RUNS
from greenai.store import requests

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def swept(connection: Connection, workspace: Path) -> list[int]:
    """Remove what stages of ended runs left in the workspace; returns the runs.

    A run that failed keeps its files while somebody may try its dead job again: until it is cancelled,
    or its date was published by another run.
    """
    folders = {int(one.name): one for one in (workspace / RUNS).glob("*") if one.name.isdigit()}
    if not folders:
        return []
    kept = requests.kept(connection, list(folders))
    gone = sorted(set(folders) - kept)
    for run in gone:
        shutil.rmtree(folders[run], ignore_errors=True)
    return gone
