"""The platform as a terminal shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from greenai.reports.platform import lasted, render_platform


def ago(**kind: float) -> str:
    """A moment that long ago, as the state tells it."""
    return (datetime.now(UTC) - timedelta(**kind)).isoformat()


def document(**more: Any) -> dict[str, Any]:
    """What `greenai status` tells of a platform with one process that died before."""
    worker = {
        "name": "worker",
        "number": 2,
        "state": "waiting",
        "address": None,
        "process": None,
        "since": ago(seconds=5),
        "restarts": 3,
        "last": "exit code 1: bad \x1b[31m",
        "log": "worker-2.log",
        "port": 0,
    }
    servers = [
        {"name": "redis", "state": "elsewhere", "place": "redis://db:6379/0", "restarts": 0, "last": ""}
    ]
    return {
        "state": "running",
        "left": 0,
        "since": ago(hours=2, minutes=5),
        "address": None,
        "process": 42,
        "servers": servers,
        "processes": [worker],
        "queues": {"diff": {"waiting": 1200, "dead": 1}},
        **more,
    }


def test_what_runs_and_what_waits_stands_in_columns() -> None:
    assert render_platform(document(), width=100, colour=False).splitlines() == [
        "platform running  for 2 h 5 min  process 42",
        "",
        "name      state              process  for  restarts",
        "redis     a server of yours                          redis://db:6379/0",
        "worker-2  to be restarted             5 s         3  exit code 1: bad ␛[31m",
        "",
        "jobs  waiting  running  dead",
        "diff    1,200        –     1",
    ]


@pytest.mark.parametrize("width", [1, 20, 60, 79])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = render_platform(document(), width=width, colour=False)
    assert all(len(line) <= width for line in shown.splitlines())


def test_a_database_without_work_says_so_and_one_that_is_away_says_nothing() -> None:
    assert "no jobs wait" in render_platform(document(queues={}), width=80, colour=False)
    assert "jobs" not in render_platform(document(queues=None), width=80, colour=False)


def test_nothing_that_runs_is_one_line() -> None:
    nothing = document(state="stopped", since=None, process=None, servers=[], processes=[], queues=None)
    assert render_platform(nothing, width=80, colour=False) == "platform stopped\n"
    assert "2 processes of a killed supervisor" in render_platform(
        {**nothing, "left": 2}, width=80, colour=False
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"seconds": 0}, "0 s"),
        ({"seconds": 59}, "59 s"),
        ({"seconds": 60}, "1 min"),
        ({"hours": 1}, "1 h 0 min"),
        ({"days": 4, "hours": 1}, "4 d 1 h"),
        ({"seconds": -5}, "0 s"),
    ],
)
def test_durations_are_told_in_their_largest_units(kind: dict[str, float], said: str) -> None:
    assert lasted(ago(**kind)) == said
