"""Laws for dirty delimited files: nothing is lost, nothing is invented, lines are told right."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.sources import cleaning, grammar, opened
from greenai.sources.files import read_files

HEADER = ["a", "b", "c"]
plain = st.text(alphabet='xyé7.-\0" ', max_size=6).map(str.strip)
# Cells with line ends hold no delimiter, so that no line inside them could pass for a row of its own.
cells = plain | st.sampled_from(
    ["", '"', '""', 'say "x"', "a,b", ",", "NULL", "line\nend", "two\r\nends", "e\rf", "日本"]
)
rows = st.lists(cells, min_size=1, max_size=5)


def written(row: list[str], quoting: int, terminator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator=terminator).writerow(row)  # type: ignore[arg-type]
    return out.getvalue()


@st.composite
def dirty_files(draw: st.DrawFn) -> bytes:
    usual = draw(st.sampled_from(["\n", "\r\n"]))
    data = b"a,b,c" + usual.encode()
    for _ in range(draw(st.integers(0, 25))):
        kind = draw(
            st.sampled_from(["row"] * 6 + ["wide", "bytes", "text after quote", "header", "blank", "long"])
        )
        terminator = usual if draw(st.integers(0, 9)) else draw(st.sampled_from(["\n", "\r\n"]))
        end = terminator.encode()
        if kind == "row":
            row = draw(st.lists(cells, min_size=3, max_size=3))
            quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
            data += written(row, quoting, terminator).encode()
        elif kind == "wide":
            data += written(draw(rows), csv.QUOTE_MINIMAL, terminator).encode()
        elif kind == "bytes":
            data += draw(st.sampled_from([b"1,caf\xe9,3", b"\xff\xfe,2,3", b"1,\x80", b"1,2,\xc3"])) + end
        elif kind == "text after quote":
            data += b'1,"two"x,3' + end
        elif kind == "header":
            data += b"a,b,c" + end
        elif kind == "long":
            data += b"1," + b"w" * 2_500 + b",3" + end
        else:
            data += end
    if draw(st.booleans()):
        data = data.rstrip(b"\r\n")
    return data


def oracle(data: bytes) -> tuple[Counter[tuple[str, ...]], int]:
    """The rows and the number of rejects, by Python's csv module."""
    good: Counter[tuple[str, ...]] = Counter()
    rejects = 0
    # Bytes that are not UTF-8 become surrogates, which no good cell holds.
    text = data.decode("utf-8", "surrogateescape")
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    for number, row in enumerate(reader):
        if not row or number == 0:
            continue
        while len(row) > 3 and row[-1] == "":
            row.pop()
        broken = any("\udc80" <= char <= "\udcff" for cell in row for char in cell)
        if len(row) != 3 or broken or row in (HEADER, ["1", "twox", "3"]):
            rejects += 1
        else:
            good[tuple(row)] += 1
    return good, rejects


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as engine:
        yield engine


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=dirty_files(), block=st.sampled_from([11, 64, 960_000]))
def test_every_row_of_a_dirty_file_is_read_or_rejected(
    engine: DuckDBEngine, tmp_path: Path, data: bytes, block: int
) -> None:
    path = tmp_path / "dirty.csv"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        for module in (opened, cleaning, grammar):
            patch.setattr(module, "BLOCK", block)
        patch.setattr(opened, "_HEAD", block)
        source = read_files(engine, Source(location="dirty.csv", delimiter=","), side="a", base=tmp_path)
    rows = engine.rows(source.table)
    rejects = source.rejects()
    good, rejected = oracle(data)
    assert Counter(rows) == good
    assert len(rejects) == rejected
    for reject in rejects:
        assert reject.line is not None
        line = data.split(b"\n")[reject.line - 1].decode("utf-8", "greenai-readable")
        assert reject.raw.split("\n")[0].rstrip("\r") in line
