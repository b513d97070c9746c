"""Delimited files from disk: what is read, what is rejected, and what is said about it."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import FieldError, MissingSourceError, TooManyRejectsError, UnreadableSourceError
from greenai.sources import cleaning, scan
from greenai.sources.base import RejectedRow, SourceTable
from greenai.sources.files import read_files


class Folder:
    """Writes a file, reads it as a side, and keeps both results of the scan."""

    def __init__(self, engine: DuckDBEngine, path: Path) -> None:
        self.engine = engine
        self.path = path

    def table(
        self, data: bytes, name: str = "t.csv", *, with_source_file: bool = False, **options: Any
    ) -> SourceTable:
        (self.path / name).write_bytes(data)
        source = Source(location=name, **options)
        return read_files(self.engine, source, side="a", base=self.path, with_source_file=with_source_file)

    def read(
        self, data: bytes, name: str = "t.csv", **options: Any
    ) -> tuple[list[tuple[Any, ...]], list[RejectedRow]]:
        table = self.table(data, name, **options)
        rows = self.engine.rows(self.engine.materialise(table.table))
        return sorted(rows), table.rejects()


@pytest.fixture
def folder(engine: DuckDBEngine, tmp_path: Path) -> Folder:
    return Folder(engine, tmp_path)


def test_cells_are_text_and_empty_cells_are_empty_texts(folder: Folder) -> None:
    rows, rejects = folder.read(b'id,amount,note\n007,1.10,\n8,"",NULL\n')
    assert rows == [("007", "1.10", ""), ("8", "", "NULL")]
    assert rejects == []


def test_an_empty_cell_is_the_same_on_a_regular_and_on_an_irregular_line(folder: Folder) -> None:
    rows, _ = folder.read(b'a,b,c\n1,,""\n2,,"x\ny"\n3,"",\n')
    assert rows == [("1", "", ""), ("2", "", "x\ny"), ("3", "", "")]


def test_a_clean_file_is_scanned_where_it_is(folder: Folder) -> None:
    table = folder.table(b"a,b\n1,2\n")
    assert (str(folder.path / "t.csv")) in folder.engine.execute(
        f"SELECT sql FROM duckdb_views() WHERE view_name = '{table.table.get_name()}'"
    )[0][0]
    assert table.text
    assert not table.rescannable
    assert table.files == (str(folder.path / "t.csv"),)


def test_ragged_rows_are_rejects_with_their_line_and_their_text(folder: Folder) -> None:
    rows, rejects = folder.read(b"a,b,c\n1,2,3\n1,2\n4,5,6\n1,2,3,4\n")
    assert rows == [("1", "2", "3"), ("4", "5", "6")]
    assert rejects == [
        RejectedRow("t.csv", 3, "1,2", "too few cells: 2 instead of 3"),
        RejectedRow("t.csv", 5, "1,2,3,4", "too many cells: 4 instead of 3"),
    ]


def test_a_row_with_several_faults_is_one_reject(folder: Folder) -> None:
    _, rejects = folder.read(b"a,b\n1,2\n1,2,3,4,5\n\xe9,2,3,4\n")
    assert [reject.line for reject in rejects] == [3, 4]


def test_scanning_twice_does_not_double_the_rejects(folder: Folder) -> None:
    table = folder.table(b"a,b\n1,2\n3\n")
    for _ in range(2):
        folder.engine.materialise(table.table)
    assert len(table.rejects()) == 1


def test_a_sample_leaves_the_rejects_alone(folder: Folder) -> None:
    table = folder.table(b"a,b\n1,2\n3\n4,5\n6,7\n")
    assert len(folder.engine.rows(table.sample(2))) == 2
    assert table.rejects() == []
    assert folder.engine.count(folder.engine.materialise(table.table)) == 3
    assert len(table.rejects()) == 1


def test_trailing_delimiters_are_no_cells(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1,2,\n3,4,,\n5,"x\ny",,\n')
    assert rows == [("1", "2"), ("3", "4"), ("5", "x\ny")]
    assert rejects == []


def test_a_line_with_an_unclosed_quote_is_the_only_loss(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,11,12\n')
    assert rows == [("1", "2", "3"), ("10", "11", "12"), ("7", "8", "9")]
    assert rejects == [RejectedRow("t.csv", 3, '4,"5,6', "the quote that opens cell 2 is never closed")]


def test_an_unclosed_quote_at_the_end_is_a_reject(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1,2\n3,"4')
    assert rows == [("1", "2")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(3, '3,"4')]


def test_text_after_a_closing_quote_is_a_reject(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1,"2"x\n3,4\n')
    assert rows == [("3", "4")]
    assert rejects == [RejectedRow("t.csv", 2, '1,"2"x', "text follows the closing quote of cell 2")]


def test_a_quote_inside_a_cell_is_text(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n5" pipe,x\ny,6" by 7"\n"say ""hi""",z\n')
    assert rows == [('5" pipe', "x"), ('say "hi"', "z"), ("y", '6" by 7"')]
    assert rejects == []


