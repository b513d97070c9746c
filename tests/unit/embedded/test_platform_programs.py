"""What the platform starts, with which limits, and how long it waits when it ends."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from greenai.embedded import platform, programs
from greenai.embedded.servers import Server
from greenai.embedded.supervisor import Supervisor, supervising
from greenai.settings import read_settings


def test_a_limit_of_the_user_is_the_last_copy_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENAI_LARGEST_JOB", "5MB")
    started: list[tuple[str, int, str | None]] = []

    @contextmanager
    def serving(*_: object) -> Any:
        yield "postgresql://h/d", "redis://h", []

    def run(self: Supervisor, what: Any, environment: dict[str, str], **_: object) -> None:
        for one in what:
            for number in range(1, one.copies + 1):
                told = {**environment, **one.environment(number)}
                started.append((one.name, number, told.get("GREENAI_LARGEST_JOB")))

    monkeypatch.setattr(platform, "serving", serving)
    monkeypatch.setattr(platform, "limited", lambda url, **_: (url, None))
    monkeypatch.setattr(Supervisor, "run", run)
    settings = read_settings({"GREENAI_HOME": str(tmp_path / "home"), "GREENAI_LARGEST_JOB": "5MB"})
    platform.up(settings, programs.programs({"diff": 3}, settings.largest_job), told=lambda _: None)
    limits = {(name, number): limit for name, number, limit in started}
    assert [limits["diff_engine", number] for number in (1, 2, 3)] == [None, None, "5000000"]
    assert limits["discriminator", 1] is None


def test_without_a_limit_of_the_user_the_last_copy_takes_small_runs() -> None:
    (diff,) = [one for one in programs.programs({}) if one.name == "diff_engine"]
    assert [dict(diff.environment(number)) for number in (1, 2)] == [
        {},
        {"GREENAI_LARGEST_JOB": programs.SMALL},
    ]


def test_a_server_that_takes_long_to_start_again_does_not_hold_up_the_end(tmp_path: Path) -> None:
    reviving, held = threading.Event(), threading.Event()

    def revive() -> None:
        reviving.set()
        held.wait(15)

    with supervising(tmp_path / "home", told=lambda _: None, grace=0.5) as supervisor:
        supervisor.servers.append(Server("slow", "here", lambda: False, revive))

        def stop_when_it_hangs() -> None:
            if reviving.is_set():
                supervisor.stop()

        begun = time.monotonic()
        supervisor.run([], {}, each=stop_when_it_hangs)
        held.set()
    assert time.monotonic() - begun < 10


def test_the_documentation_tells_the_copies_and_the_limit_of_the_last() -> None:
    text = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"two processes each of {', '.join(programs.COPIES)}, one of every other" in text
    assert set(programs.COPIES.values()) == {2}
    assert f"runs with up to {programs.SMALL.replace('MB', ' MB')} of input only" in text
