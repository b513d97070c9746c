"""Splitting one irregular record, against Python's csv module and by example."""

from __future__ import annotations

import csv
import io
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.sources.dialect import Dialect
from greenai.sources.records import Malformed, Record, Splitter
from greenai.sources.regular import QuoteRules

CSV = Splitter(Dialect(","))
rows = st.lists(st.text(alphabet='ab ",\n\ré', max_size=6).map(str.strip), min_size=2, max_size=5)


def written(row: list[str], quoting: int) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator="\n").writerow(row)  # type: ignore[arg-type]
    return out.getvalue()


@given(rows, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_a_writer_writes_is_split_into_what_it_was_given(row: list[str], quoting: int) -> None:
    if quoting == csv.QUOTE_MINIMAL:
        # The writer leaves a bare carriage return without quotes, where it is the end of a line.
        row = [cell.replace("\r", "") for cell in row]
    data = written(row, quoting).encode()
    record = CSV.split(data + b"next,row\n", 0)
    assert isinstance(record, Record)
    assert [cell.decode() for cell in record.cells] == row
    assert record.end == len(data)


@given(st.lists(rows, max_size=4), st.integers(0, 30), st.sampled_from('",\nx '))
def test_regular_quotes_are_read_alike_by_line_and_by_record(
    lines: list[list[str]], at: int, extra: str
) -> None:
    text = "".join(written(row, csv.QUOTE_MINIMAL) for row in lines)
    data = (text[:at] + extra + text[at:]).encode()
    if not data.endswith(b"\n"):
        data += b"\n"
    end = QuoteRules(Dialect(","), b"\n").irregular(data, 0, len(data))
    regular = data[: data.rfind(b"\n", 0, end) + 1] if end < len(data) else data
    start = 0
    while start < len(regular):
        record = CSV.split(regular, start)
        assert isinstance(record, Record)
        if b"\r" not in regular:
            assert record.end == regular.find(b"\n", start) + 1
        start = record.end


@given(st.lists(rows, min_size=1, max_size=4), st.integers(0, 30), st.sampled_from('",\nx \t'))
def test_both_machines_agree_on_what_is_regular(lines: list[list[str]], at: int, extra: str) -> None:
    text = "".join(written(row, csv.QUOTE_MINIMAL) for row in lines).replace("\r", "")
    data = (text[:at] + extra + text[at:]).encode()
    data += b"" if data.endswith(b"\n") else b"\n"
    rules = QuoteRules(Dialect(","), b"\n")
    if rules._all(data, 0, len(data)):
        slow = rules._located.match(data)
        # The careful one may hand over more than it must (a quote after a blank or a quote), never less.
        assert slow is not None
        rest = data[slow.end() :]
        assert not rest or data[slow.end() - 1 : slow.end()] in (b" ", b"\t", b'"')


@pytest.mark.parametrize("threads", [1, 3])
def test_any_number_of_threads_finds_the_same_and_none_outlives_the_call(threads: int) -> None:
    rules = QuoteRules(Dialect(","), b"\n", threads=threads)
    regular = b'1,"a ""b"" c",x\n' * 20_000
    assert rules.irregular(regular, 0, len(regular)) == len(regular)
    data = regular + b'2,"line\nend",y\n' + regular
    found = rules.irregular(data, 0, len(data))
    assert data[:found].rfind(b"\n") + 1 == len(regular)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("greenai-quotes")]


def test_blanks_around_quotes_are_dropped_and_others_kept() -> None:
    record = CSV.split(b' "a,b" , c ,""\n', 0)
    assert record == Record([b"a,b", b" c ", b""], 15)


def test_a_missing_end_of_a_quote_is_told_apart_from_text_after_it() -> None:
    assert CSV.split(b'1,"2\n3', 0) == Malformed("the quote that opens cell 2 is never closed", open=True)
    assert CSV.split(b'1,"2"3\n', 0) == Malformed("text follows the closing quote of cell 2")


def test_lines_inside_a_quoted_cell_are_reported() -> None:
    record = CSV.split(b'1,"x\n2,3\ny"\n', 0)
    assert isinstance(record, Record)
    assert record.quoted_lines == (b"2,3",)


def test_a_backslash_takes_the_next_character_as_it_is() -> None:
    record = Splitter(Dialect(",", '"', "\\")).split(b'"a\\"b\\\\",c\\,d\n', 0)
    assert isinstance(record, Record)
    assert record.cells == [b'a"b\\', b"c,d"]


@pytest.mark.parametrize(
    ("cells", "width", "why"),
    [
        ([b"1", b"2"], 2, None),
        ([b"1", b"2", b"", b""], 2, None),
        ([b"1", b"2", b"3"], 2, "too many cells: 3 instead of 2"),
        ([b"1"], 2, "too few cells: 1 instead of 2"),
        ([b"", b""], 3, "too few cells: 2 instead of 3"),
    ],
)
def test_empty_cells_beyond_the_width_are_no_cells(cells: list[bytes], width: int, why: str | None) -> None:
    assert CSV.fitted(cells, width) == why
