"""greenai up, status and down, as a person uses them: real servers, real engines, real signals."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from embeddedserver import ENVIRONMENT, await_end, main_process, processes
from supervised import lives, pids, until

from greenai.embedded.postgres import embedded_postgres, running_url, stop_postgres
from greenai.embedded.redis import embedded_redis, running_redis, stop_redis
from greenai.embedded.state import left_over, supervised

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc"),
]

FEW = ["--ingest=1", "--diff=0", "--attribution=0", "--discriminator=0", "--worker=0"]


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that is not there yet; what runs in it afterwards is ended."""
    base = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    base.chmod(0o755)
    yield base / "home"
    greenai(base / "home", "down")
    for process in left_over(base / "home"):
        os.kill(process.pid, signal.SIGKILL)
    stop_redis(base / "home")
    stop_postgres(base / "home")
    shutil.rmtree(base)


def begin(home: Path, *words: str, **more: Any) -> subprocess.Popen[str]:
    """A command of greenai in `home`."""
    options: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
        "encoding": "utf-8",
        "env": {**ENVIRONMENT, "GREENAI_HOME": str(home), **more.pop("env", {})},
        "start_new_session": True,
        **more,
    }
    return subprocess.Popen([sys.executable, "-m", "greenai", *words], **options)


def greenai(home: Path, *words: str, **more: Any) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    process = begin(home, *words, **more)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def status(home: Path) -> dict[str, Any]:
    """What ``greenai status`` tells programs."""
    _, out, err = greenai(home, "status", "--format", "json")
    assert not err
    found: dict[str, Any] = json.loads(out)
    return found


def test_up_in_the_background_status_and_down(home: Path) -> None:
    code, out, _ = greenai(home, "status")
    assert (code, out.strip()) == (1, "platform stopped")
    assert not home.exists(), "looking makes nothing"
    assert greenai(home, "down")[:2] == (0, f"{home}: was not running\n")

    code, out, err = greenai(home, "up", "--detach", *FEW)
    assert (code, err) == (0, "")
    assert out.startswith("up, process ")
    code, out, _ = greenai(home, "status")
    assert code == 0
    assert out.startswith("platform running")
    until(lambda: status(home)["processes"][0]["state"] == "running")
    told = status(home)
    assert [(one["name"], one["state"]) for one in told["servers"]] == [
        ("postgresql", "running"),
        ("redis", "running"),
    ]
    assert told["processes"][0]["name"] == "ingest_engine"
    assert told["queues"] == {}
    assert lives(told["process"])
    assert (home / "workspace").is_dir()

    code, out, _ = greenai(home, "up", "--detach")
    assert (code, out.partition(",")[0]) == (0, "up already")
    code, _, err = greenai(home, "up", "--ingest", "2")
    assert code == 2
    assert "ingest has 1" in err
    assert "greenai down" in err

    running = pids(home)
    assert greenai(home, "down")[:2] == (0, f"{home}: stopped\n")
    assert not lives(told["process"])
    assert not any(map(lives, running))
    assert running_redis(home) is None
    assert processes(home) == [], "PostgreSQL has ended when down returns"
    assert greenai(home, "status")[0] == 1


def test_of_many_ups_at_once_one_starts_and_the_others_say_so(home: Path) -> None:
    processes = [begin(home, "up", "--detach", *FEW) for _ in range(4)]
    said = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said
    assert sum(out.startswith("up, process") for out, _ in said) == 1
    assert sum(" already, process" in out for out, _ in said) == 3
    assert [err for _, err in said] == [""] * 4
    until(lambda: status(home)["healthy"])


def test_ctrl_c_stops_what_was_started_in_the_foreground(home: Path) -> None:
    process = begin(home, "up", *FEW)
    assert process.stdout is not None
    assert f"platform starting: {home}" in process.stdout.readline()
    assert "ingest_engine-1 started" in process.stdout.readline()
    until(lambda: "started" in (home / "logs" / "ingest_engine-1.log").read_text(encoding="utf-8"))
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "ingest_engine-1 stopped: exit code 0" in out
    assert err == ""
    assert running_redis(home) is None
    journal = [
        json.loads(line)
        for line in (home / "logs" / "supervisor.log").read_text(encoding="utf-8").splitlines()
    ]
    assert {"started", "stopped"} <= {line["event"] for line in journal}
    assert {line["pid"] for line in journal} == {process.pid}


def test_killed_servers_are_started_again_where_they_were(home: Path) -> None:
    greenai(home, "up", "--detach", *FEW)
    url = running_url(home)
    os.kill(main_process(home), signal.SIGKILL)
    os.kill(int((home / "redis" / "redis.pid").read_text(encoding="ascii")), signal.SIGKILL)
    until(lambda: [one["restarts"] for one in status(home)["servers"]] == [1, 1], seconds=60)
    assert running_url(home) == url
    assert running_redis(home) is not None
    greenai(home, "down")


def test_a_database_whose_data_is_gone_is_not_replaced_by_an_empty_one(home: Path) -> None:
    greenai(home, "up", "--detach", *FEW)
    pid = main_process(home)
    (home / "postgres" / "data").rename(home / "data")
    os.kill(pid, signal.SIGKILL)
    until(lambda: "is gone" in status(home)["servers"][0]["last"], seconds=30)
    assert not (home / "postgres" / "data").exists()
    assert not status(home)["healthy"]
    (home / "data").rename(home / "postgres" / "data")
    until(lambda: status(home)["servers"][0]["state"] == "running", seconds=60)


