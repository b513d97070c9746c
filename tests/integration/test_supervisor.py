"""The supervisor with real processes: started, restarted, stopped, killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from supervised import (
    DEAF,
    DYING,
    GOOD,
    LOOSE,
    finish,
    lives,
    noted,
    pids,
    state,
    supervisor,
    until,
)

from greenai.embedded.identity import Identity, identity
from greenai.embedded.state import (
    PlatformState,
    ProcessState,
    folder,
    left_over,
    now,
    read_state,
    supervised,
    write_state,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc"),
]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that is not there yet; what still runs in it afterwards is killed."""
    base = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    yield base / "home"
    for one in base.iterdir():
        for process in left_over(one):
            os.kill(process.pid, signal.SIGKILL)
    shutil.rmtree(base)


def test_everything_is_started_written_down_and_stopped_the_last_one_first(home: Path) -> None:
    assert not supervised(home)
    assert not home.exists(), "looking makes nothing"
    process = supervisor(home, ("one", 1, GOOD), ("two", 2, GOOD), ("three", 1, GOOD))
    until(lambda: len(noted(home)) == 4)
    assert supervised(home)
    until(lambda: len(pids(home)) == 4)
    told = state(home)
    assert told.state == "running"
    assert told.supervisor == identity(process.pid)
    assert told.copies == {"one": 1, "two": 2, "three": 1}
    assert [(line.name, line.number, line.state) for line in told.processes] == [
        ("one", 1, "running"),
        ("two", 1, "running"),
        ("two", 2, "running"),
        ("three", 1, "running"),
    ]
    running = pids(home)
    assert all(map(lives, running))
    finish(process)
    assert process.returncode == 0
    assert not any(map(lives, running))
    assert sum(line.endswith(" out") for line in noted(home)) == 4, "all of them finished"
    assert state(home).state == "stopped"
    assert not supervised(home)
    assert left_over(home) == []


def test_each_process_has_a_log_and_a_port_of_its_own(home: Path) -> None:
    says = "import os; print('port', os.environ['GREENAI_METRICS_PORT'], flush=True)\n" + GOOD
    process = supervisor(home, ("one", 1, says), ("two", 2, says), first_port=9400)
    until(lambda: len(noted(home)) == 3)
    finish(process)
    ports = [
        (home / "logs" / f"{name}.log").read_text(encoding="utf-8") for name in ("one-1", "two-1", "two-2")
    ]
    assert ports == ["port 9400\n", "port 9401\n", "port 9402\n"]
    assert (home / "logs").stat().st_mode & 0o777 == 0o700


def test_a_killed_process_is_started_again_and_the_others_are_left_alone(home: Path) -> None:
    process = supervisor(home, ("one", 1, GOOD), ("two", 1, GOOD))
    until(lambda: len(pids(home)) == 2)
    first, second = pids(home)
    os.kill(first, signal.SIGKILL)
    until(lambda: state(home).processes[0].restarts == 1 and len(pids(home)) == 2)
    line = state(home).processes[0]
    assert line.last == "killed by SIGKILL"
    assert pids(home)[0] != first
    assert pids(home)[1] == second
    told = finish(process)
    assert "one-1 ended killed by SIGKILL; again in 1 s" in told


def test_what_dies_again_and_again_is_started_less_and_less_often(home: Path) -> None:
    process = supervisor(home, ("one", 1, DYING))
    until(lambda: len(noted(home)) == 3)
    told = finish(process)
    for seconds in (1, 2):
        assert f"one-1 ended exit code 3; again in {seconds} s the disk is on fire" in told
    assert process.returncode == 0


def test_a_program_that_is_not_there_is_told_of_and_tried_again(home: Path) -> None:
    from greenai.embedded.child import Program
    from greenai.embedded.supervisor import Event, supervising

    events: list[Event] = []
    with supervising(home, told=events.append) as watching:

        def enough() -> None:
            if len(events) >= 2:
                watching.stop()

        watching.run([Program("one", ("/no/such/program",))], {}, each=enough)
    ended = [event for event in events if event.what == "ended"]
    assert len(ended) == 2
    assert "/no/such/program cannot be started: No such file or directory" in ended[0].detail


def test_processes_end_when_their_supervisor_is_killed(home: Path) -> None:
    process = supervisor(home, ("one", 1, GOOD), ("deaf", 1, DEAF))
    until(lambda: len(noted(home)) == 2 and len(pids(home)) == 2)
    running = pids(home)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    until(lambda: not any(map(lives, running)))
    assert "one out" in noted(home), "it finished its work"
    assert not supervised(home)
    assert state(home).state == "running", "that is what the killed one wrote, and nobody believes it"


def test_what_a_killed_supervisor_left_is_ended_before_a_new_one_starts(home: Path) -> None:
    process = supervisor(home, ("loose", 2, LOOSE))
    until(lambda: len(noted(home)) == 2 and len(pids(home)) == 2)
    running = pids(home)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert all(map(lives, running))
    assert [one.pid for one in left_over(home)] == running
    process = supervisor(home, ("one", 1, GOOD))
    until(lambda: "one in" in noted(home))
    assert not any(map(lives, running))
    assert "supervisor ending 2 processes that an earlier one left" in finish(process)


