"""The embedded PostgreSQL, with real processes: started when needed, stopped by the last one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from embeddedserver import (
    STAY,
    ask,
    await_end,
    command,
    main_process,
    processes,
    tell,
)

from greenai.embedded.postgres import embedded_postgres, ensure_postgres, running_url, stop_postgres

pytestmark = pytest.mark.slow


def test_it_starts_when_needed_and_stops_when_the_last_one_leaves(home: Path) -> None:
    assert running_url(home) is None
    assert not home.exists(), "looking makes nothing"
    with embedded_postgres(home) as url:
        tell(url, "CREATE TABLE t (n int)")
        pid = main_process(home)
        with embedded_postgres(home) as second:
            assert second == url
        assert running_url(home) == url, "the first one is still there"
        assert main_process(home) == pid
    await_end(home)
    with embedded_postgres(home) as url:
        assert ask(url, "SELECT count(*) FROM t") == 0


def test_commands_at_once_share_one_server_that_the_last_one_stops(home: Path) -> None:
    others = [command(home, STAY) for _ in range(4)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    log = (home / "postgres" / "server.log").read_text(encoding="utf-8")
    assert log.count("starting PostgreSQL") == 1
    for other in others[:3]:
        other.communicate("\n", timeout=30)
    time.sleep(0.2)
    assert running_url(home) is not None
    others[3].communicate("\n", timeout=30)
    await_end(home)
    assert [other.returncode for other in others] == [0] * 4


def test_commands_that_come_while_others_leave_always_find_a_server(home: Path) -> None:
    quick = "for _ in range(1):\n    connect(url).close()"
    for _ in range(4):
        others = [command(home, quick) for _ in range(3)]
        for other in others:
            other.communicate(timeout=60)
            assert other.returncode == 0
    await_end(home)


def test_it_can_be_kept_until_it_is_stopped(home: Path) -> None:
    url = ensure_postgres(home)
    pid = main_process(home)
    with embedded_postgres(home) as same:
        assert same == url
    time.sleep(0.2)
    assert main_process(home) == pid
    assert ensure_postgres(home) == url
    assert stop_postgres(home)
    assert not processes(home)
    assert not stop_postgres(home)
    assert running_url(home) is None
