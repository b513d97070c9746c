"""One JSON line per event, whatever is logged; and no secret or data value in any of them."""

from __future__ import annotations

import enum
import io
import json
import logging
import math
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.errors import DefinitionError, SourceError, UsageError
from greenai.telemetry import logs
from greenai.telemetry.plain import WITHHELD, plain, plain_field, scrubbed

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging as it was, after whatever a test configures; the stream that tests configure."""
    root, own = logging.getLogger(), logging.getLogger("greenai")
    before = (root.handlers[:], root.level, own.level)
    for owner, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    yield io.StringIO()
    root.handlers[:], root.level, own.level = before
    root.setLevel(before[1])
    own.setLevel(before[2])


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    logs.configure("diff_engine", level="debug", stream=stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_time_level_component_name_and_fields(lines: Lines) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    logs.event("stage_done", rows=7, seconds=0.25, stage="compare", day=date(2026, 3, 1))
    (line,) = lines()
    time = line.pop("time")
    assert time.endswith("Z")
    assert len(time) == len("2026-03-01T06:00:00.125Z")
    assert before <= datetime.fromisoformat(time) <= datetime.now(UTC)
    assert line.pop("pid") > 0
    assert line == {
        "level": "info",
        "component": "diff_engine",
        "event": "stage_done",
        "rows": 7,
        "seconds": 0.25,
        "stage": "compare",
        "day": "2026-03-01",
    }


def test_what_is_bound_stands_in_every_event_inside_and_in_none_after(lines: Lines) -> None:
    with logs.bound(run=12, recon="fx"):
        with logs.bound(stage="compare", request="r-1"):
            logs.event("inner")
            logging.getLogger("someone.else").warning("still inside")
        logs.event("outer", recon="told_otherwise")
    logs.event("after")
    inner, library, outer, after = lines()
    for line in (inner, library):
        assert (line["run"], line["recon"], line["stage"], line["request"]) == (12, "fx", "compare", "r-1")
    assert (outer["run"], outer["recon"], "stage" in outer) == (12, "told_otherwise", False)
    assert not {"run", "recon"} & set(after)


def test_threads_do_not_see_what_others_bind(lines: Lines) -> None:
    def work(run: int) -> None:
        with logs.bound(run=run):
            for _ in range(50):
                logs.event("step", of=run)

    threads = [threading.Thread(target=work, args=(run,)) for run in range(4)]
    with logs.bound(run=99):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = lines()
    assert len(found) == 200
    assert all(line["run"] == line["of"] for line in found)


def test_levels_hold_and_libraries_speak_from_warning_on(stream: io.StringIO) -> None:
    logs.configure("worker", level="info", stream=stream)
    library = logging.getLogger("chatty.library")
    library.setLevel(logging.DEBUG)
    logs.event("hidden", level="debug")
    logs.event("seen")
    library.info("hidden too")
    library.warning("seen too")
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["event"], one["level"]) for one in events] == [("seen", "info"), ("log", "warning")]
    assert events[1]["words"] == "seen too"
    assert events[1]["logger"] == "chatty.library"
    logs.configure("worker", level="ERROR", stream=stream)
    library.warning("hidden now")
    logs.event("hidden", level="warning")
    assert len(stream.getvalue().splitlines()) == 2


def test_a_level_that_there_is_not_is_refused_when_configured_and_info_when_logged(lines: Lines) -> None:
    with pytest.raises(UsageError, match="no such log level"):
        logs.configure("worker", level="loud")
    logs.event("still_said", level="loud")
    logs.event("still_said", level=None)  # type: ignore[arg-type]
    assert [line["level"] for line in lines()] == ["info", "info"]


def test_configuring_again_replaces_the_first_instead_of_doubling(lines: Lines, stream: io.StringIO) -> None:
    logs.configure("worker", stream=stream)
    logs.event("once")
    assert [line["component"] for line in lines()] == ["worker"]
    assert logs.component() == "worker"


class Colour(enum.Enum):
    RED = "a-secret-value"


class Row(NamedTuple):
    notional: str


class Hostile(str):
    def __str__(self) -> str:
        raise RuntimeError("no")

    def __len__(self) -> int:
        raise RuntimeError("no")


class Silent:
    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, None),
        (True, True),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (10**30, "[int]"),
        (10**5000, "[int]"),
        (Decimal("12.50"), "[Decimal]"),
        (b"\x00\xff", "[bytes]"),
        ({"EUR": 1}, "[dict]"),
        (Row("Meier"), "[Row]"),
        ([1, "b", [2], Decimal(3)], [1, "b", "[list]", "[Decimal]"]),
        (list(range(25)), [*range(20), "[5 more]"]),
        (Colour.RED, "RED"),
        (Hostile("x"), WITHHELD),
        (Silent(), "[Silent]"),
        ("lone \ud800 surrogate", "lone ? surrogate"),
        ("two\nlines\u2028three", "two\nlines\u2028three"),
        ("x" * 501, "[501 characters]"),
        (timedelta(minutes=1), 60.0),
        (Path("runs/7"), "runs/7"),
        (datetime(2026, 3, 1, 7, tzinfo=timezone(timedelta(hours=1))), "2026-03-01T06:00:00.000Z"),
        (ValueError("Meier"), "[ValueError]"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_odd_values_neither_break_the_line_nor_show_their_content(
    lines: Lines, value: object, said: object
) -> None:
    logs.event("odd", thing=value)
    (line,) = lines()
    assert line["thing"] == said


@given(st.recursive(st.none() | st.floats() | st.text() | st.binary() | st.integers(), st.lists))
def test_anything_becomes_json_on_one_line(value: object) -> None:
    text = json.dumps(plain_field("thing", value), allow_nan=False)
    assert len(text.splitlines()) == 1
    json.loads(text)


def test_names_that_the_line_needs_are_not_overwritten(lines: Lines) -> None:
    logs.event("x", time="noon", component="other", event="y", pid=1)
    (line,) = lines()
    assert (line["event"], line["event_"], line["component"], line["time_"]) == (
        "x",
        "y",
        "diff_engine",
        "noon",
    )


def test_a_stream_that_is_gone_stops_nothing_and_prints_nothing(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("worker", stream=stream)
    stream.close()
    logs.event("lost", thing="x")
    logging.getLogger("lib").error("lost %s", "Meier")
    assert capsys.readouterr() == ("", "")


SECRET = "hunter2"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://maria:{SECRET}@db:5432/greenai",
        f"redis://:{SECRET}@cache/0",
        f"postgresql://m:{SECRET}/with@odd signs {SECRET}@db/x",
        f"https://{SECRET}@example.org/file.csv",
        f"https://bucket/file.csv?X-Amz-Signature={SECRET}&x=1",
        f"ftp://host/file#{SECRET}",
        f"host=db user=x password={SECRET} dbname=y",
        f"password='{SECRET} and \\' more {SECRET}'",
        f'{{"password": "{SECRET}"}}',
        f"Authorization: Bearer {SECRET}xyz",
        f"sent bearer {SECRET}",
        f"api_key={SECRET}",
        f"PGPASSWORD={SECRET}",
        f"PGPASSWORD = {SECRET}",
        f"postgresql://u:{SECRET * 400}@db/x",
    ],
)
def test_secrets_in_texts_are_cut_out(text: str) -> None:
    assert SECRET not in scrubbed(text)
    assert SECRET not in json.dumps(plain([text]))


@pytest.mark.parametrize("part", ["token", "password", "://", "a=", "password='\\", "://@?", "bearer "])
def test_no_text_takes_long_to_clean(part: str) -> None:
    began = time.process_time()
    scrubbed((part * 500)[:500])
    assert time.process_time() - began < 0.05


def test_secrets_in_names_of_events_in_bound_ids_and_in_names_of_logged_files_are_cut_out(
    lines: Lines, stream: io.StringIO
) -> None:
    with logs.bound(recon=f"https://u:{SECRET}@h/x", password=SECRET, request=[f"token={SECRET}"]):
        logs.event(
            f"opened redis://:{SECRET}@h", path=Path(f"x/password={SECRET}"), source=f"s3://b/k?sig={SECRET}"
        )
        logging.getLogger("lib").warning(f"redis://:{SECRET}@h")
    assert len(lines()) == 2
    assert SECRET not in stream.getvalue()


def test_hosts_and_paths_of_urls_stay_readable() -> None:
    assert scrubbed("postgresql://m:x@db:5432/greenai") == f"postgresql://{WITHHELD}@db:5432/greenai"
    assert scrubbed("s3://bucket/a b.csv") == "s3://bucket/a b.csv"
    assert scrubbed("waits for 3 tokens in fx_trades") == "waits for 3 tokens in fx_trades"


def test_names_that_promise_data_or_secrets_are_withheld_and_counts_are_not(lines: Lines) -> None:
    withheld = (
        "password api_key secret_key authorization value value_a raw key cell row message text sql detail"
    )
    logs.event("x", **dict.fromkeys(withheld.split(), "Meier"), token="Meier", rows="Meier")
    logs.event("y", rows=3, records=4, token=5, message_id="m-1", key_columns=2, breaks=6)
    first, second = lines()
    assert {name for name, said in first.items() if said == WITHHELD} == {*withheld.split(), "token", "rows"}
    assert [second[name] for name in ("rows", "records", "token", "message_id", "key_columns", "breaks")] == [
        3,
        4,
        5,
        "m-1",
        2,
        6,
    ]


def fail(value: str) -> None:
    """Raise as a reader does: the value in message, value and a remedy put together."""
    try:
        raise KeyError(value)
    except KeyError as error:
        raise SourceError(
            f"{value!r} is no number",
            source=f"https://u:{SECRET}@host/feed/trades.csv?sig={SECRET}",
            line=7,
            column="notional",
            value=value,
            remedy=f"replace {value}",
        ) from error


def test_an_error_is_logged_as_class_place_and_trace_without_its_words(lines: Lines) -> None:
    try:
        fail("Meier")
    except SourceError as error:
        logs.event("failed", level="error", error=error)
    (line,) = lines()
    assert line["error_class"] == "greenai.errors.SourceError"
    assert line["where"] == "trades.csv, line 7, notional"
    assert line["caused_by"] == ["KeyError"]
    assert line["trace"][-1].endswith(" fail")
    assert "remedy" not in line
    assert "Meier" not in json.dumps(line)
    assert SECRET not in json.dumps(line)


def test_a_remedy_that_stands_in_the_code_is_logged(lines: Lines) -> None:
    try:
        raise DefinitionError("no", column="fields.x", value="Meier", remedy="write it as decimal(18,2)")
    except DefinitionError as error:
        logs.event("failed", error=error)
    assert lines()[0]["remedy"] == "write it as decimal(18,2)"
    logs.event("failed", error=DefinitionError("no", remedy="never raised, so nobody knows where it is from"))
    assert "remedy" not in lines()[1]


def test_codes_of_system_and_database_errors_are_kept(lines: Lines) -> None:
    logs.event("failed", error=FileNotFoundError(2, "Meier", "Meier.csv"))
    assert lines()[0]["error_code"] == 2
    assert "Meier" not in json.dumps(lines())


def test_an_error_that_caused_itself_is_logged(lines: Lines) -> None:
    one, other = ValueError("x"), ValueError("y")
    one.__cause__, other.__cause__ = other, one
    logs.event("failed", error=one)
    assert lines()[0]["caused_by"] == ["ValueError"]


def test_a_library_that_logs_by_a_function_of_its_own_is_quoted_too(lines: Lines) -> None:
    def error(words: str, *arguments: object) -> None:
        logging.getLogger("gunicorn.error").error(words, *arguments)

    error("Connection in use: %s", "secret")
    error(f"it is {'secret'}")
    plain, built = lines()
    assert plain["words"] == "Connection in use: %s"
    assert "words" not in built


def test_libraries_are_quoted_only_in_words_that_stand_in_their_code(lines: Lines) -> None:
    library, value = logging.getLogger("library"), "Meier"
    library.warning("cannot store %s for %s", value, {"password": SECRET})
    library.warning(f"cannot store {value}")
    library.error(ValueError(value))
    library.error({"value": value})
    try:
        raise RuntimeError(value)
    except RuntimeError:
        library.exception("failed: %s", value)
    templated, built, error, mapping, raised = lines()
    assert templated["words"] == "cannot store %s for %s"
    assert not any("words" in line for line in (built, error, mapping))
    assert built["at"].startswith("test_log_lines.py:")
    assert (raised["words"], raised["error_class"]) == ("failed: %s", "RuntimeError")
    assert value not in json.dumps(lines())
    assert SECRET not in json.dumps(lines())


PROCESS = """
import gc, sys, threading, warnings
from greenai.telemetry import logs
logs.configure("worker")
value = "".join(["Mei", "er"])
class Bad:
    def __del__(self):
        raise ValueError(value)
def threaded():
    raise ValueError(value)
warnings.warn(f"careful with {value}")
bad = Bad(); del bad; gc.collect()
thread = threading.Thread(target=threaded); thread.start(); thread.join()
raise ValueError(value)
"""


def test_what_nobody_catches_and_what_python_warns_of_are_lines_without_values() -> None:
    done = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in found] == [
        "python_warning",
        "unraisable_error",
        "uncaught_error",
        "uncaught_error",
    ]
    assert [line.get("error_class") for line in found] == [None, "ValueError", "ValueError", "ValueError"]
    assert done.returncode == 1
    assert "Meier" not in done.stderr


def test_a_program_that_does_not_configure_hears_nothing() -> None:
    code = "from greenai.telemetry.logs import event; event('x', level='critical')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
