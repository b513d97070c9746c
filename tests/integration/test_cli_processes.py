"""What a process owes its caller: exit codes, streams that close, signals, start-up, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from face import greenai as command
from face import process, write_csv


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_csv(tmp_path / "a.csv", ["id", "name"], (1, "Anna"), (2, "Bob"))
    write_csv(tmp_path / "b.csv", ["id", "name"], (1, "Anna"), (2, "Böb 😀"), ("", "nobody"))
    return tmp_path


def test_the_exit_code_is_that_of_diff(folder: Path) -> None:
    equal = process("diff", "a.csv", "a.csv", "--key", "id", cwd=folder)
    different = process("diff", "a.csv", "b.csv", "--key", "id", "--format", "json", cwd=folder)
    trouble = process("diff", "a.csv", "c.csv", "--key", "id", cwd=folder)
    assert [one.returncode for one in (equal, different, trouble)] == [0, 1, 2]
    assert [one.stderr for one in (equal, different)] == ["", ""]
    assert json.loads(different.stdout)["rows"]["rejected_b"] == 1
    assert trouble.stdout == ""
    assert trouble.stderr == "greenai: c.csv: no such file\n  → did you mean b.csv?\n"


def test_version_comes_at_once() -> None:
    seconds = []
    for _ in range(5):
        begin = time.perf_counter()
        done = process("--version")
        seconds.append(time.perf_counter() - begin)
        assert (done.returncode, done.stdout.split()[0]) == (0, "greenai,")
    # The goal is 0.15 s; twice that leaves room for a busy machine.
    assert statistics.median(seconds) < 0.3, seconds


def test_the_reader_of_the_output_may_leave_early(folder: Path) -> None:
    for arguments, code in ((("schema",), 0), (("diff", "a.csv", "b.csv", "--key", "id"), 1)):
        reading, writing = os.pipe()
        os.close(reading)
        done = process(*arguments, cwd=folder, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told(folder: Path) -> None:
    for arguments in (("diff", "a.csv", "a.csv", "--key", "id"), ("schema",)):
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            done = process(*arguments, cwd=folder, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 2
        assert done.stderr.startswith(
            "greenai: cannot write to standard output: No space left on device\n  → "
        )


def test_a_closed_output_is_no_trouble(folder: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m greenai diff a.csv b.csv --key id >&-'],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (1, "")


def test_any_encoding_of_the_terminal_will_do(folder: Path) -> None:
    done = process("diff", "a.csv", "b.csv", "--key", "id", cwd=folder, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (1, "")
    assert "\\U0001f600" in done.stdout


def test_colour_obeys_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def coloured() -> bool:
        return "\x1b[" in command("diff", "a.csv", "b.csv", "--key", "id", cwd=folder).out

    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert not coloured()
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not coloured()


@pytest.mark.parametrize(
    ("name", "value"),
    [("GREENAI_MEMORY", "lots"), ("GREENAI_THREADS", "-1"), ("GREENAI_TEMP", "no such folder")],
)
def test_settings_that_make_no_sense_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    command("diff", "a.csv", "a.csv", cwd=folder).trouble(name, value)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_diff_ends_in_one_line_and_leaves_nothing(tmp_path: Path, number: int, code: int) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    rows = "".join(f"{n},{n * 7919 % 1000},{n * 104729 % 1000},text {n}\n" for n in range(600_000))
    for side in "ab":
        (tmp_path / f"{side}.csv").write_text("id,x,y,z\n" + rows.replace("99", f"9{side}"), encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "-m", "greenai", "diff", "a.csv", "b.csv", "--key", "id", "--out", "out"],
        cwd=tmp_path,
        env={**os.environ, "GREENAI_TEMP": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    # The engine's private folder is there: the work has begun, and takes seconds.
    end = time.monotonic() + 30
    while not any(temporary.iterdir()) and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.3)
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (code, "", "interrupted\n")
    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_nothing_is_left_in_the_temporary_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("GREENAI_TEMP", str(temporary))
    for other in ("a.csv", "b.csv", "c.csv"):
        command("diff", "a.csv", other, "--key", "id", cwd=folder)
        assert list(temporary.iterdir()) == []


def test_an_output_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "file").write_text("not a folder", encoding="utf-8")
    for out in ("file/below", "/proc/greenai"):
        answer = command("diff", "a.csv", "b.csv", "--key", "id", "--out", out, cwd=folder)
        answer.trouble(out, "cannot write the output")
    command("diff", "a.csv", "b.csv", "--out", "file", cwd=folder).trouble("file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_without_rights_is_told(folder: Path) -> None:
    (folder / "locked").mkdir(mode=0o500)
    command("diff", "a.csv", "b.csv", "--key", "id", "--out", "locked", cwd=folder).trouble(
        "locked", "denied"
    )


def test_a_full_disk_leaves_no_summary_that_looks_complete(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenai.pipeline import output

    assert command("diff", "a.csv", "b.csv", "--key", "id", "--out", "out", cwd=folder).code == 1
    assert (folder / "out" / "summary.json").exists()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output, "write_rejects", full)
    answer = command("diff", "a.csv", "b.csv", "--key", "id", "--out", "out", cwd=folder)
    answer.trouble("out", "No space left on device")
    assert not (folder / "out" / "summary.json").exists()
    assert not list((folder / "out").glob("*.partial"))
