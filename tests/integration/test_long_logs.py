"""Logs of processes that go on for months: put aside while they are written."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from greenai.embedded import child, supervisor
from greenai.embedded.logs import cut_log, open_log


def test_a_log_that_grows_while_its_process_runs_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "one-1.log"
    (tmp_path / "one-1.log.1").write_text("older", encoding="ascii")
    writer = open_log(log)
    os.write(writer, b"first\n" * 10)
    assert not cut_log(log, grown=60)
    assert cut_log(log, grown=59)
    os.write(writer, b"second\n")
    os.close(writer)
    assert log.read_bytes() == b"second\n", "no hole where the old words were"
    assert (tmp_path / "one-1.log.1").read_bytes() == b"first\n" * 10
    assert (tmp_path / "one-1.log.2").read_text(encoding="ascii") == "older"
    assert len(list(tmp_path.iterdir())) == 3
    log.unlink()
    log.symlink_to(tmp_path / "one-1.log.1")
    with pytest.raises(OSError, match="symbolic links"):
        cut_log(log, grown=0)
    assert (tmp_path / "one-1.log.1").read_bytes() == b"first\n" * 10


def test_the_supervisor_puts_long_logs_aside_and_restarts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "MEASURING", 0.0)
    monkeypatch.setattr(child, "GROWN", 1000)
    home = tmp_path / "home"
    talking = "import time, os\nwhile True: os.write(2, b'x' * 99 + bytes([10])); time.sleep(0.01)"
    with supervisor.supervising(home, told=lambda _: None) as keeper:
        program = child.Program("one", (sys.executable, "-c", talking))
        thread = threading.Thread(target=keeper.run, args=([program], dict(os.environ)))
        thread.start()
        aside = home / "logs" / "one-1.log.3"
        for _ in range(300):
            if aside.exists():
                break
            time.sleep(0.1)
        restarts = [one.restarts for one in keeper.state().processes]
        keeper.stop()
        thread.join(30)
    assert restarts == [0]
    assert aside.exists()
    for one in (home / "logs").glob("one-1.log*"):
        lines = one.read_bytes().splitlines()
        assert set(lines) <= {b"x" * 99}
