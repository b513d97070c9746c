"""Skimming a file finds what the careful pass alone would find."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.sources import skimming
from greenai.sources.cleaning import Input, clean
from greenai.sources.dialect import Dialect
from greenai.sources.grammar import Delimited

SMALL = 40
HEADER = b"id,name\n"

LINES = st.sampled_from(
    [
        b"1,a", b"22,bb", b"333,plain text", b'4,"quoted, cell"', b'5,"doubled "" quote"', b"6,caf\xc3\xa9",
        b'7,"open', b'8,"two\nlines"', b"9,stray \r return", b"10,\xff bad byte", b"", b"# remark",
        b"11,a,b", b"12", b"id,name", b'13,x"y', b'14, "padded"', b"15," + b"long" * 20,
    ]
)  # fmt: skip
FILES = st.tuples(
    st.lists(LINES, max_size=25), st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.booleans()
)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skimming, "BLOCK", SMALL)


def found(data: bytes, *, crlf: bool, skimmed: bool, in_order: bool) -> dict[str, object]:
    """What cleaning makes of a file's data, read by `skim` or not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.csv"
        path.write_bytes(HEADER + data)
        copies = Path(folder) / "copies"
        copies.mkdir()
        with path.open("rb", buffering=0) as file:
            file.seek(len(HEADER) + min(len(data), 7))
            # Only a plain file is skimmed.
            stream = file if skimmed else io.BytesIO(file.read())
            grammar = Delimited(
                Dialect(","), 2, newline=b"\n", header=b"id,name", comment="#", encoding="utf-8"
            )
            source = Input("plain.csv", data[:7], stream, b"\n", crlf, 2, 1, len(HEADER), path)
            cleaned = clean(source, grammar, copies, in_order=in_order)
        scanned = b"" if cleaned.path is None else cleaned.path.read_bytes()
        return {
            "in place": cleaned.path == path,
            "scanned": scanned,
            "skip": cleaned.skip,
            "crlf": cleaned.crlf,
            "rows": cleaned.rows.count,
            "rejects": cleaned.rejects,
            "lines": [line_at(cleaned.marks, scanned, at) for at in starts(scanned)],
        }


def starts(scanned: bytes) -> list[int]:
    return [0] + [at + 1 for at, byte in enumerate(scanned[:-1]) if byte == 10]


def line_at(marks: list[tuple[int, int]], scanned: bytes, at: int) -> int | None:
    """The line of the original file by the last mark at or before an offset, as rejects are told."""
    known = [mark for mark in marks if mark[0] <= at]
    if not known:
        return None
    offset, line = known[-1]
    return line + scanned[offset:at].count(b"\n")


@given(FILES)
def test_a_skimmed_file_gives_what_the_careful_pass_gives(
    file: tuple[list[bytes], bytes, bool, bool],
) -> None:
    lines, end, ended, in_order = file
    data = end.join(lines) + (end if ended and lines else b"")
    crlf = end == b"\r\n"
    assert found(data, crlf=crlf, skimmed=True, in_order=in_order) == found(
        data, crlf=crlf, skimmed=False, in_order=in_order
    )


def test_a_regular_file_is_passed_up_to_its_last_line() -> None:
    data = b"1,a\n" * 50 + b"2,b"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.csv"
        path.write_bytes(data)
        grammar = Delimited(Dialect(","), 2, newline=b"\n", header=b"", comment="", encoding="utf-8")
        with path.open("rb", buffering=0) as file:
            passed, rest = skimming.skim(b"", file, grammar, b"\n", crlf=False)
    assert (passed, rest) == (200, b"2,b")


def test_a_line_longer_than_the_buffer_is_left_to_the_careful_pass() -> None:
    data = b"1,a\n" + b"2," + b"x" * 3 * SMALL + b"\n3,c\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.csv"
        path.write_bytes(data)
        grammar = Delimited(Dialect(","), 2, newline=b"\n", header=b"", comment="", encoding="utf-8")
        with path.open("rb", buffering=0) as file:
            passed, rest = skimming.skim(b"", file, grammar, b"\n", crlf=False)
            left = rest + file.read()
    assert passed == 4
    assert left == data[4:]