def test_a_process_number_that_another_program_got_is_left_alone(home: Path) -> None:
    folder(home).mkdir(parents=True, mode=0o700)
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        try:
            line = ProcessState("x", 1, "running", Identity(stranger.pid, "then"), now(), 0, "", "x.log", 0)
            told = PlatformState("running", Identity(stranger.pid, "then"), now(), {}, [], [line])
            write_state(home, told)
            assert state(home) == told
            assert left_over(home) == []
            process = supervisor(home, ("one", 1, GOOD))
            until(lambda: noted(home))
            finish(process)
            assert stranger.poll() is None
        finally:
            stranger.kill()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"state": "running"}', "\0"])
def test_a_state_that_cannot_be_read_is_no_state(home: Path, text: str) -> None:
    folder(home).mkdir(parents=True, mode=0o700)
    (folder(home) / "state.json").write_text(text, encoding="utf-8")
    process = supervisor(home, ("one", 1, GOOD))
    until(lambda: noted(home))
    finish(process)
    assert process.returncode == 0


def test_of_many_at_once_one_supervises_and_the_others_say_so(home: Path) -> None:
    processes = [supervisor(home, ("one", 1, GOOD)) for _ in range(5)]
    until(lambda: sum(process.poll() is not None for process in processes) == 4)
    (winner,) = [process for process in processes if process.poll() is None]
    until(lambda: noted(home))
    for process in processes:
        if process is not winner:
            told, _ = process.communicate()
            assert process.returncode == 2
            assert "the platform is up already" in told
    finish(winner)
    assert noted(home).count("one in") == 1


def test_one_that_does_not_listen_is_killed_when_its_time_is_over(home: Path) -> None:
    process = supervisor(home, ("one", 1, GOOD), ("deaf", 1, DEAF), grace=1)
    until(lambda: len(noted(home)) == 2 and len(pids(home)) == 2)
    running = pids(home)
    begun = time.monotonic()
    told = finish(process)
    assert 1 <= time.monotonic() - begun < 10
    assert "deaf-1 killed it did not end in time" in told
    assert "one-1 stopped exit code 0" in told
    assert not any(map(lives, running))
    assert process.returncode == 0


def test_told_twice_it_does_not_wait(home: Path) -> None:
    process = supervisor(home, ("deaf", 1, DEAF), grace=600)
    until(lambda: noted(home))
    os.kill(process.pid, signal.SIGINT)
    until(lambda: state(home).state == "stopping")
    finish(process, signal.SIGINT)
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_terminal_is_the_supervisors_to_handle(home: Path, number: int) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:  # under nohup; a process inherits that, and means it
        signal.signal(number, signal.SIG_DFL)
    process = supervisor(home, ("one", 1, GOOD), ("two", 1, GOOD))
    until(lambda: len(noted(home)) == 2)
    os.killpg(process.pid, number)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert noted(home)[2] in {"two asked", "one asked"}
    assert sorted(noted(home)[2:]) == ["one asked", "one out", "two asked", "two out"]


def test_started_with_nohup_it_outlives_its_terminal(home: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = supervisor(home, ("one", 1, GOOD))
    finally:
        signal.signal(signal.SIGHUP, before)
    until(lambda: noted(home))
    os.killpg(process.pid, signal.SIGHUP)
    time.sleep(0.5)
    assert process.poll() is None
    finish(process)
    assert process.returncode == 0


@pytest.mark.parametrize("name", ["long" * 40, "a, b 'c' \"d\" $(touch x) \\ é"])
def test_a_home_with_an_odd_or_long_path_works(home: Path, name: str) -> None:
    odd = home.with_name(name)
    process = supervisor(odd, ("one", 1, GOOD))
    until(lambda: noted(odd))
    finish(process)
    assert process.returncode == 0
    assert (odd / "logs" / "one-1.log").exists()


def test_of_logs_that_grew_five_are_kept(home: Path) -> None:
    logs = home / "logs"
    logs.mkdir(parents=True, mode=0o700)
    for number in range(1, 6):
        (logs / f"one-1.log.{number}").write_text(str(number), encoding="ascii")
    with (logs / "one-1.log").open("wb") as file:
        file.truncate(5_000_001)
    process = supervisor(home, ("one", 1, GOOD))
    until(lambda: noted(home))
    finish(process)
    assert (logs / "one-1.log").stat().st_size < 1000
    assert (logs / "one-1.log.1").stat().st_size == 5_000_001
    kept = [(logs / f"one-1.log.{number}").read_text(encoding="ascii") for number in range(2, 6)]
    assert kept == ["1", "2", "3", "4"]
    assert len(list(logs.iterdir())) == 6


def test_a_log_that_is_a_link_is_not_written_through(home: Path) -> None:
    logs = home / "logs"
    logs.mkdir(parents=True, mode=0o700)
    precious = home.with_name("precious")
    precious.write_text("mine", encoding="ascii")
    (logs / "one-1.log").symlink_to(precious)
    process = supervisor(home, ("one", 1, GOOD))
    until(lambda: supervised(home) and (read_state(home) and any(one.last for one in state(home).processes)))
    told = finish(process)
    assert "one-1.log cannot be written" in told
    assert precious.read_text(encoding="ascii") == "mine"
