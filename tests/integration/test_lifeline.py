"""The lifeline: a process that watches it ends with whoever holds its other end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from embeddedserver import ENVIRONMENT

from greenai.embedded import child as child_module
from greenai.embedded.account import home_account
from greenai.embedded.child import Child, last_words
from greenai.embedded.lifeline import watch
from greenai.errors import PlatformError

pytestmark = pytest.mark.slow

WATCHING = (
    "import signal, sys, time\n"
    "from greenai.embedded.lifeline import watch\n"
    "{first}\n"
    "watch(int(sys.argv[1]), grace=0.5)\n"
    "print('in', flush=True)\n"
    "time.sleep(600)\n"
)


def watching(first: str, handle: int) -> subprocess.Popen[str]:
    """A process that watches a handle."""
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHING.format(first=first), str(handle)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=ENVIRONMENT,
        pass_fds=[handle],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "in\n"
    return process


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))", 7),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", 1),
    ],
)
def test_its_end_is_a_request_to_end_and_then_force(first: str, code: int) -> None:
    reading, writing = os.pipe()
    with watching(first, reading) as process:
        os.close(reading)
        time.sleep(0.2)
        assert process.poll() is None, "the line holds"
        os.close(writing)
        assert process.wait(timeout=10) == code


def test_nobody_who_is_not_supervised_watches_anything() -> None:
    watch(None)


@pytest.mark.parametrize("what", ["closed", "file"])
def test_a_handle_that_is_no_pipe_is_refused(what: str, tmp_path: Path) -> None:
    handle = os.open(tmp_path / "x", os.O_CREAT | os.O_RDWR)
    try:
        with pytest.raises(PlatformError, match="GREENAI_LIFELINE does not name a pipe"):
            watch(handle if what == "file" else 999_999)
    finally:
        os.close(handle)


def dying(folder: Path) -> Child:
    """A process that ends at once."""
    return Child("x", 1, (sys.executable, "-c", ""), folder / "x.log", {}, home_account(folder))


def test_each_restart_waits_twice_as_long_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "SHORTEST", 0.01)
    monkeypatch.setattr(child_module, "LONGEST_DELAY", 0.05)
    assert delays(dying(tmp_path)) == [0.01, 0.02, 0.04, 0.05, 0.05]


def test_after_a_healthy_life_the_next_restart_is_a_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "SHORTEST", 0.01)
    monkeypatch.setattr(child_module, "HEALTHY", 0.0)
    assert delays(dying(tmp_path)) == [0.01] * 5


def delays(child: Child) -> list[float]:
    """How long it waits after each of its first deaths."""
    reading, writing = os.pipe()
    found = []
    try:
        while len(found) < 5:
            if child.due():
                child.start(reading)
            if child.ended() is not None:
                found.append(child.delay)
            time.sleep(0.001)
    finally:
        os.close(reading)
        os.close(writing)
    return found


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("", ""),
        ("first\nlast\n", "last"),
        ('{"event": "failed", "error_class": "NoDisk", "time": "now"}\n', "failed NoDisk"),
        ('{"time": "now"}\n', ""),
        ("[1]\n", "[1]"),
        ("12\n", "12"),
        ("x" * 1000, "x" * 200),
    ],
)
def test_the_last_words_of_a_log_are_short(log: str, said: str) -> None:
    assert last_words(log) == said