def test_a_killed_supervisor_leaves_nothing_that_down_does_not_end(home: Path) -> None:
    greenai(home, "up", "--detach", *FEW)
    told = status(home)
    running = pids(home)
    os.kill(told["process"], signal.SIGKILL)
    until(lambda: not supervised(home))
    assert greenai(home, "status")[0] == 1
    assert greenai(home, "down")[0] == 0
    assert not any(map(lives, running))
    assert running_redis(home) is None
    assert processes(home) == []
    code, _, err = greenai(home, "up", "--detach", *FEW)
    assert (code, err) == (0, "")


def test_servers_of_ones_own_are_used_and_none_is_started(home: Path) -> None:
    other = home.with_name("other")
    with embedded_postgres(other) as database, embedded_redis(other) as redis:
        env = {"GREENAI_DATABASE_URL": database, "GREENAI_REDIS_URL": redis}
        code, _, err = greenai(home, "up", "--detach", *FEW, env=env)
        assert (code, err) == (0, "")
        _, out, _ = greenai(home, "status", "--format", "json", env=env)
        told = json.loads(out)
        assert [one["state"] for one in told["servers"]] == ["elsewhere", "elsewhere"]
        assert told["queues"] == {}
        assert not (home / "postgres").exists()
        assert not (home / "redis").exists()
        greenai(home, "down")
        assert running_url(other) == database, "they are not ours to stop"
        assert running_redis(other) == redis
    await_end(other)


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"GREENAI_DATABASE_URL": "none"}, "the platform needs a database"),
        ({"GREENAI_DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, "127.0.0.1"),
        ({"GREENAI_REDIS_URL": "secret"}, "GREENAI_REDIS_URL is no URL"),
    ],
)
@pytest.mark.parametrize("how", [[], ["--detach"]])
def test_what_keeps_it_from_coming_up_is_told_without_secrets(
    home: Path, env: dict[str, str], said: str, how: list[str]
) -> None:
    code, out, err = greenai(home, "up", *how, *FEW, env=env)
    assert code == 2
    assert said in err
    assert "secret" not in out + err
    assert "Traceback" not in err
    assert not supervised(home)


def test_on_a_terminal_a_table_is_drawn_and_ctrl_c_ends_it(home: Path) -> None:
    master, slave = pty.openpty()
    process = begin(home, "up", *FEW, stdin=slave, stdout=slave, stderr=slave, env={"TERM": "xterm"})
    os.close(slave)
    seen = b""
    end = time.monotonic() + 60
    pressed = False
    while time.monotonic() < end:
        if select.select([master], [], [], 0.2)[0]:
            try:
                part = os.read(master, 65536)
            except OSError:  # the terminal's other end is closed
                break
            if not part:
                break
            seen += part
        if not pressed and b"no jobs wait" in seen and seen.count(b"platform running") >= 2:
            os.killpg(process.pid, signal.SIGINT)
            pressed = True
    process.wait(timeout=30)
    os.close(master)
    text = seen.decode("utf-8")
    assert process.returncode == 0, text
    assert "\x1b[J" in text, "it is drawn over"
    assert "platform stopping" in text
    assert "ingest_engine-1 stopped" in text
    assert "Traceback" not in text


def test_processes_for_which_there_are_no_ports_are_refused(home: Path) -> None:
    code, _, err = greenai(home, "up", "--diff", "8", env={"GREENAI_METRICS_PORT": "65530"})
    assert code == 2
    assert "GREENAI_METRICS_PORT" in err


def test_a_run_outlives_its_database_its_redis_its_engines_and_its_supervisor(home: Path) -> None:
    data = home.parent / "data"
    greenai(home, "simulate", "trades", "--rows", "20000", "--seed", "3", "--out", str(data))
    assert greenai(home, "up", "--detach")[0] == 0
    assert greenai(home, "submit", str(data / "recon.yaml"))[0] == 0
    until(lambda: stages(home), seconds=60)
    os.kill(main_process(home), signal.SIGKILL)
    os.kill(int((home / "redis" / "redis.pid").read_text(encoding="ascii")), signal.SIGKILL)
    for pid in pids(home)[:3]:
        os.kill(pid, signal.SIGKILL)
    until(lambda: status(home)["healthy"], seconds=60)
    os.kill(status(home)["process"], signal.SIGKILL)
    until(lambda: not supervised(home))
    assert greenai(home, "up", "--detach")[0] == 0
    # A job whose engine was killed is another's when its lease has run out.
    until(lambda: "decide" in stages(home, "done"), seconds=180)
    _, out, _ = greenai(home, "runs", "--format", "json")
    (run,) = json.loads(out)["runs"]
    assert run["state"] == "awaiting_review"
    alone = ["run", str(data / "recon.yaml"), "--store", "none", "--no-causes", "--format", "json"]
    _, out, _ = greenai(home, *alone)
    rows = json.loads(out)["rows"]
    apart = ("different", "only_a", "only_b", "duplicates_a", "duplicates_b")
    assert run["apart"] == sum(rows[name] for name in apart) > 0


def stages(home: Path, state: str = "") -> list[str]:
    """The kinds of the jobs, of those in a state."""
    code, out, _ = greenai(home, "jobs", "list", "--format", "json")
    jobs = json.loads(out)["jobs"] if code == 0 else []
    return [job["kind"] for job in jobs if not state or job["state"] == state]
