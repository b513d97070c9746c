from __future__ import annotations

import io
import os
import pty
import re
import time

import pytest

from greenai.cli.progress import LiveProgress, Stage, clock, line_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        """What stands in the line after everything was written."""
        line: list[str] = []
        for part in self.getvalue().split("\r"):
            line[: len(part)] = part
        return "".join(line).strip()


def wait_until(condition: object, within: float = 3.0) -> None:
    end = time.monotonic() + within
    while not condition() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.01)
    assert condition()  # type: ignore[operator]


def test_long_work_shows_stages_rows_rate_and_time() -> None:
    stream = Terminal()
    with LiveProgress(stream, share=lambda: 0.5) as progress:
        progress.stage("read")
        progress.stage("compare", 2_000)
        wait_until(lambda: "rows/s" in stream.getvalue())
        assert re.search(r"✓ read .* compare 2,000 rows .* 50 %", stream.shown)
    assert stream.shown == ""


def test_fast_work_shows_nothing() -> None:
    stream = Terminal()
    with LiveProgress(stream) as progress:
        progress.stage("compare", 10)
        time.sleep(0.05)
    time.sleep(0.4)
    assert stream.getvalue() == ""


def test_a_pipe_is_never_written_to() -> None:
    stream = io.StringIO()
    with LiveProgress(stream) as progress:
        progress.stage("compare", 10)
        time.sleep(0.45)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_or_an_interruption_leaves_a_clean_line(error: type[BaseException]) -> None:
    stream = Terminal()

    def work() -> None:
        with LiveProgress(stream) as progress:
            progress.stage("compare")
            wait_until(lambda: stream.shown)
            raise error

    with pytest.raises(error):
        work()
    assert stream.shown == ""
    written = stream.getvalue()
    time.sleep(0.25)
    assert stream.getvalue() == written


def test_done_may_be_called_twice_and_ends_the_display() -> None:
    stream = Terminal()
    progress = LiveProgress(stream)
    progress.stage("compare")
    wait_until(lambda: stream.shown)
    progress.done()
    progress.done()
    progress.stage("late")
    time.sleep(0.4)
    assert stream.shown == ""


def test_a_share_that_fails_or_a_stream_that_is_gone_does_not_disturb_the_work() -> None:
    def broken() -> float:
        raise RuntimeError("no connection")

    stream = Terminal()
    with LiveProgress(stream, share=broken) as progress:
        progress.stage("compare")
        wait_until(lambda: "compare" in stream.shown)
        stream.close()
        time.sleep(0.2)


def test_the_line_fits_a_real_narrow_terminal() -> None:
    master, slave = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 30, 0, 0))
    with os.fdopen(slave, "w", encoding="utf-8") as stream:
        with LiveProgress(stream, share=lambda: 0.25) as progress:
            progress.stage("a stage with quite a long name", 123_456_789)
            time.sleep(0.6)
        stream.flush()
        written = os.read(master, 65_536).decode()
    os.close(master)
    frames = [frame for frame in written.split("\r") if frame.strip()]
    assert frames
    assert max(map(len, frames)) <= 29


def test_time_left_is_said_only_when_it_is_no_guess() -> None:
    stage = Stage("compare", 1_000, began=0.0)
    assert stage.left(0.01, 0.5) is None
    assert stage.left(0.2, 0.5) is None
    assert stage.left(0.25, 10.0) == pytest.approx(30.0)
    assert stage.rate(0.25, 10.0) == pytest.approx(25.0)


def test_a_new_query_of_the_same_stage_starts_its_own_estimate() -> None:
    stage = Stage("compare", 1_000, began=0.0)
    assert stage.left(0.9, 10.0) is not None
    assert stage.left(0.1, 11.0) is None
    assert stage.left(0.5, 13.0) == pytest.approx(2.0)


def test_time_before_a_query_reports_is_not_counted() -> None:
    stage = Stage("compare", 1_000, began=0.0)
    assert stage.left(-1, 50.0) is None
    assert stage.left(0.5, 52.0) == pytest.approx(2.0)
    assert stage.rate(0.5, 52.0) == pytest.approx(250.0)


def test_the_oldest_stages_are_left_out_first() -> None:
    finished = [("first", 1.0), ("second", 2.0)]
    shown = line_of(Stage("third", None, 0.0), finished, share=-1, now=3.0, width=40, frame=0)
    assert "second" in shown
    assert "first" not in shown
    assert len(shown) <= 40


def test_a_clock_counts_seconds_minutes_and_hours() -> None:
    assert [clock(seconds) for seconds in (7.4, 75, 3_723)] == ["0:07", "1:15", "1:02:03"]