def test_blanks_around_a_quoted_cell_do_not_belong_to_it(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1, "x, y" \n 2 ,z\n', delimiter=",")
    assert rows == [(" 2 ", "z"), ("1", "x, y")]
    assert rejects == []


def test_line_ends_inside_quotes_stay_and_lines_are_counted_past_them(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1,"x\r\ny\n\nz"\n2\n3,4\n')
    assert rows == [("1", "x\r\ny\n\nz"), ("3", "4")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(6, "2")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_any_line_end_will_do(folder: Folder, end: bytes) -> None:
    rows, rejects = folder.read(end.join([b"a,b", b"1,2", b"3", b"4,5", b""]))
    assert rows == [("1", "2"), ("4", "5")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(3, "3")]


def test_mixed_line_ends_are_read(folder: Folder) -> None:
    rows, rejects = folder.read(b"a,b\n1,2\r\n3,4\n5\r\n6,7\r8,9\n")
    assert rows == [("1", "2"), ("3", "4"), ("6", "7"), ("8", "9")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(4, "5")]


def test_blank_lines_are_no_rows(folder: Folder) -> None:
    rows, rejects = folder.read(b"\na,b\n\n1,2\n   \n\n3\n")
    assert rows == [("1", "2")]
    assert [reject.line for reject in rejects] == [7]


@pytest.mark.parametrize("data", [b"a,b\n", b"a,b", b"\xef\xbb\xbfa,b\r\n"])
def test_a_header_alone_makes_a_table_without_rows(folder: Folder, data: bytes) -> None:
    table = folder.table(data)
    assert table.columns == ("a", "b")
    assert folder.engine.count(folder.engine.materialise(table.table)) == 0
    assert table.rejects() == []


def test_an_empty_file_is_an_error_with_a_remedy(folder: Folder) -> None:
    with pytest.raises(UnreadableSourceError, match="empty") as caught:
        folder.read(b"")
    assert caught.value.remedy
    assert caught.value.source == "t.csv"


def test_a_file_of_blank_lines_has_no_header(folder: Folder) -> None:
    with pytest.raises(UnreadableSourceError, match="no header"):
        folder.read(b"\n\n")


def test_a_missing_file_is_an_error_that_names_a_near_one(folder: Folder) -> None:
    (folder.path / "trades.csv").write_bytes(b"a\n1\n")
    with pytest.raises(MissingSourceError) as caught:
        read_files(folder.engine, Source(location="trade.csv"), side="a", base=folder.path)
    assert "trades.csv" in str(caught.value)


def test_a_column_name_that_comes_twice_is_an_error_with_both_places(folder: Folder) -> None:
    with pytest.raises(FieldError, match="columns 1 and 3") as caught:
        folder.read(b"id,b,id\n1,2,3\n")
    assert caught.value.remedy
    with pytest.raises(FieldError, match="but for case"):
        folder.read(b"id,ID\n1,2\n")


def test_the_remedy_for_a_repeated_column_name_works(folder: Folder) -> None:
    rows, _ = folder.read(b"id,b,id\n1,2,3\n", header=False, skip_rows=1, columns=["id", "b", "id_2"])
    assert rows == [("1", "2", "3")]


def test_a_header_that_comes_again_is_a_reject(folder: Folder) -> None:
    rows, rejects = folder.read(b"a,b\n1,2\na,b\n3,4\n")
    assert rows == [("1", "2"), ("3", "4")]
    assert rejects == [RejectedRow("t.csv", 3, "a,b", "repeated header")]


def test_nameless_columns_are_named_by_position(folder: Folder) -> None:
    assert folder.table(b",b,\n1,2,3\n").columns == ("column_1", "b", "column_3")


def test_a_file_without_header_takes_its_names_from_the_definition(folder: Folder) -> None:
    rows, _ = folder.read(b"1,2\n3,4\n", header=False, columns=["x", "y"])
    assert rows == [("1", "2"), ("3", "4")]
    assert folder.table(b"1,2\n3,4\n", header=False).columns == ("column_1", "column_2")


def test_columns_rename_a_header_of_the_same_width(folder: Folder) -> None:
    assert folder.table(b"a,b\n1,2\n", columns=["x", "y"]).columns == ("x", "y")
    with pytest.raises(FieldError, match="names 1 columns, but the header has 2"):
        folder.table(b"a,b\n1,2\n", columns=["x"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":"])
def test_the_delimiter_is_found(folder: Folder, delimiter: str) -> None:
    rows, rejects = folder.read(delimiter.join(["id", "amount"]).encode() + f"\n1{delimiter}2.5\n".encode())
    assert rows == [("1", "2.5")]
    assert rejects == []


def test_decimal_commas_do_not_win_over_semicolons(folder: Folder) -> None:
    rows, _ = folder.read(b"id;amount\n1;2,50\n2;3,75\n")
    assert rows == [("1", "2,50"), ("2", "3,75")]


def test_a_delimiter_of_several_characters_is_taken(folder: Folder) -> None:
    rows, rejects = folder.read(b'a||b\n1||"x||y"\n2|3||4\n5\n', delimiter="||")
    assert rows == [("1", "x||y"), ("2|3", "4")]
    assert [reject.raw for reject in rejects] == ["5"]


def test_single_quotes_are_found(folder: Folder) -> None:
    rows, _ = folder.read(b"a,b\n'1','x, y'\n'2','it''s'\n")
    assert rows == [("1", "x, y"), ("2", "it's")]


def test_quoting_can_be_switched_off(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n"1,2\n', quote="")
    assert rows == [('"1', "2")]
    assert rejects == []


def test_backslash_escapes_are_read(folder: Folder) -> None:
    rows, rejects = folder.read(b'a,b\n1,"say \\"hi\\", you"\n2,x\n3,y\\,z\n', escape="\\")
    assert rows == [("1", 'say "hi", you'), ("2", "x"), ("3", "y,z")]
    assert rejects == []


def test_comments_and_leading_lines_are_passed_over(folder: Folder) -> None:
    data = b'Report of "today\nas of\n# names\na,b\n# none\n1,2\n3,#4\n5\n'
    rows, rejects = folder.read(data, skip_rows=2, comment="#")
    assert rows == [("1", "2"), ("3", "#4")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(8, "5")]


def test_a_header_over_two_lines_is_read(folder: Folder) -> None:
    table = folder.table(b'id,"amount\nin EUR"\n1,2\n3\n')
    assert table.columns == ("id", "amount\nin EUR")
    assert folder.engine.rows(folder.engine.materialise(table.table)) == [("1", "2")]
    assert table.rejects()[0].line == 4


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\0\0"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding(folder: Folder, encoding: str, mark: bytes) -> None:
    rows, rejects = folder.read(mark + "id,näme\n1,日本\n2\n".encode(encoding))
    assert rows == [("1", "日本")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(3, "2")]
    assert folder.table(mark + "id,näme\n".encode(encoding)).columns == ("id", "näme")


def test_utf_16_without_mark_is_noticed(folder: Folder) -> None:
    rows, _ = folder.read("id,name\n1,x\n".encode("utf-16-le"))
    assert rows == [("1", "x")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "shift_jis", "cp850", "utf-16"])
def test_a_named_encoding_is_read(folder: Folder, encoding: str) -> None:
    text = "日本" if encoding == "shift_jis" else "café"
    rows, rejects = folder.read(f"id,name\n1,{text}\n".encode(encoding), encoding=encoding)
    assert rows == [("1", text)]
    assert rejects == []


def test_bytes_of_another_encoding_are_rejects_that_name_the_byte(folder: Folder) -> None:
    rows, rejects = folder.read(
        "id,name\n1,plain\n2,café\n3,日本\n4,é,x\n".encode().replace("é".encode(), b"\xe9")
    )
    assert rows == [("1", "plain"), ("3", "日本")]
    assert [(reject.line, reject.raw) for reject in rejects] == [(3, "2,café"), (5, "4,é,x")]
    assert "0xE9" in rejects[0].why
    assert "character 6" in rejects[0].why
    assert "encoding" in rejects[0].why


def test_bytes_that_a_named_encoding_lacks_are_rejects_too(folder: Folder) -> None:
    rows, rejects = folder.read(b"id,name\n1,x\n2,\x81\n3,y\n", encoding="cp1252")
    assert rows == [("1", "x"), ("3", "y")]
    assert rejects[0].line == 3
    assert "0x81" in rejects[0].why
    assert "cp1252" in rejects[0].why


def test_a_header_in_another_encoding_is_an_error_with_the_remedy(folder: Folder) -> None:
    with pytest.raises(UnreadableSourceError, match="0xE9") as caught:
        folder.table(b"id,caf\xe9\n1,2\n")
    assert "encoding" in str(caught.value)


def test_nul_bytes_are_kept_and_binary_files_refused(folder: Folder) -> None:
    rows, rejects = folder.read(b"a,b\n1,x\0y\n")
    assert rows == [("1", "x\0y")]
    assert rejects == []
    with pytest.raises(UnreadableSourceError, match="not a text file"):
        folder.table(b"\x01\0\x02\0\0\0\n\0\n")


def zstd(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return bytes(sink.getvalue().to_pybytes())


@pytest.mark.parametrize(
    ("extension", "compress"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstd)],
)
def test_compressed_files_are_read(folder: Folder, extension: str, compress: Any) -> None:
    rows, rejects = folder.read(compress(b"a,b\n1,2\n3\n"), f"t.csv.{extension}")
    assert rows == [("1", "2")]
    assert [(reject.source, reject.line, reject.raw) for reject in rejects] == [
        (f"t.csv.{extension}", 3, "3")
    ]


def test_a_truncated_gzip_is_an_error(folder: Folder) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(5000)))
    with pytest.raises(UnreadableSourceError, match="truncated"):
        folder.table(packed[: len(packed) // 2], "t.csv.gz")
    with pytest.raises(UnreadableSourceError, match="damaged"):
        folder.table(b"a,b\n1,2\n", "u.csv", compression="gzip")


def test_a_cell_of_ten_megabytes_is_read(folder: Folder) -> None:
    big = b"x" * 10_000_000
    rows, rejects = folder.read(b'a,b\n1,"' + big + b'"\n2,' + big + b"\n3\n4,5\n")
    assert [(row[0], len(row[1])) for row in rows] == [("1", 10_000_000), ("2", 10_000_000), ("4", 1)]
    assert [(reject.line, reject.raw) for reject in rejects] == [(4, "3")]


def test_a_line_beyond_the_limit_is_a_reject(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "LINE_LIMIT", 2_000_000)
    rows, rejects = folder.read(b"a,b\n1,2\n3," + b"x" * 5_000_000 + b"\n4,5\n6\n")
    assert rows == [("1", "2"), ("4", "5")]
    assert [reject.line for reject in rejects] == [3, 5]
    assert "more than the limit" in rejects[0].why
    assert len(rejects[0].raw) < 20_000


def test_a_file_of_rejects_only_is_an_error(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "REJECT_LIMIT", 100)
    monkeypatch.setattr(scan, "REJECT_LIMIT", 100)
    with pytest.raises(TooManyRejectsError, match="more than 100 rows") as caught:
        folder.table(b"a,b\n" + b"\xe9,2\n" * 101)
    assert caught.value.remedy
    with pytest.raises(TooManyRejectsError):
        folder.read(b"a,b\n" + b"1\n" * 101)


def test_with_one_column_a_blank_line_is_no_row_either(folder: Folder) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        rows, rejects = folder.read(end.join([b"a", b"", b"1", b'""', b" ", b"", b"", b"2", b"", b""]))
        assert rows == [("",), (" ",), ("1",), ("2",)]
        assert rejects == []


def test_five_hundred_columns_are_read(folder: Folder) -> None:
    header = ",".join(f"c{at}" for at in range(500))
    rows, _ = folder.read(f"{header}\n{','.join(map(str, range(500)))}\n".encode())
    assert rows == [tuple(map(str, range(500)))]


def test_rows_and_rejects_add_up_over_many_blocks(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = []
    for at in range(60_000):
        lines.append(b"%d,%d" % (at, at) if at % 1000 == 7 else b'%d,"text, %d",x' % (at, at))
        if at % 5000 == 11:
            lines.append(b'%d,"two\nlines",x' % at)
    rows, rejects = folder.read(b"a,b,c\n" + b"\n".join(lines))
    assert len(rows) == 60_000 - 60 + 12
    assert len(rejects) == 60
    text = (folder.path / "t.csv").read_text().split("\n")
    assert all(text[(reject.line or 0) - 1] == reject.raw for reject in rejects)


def test_several_files_are_one_table_with_their_names(folder: Folder) -> None:
    (folder.path / "t1.csv").write_bytes(b"a,b\n1,2\n3\n")
    (folder.path / "t2.csv").write_bytes(b"b;a\n4;3\n")
    source = Source(location=["t*.csv", "t1.csv"])
    table = read_files(folder.engine, source, side="a", base=folder.path, with_source_file=True)
    assert table.columns == ("a", "b", "source_file")
    assert sorted(folder.engine.rows(table.table)) == [("1", "2", "t1.csv"), ("3", "4", "t2.csv")]
    assert [(reject.source, reject.line) for reject in table.rejects()] == [("t1.csv", 3)]


def test_files_with_different_columns_are_an_error_that_names_them(folder: Folder) -> None:
    (folder.path / "t1.csv").write_bytes(b"a,b\n1,2\n")
    (folder.path / "t2.csv").write_bytes(b"a,c\n1,2\n")
    with pytest.raises(FieldError, match="lacks b and also has c") as caught:
        read_files(folder.engine, Source(location="t*.csv"), side="a", base=folder.path)
    assert caught.value.source == "t2.csv"


def test_a_source_file_column_of_the_data_is_left_alone(folder: Folder) -> None:
    table = folder.table(b"a,source_file\n1,mine\n", with_source_file=True)
    assert folder.engine.rows(table.table) == [("1", "mine")]


def test_a_reject_becomes_the_reject_of_its_side() -> None:
    reject = RejectedRow("t.csv", 3, "x", "why").on("b")
    assert (reject.side, reject.source, reject.line, reject.raw, reject.why) == ("b", "t.csv", 3, "x", "why")
