"""Every other format from disk: fixed width, Parquet, Arrow, JSON, Excel, XML."""

from __future__ import annotations

import datetime
import gzip
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import MissingSourceError, UnreadableSourceError
from greenai.sources.base import SourceTable
from greenai.sources.files import read_files

LONG = "123456789012345678901234567890.1234567890"


def read(engine: DuckDBEngine, path: Path, **options: Any) -> SourceTable:
    return read_files(engine, Source(location=path.name, **options), side="a", base=path.parent)


def rows(engine: DuckDBEngine, table: SourceTable) -> list[tuple[Any, ...]]:
    return engine.rows(engine.materialise(table.table))


# -- fixed width -------------------------------------------------------------------------------

PLACES = [
    {"name": "id", "start": 1, "length": 4},
    {"name": "name", "start": 5, "length": 6},
    {"name": "amount", "start": 11, "length": 8},
]


def test_fixed_width_cells_are_cut_by_characters_and_lose_their_padding(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    path = tmp_path / "t.dat"
    path.write_text("0001Müller   12.50\n0002日本        3.1\n\n0003x     1\n", encoding="utf-8")
    table = read(engine, path, format="fixed", columns=PLACES)
    assert table.columns == ("id", "name", "amount")
    assert sorted(rows(engine, table)) == [
        ("0001", "Müller", "12.50"),
        ("0002", "日本", "3.1"),
        ("0003", "x", "1"),
    ]
    assert table.rejects() == []


def test_a_fixed_width_line_that_is_too_short_is_a_reject(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "t.dat"
    path.write_bytes(b"0001name  00000001\r\n0002name\r\n0003caf\xe9  00000003\r\n0004na\x1fme 00000004\r\n")
    table = read(engine, path, format="fixed", columns=PLACES)
    assert sorted(rows(engine, table)) == [("0001", "name", "00000001"), ("0004", "na\x1fme", "00000004")]
    first, second = table.rejects()
    assert (first.line, first.raw) == (2, "0002name")
    assert "ends at character 8" in first.why
    assert (second.line, second.raw) == (3, "0003café  00000003")


def test_a_fixed_width_header_is_dropped_only_on_demand(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "t.dat"
    path.write_text("id  name  amount  \n0001x            1\n")
    assert len(rows(engine, read(engine, path, format="fixed", columns=PLACES))) == 2
    assert rows(engine, read(engine, path, format="fixed", columns=PLACES, header=True)) == [
        ("0001", "x", "1")
    ]


def test_columns_with_places_mean_fixed_width(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("0001a,b   1\n")
    assert rows(engine, read(engine, path, columns=PLACES)) == [("0001", "a,b", "1")]


# -- Parquet and Arrow -----------------------------------------------------------------------------

TYPED = pa.table(
    {
        "id": pa.array([1, 2], pa.int64()),
        "amount": [Decimal("1.10"), None],
        "day": [datetime.date(2024, 1, 2)] * 2,
    }
)


def test_parquet_keeps_its_types_and_can_be_scanned_again(engine: DuckDBEngine, tmp_path: Path) -> None:
    pq.write_table(TYPED, tmp_path / "t.parquet")
    table = read(engine, tmp_path / "t.parquet")
    assert not table.text
    assert table.rescannable
    assert [str(kind) for kind in table.table.schema().values()] == ["int64", "decimal(3, 2)", "date"]
    assert engine.rows(table.sample(1).select("id")) in ([(1,)], [(2,)])
    assert len(rows(engine, table)) == 2


@pytest.mark.parametrize("data", [b"", b"PAR1 this is none", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_a_damaged_parquet_file_is_an_error(engine: DuckDBEngine, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.parquet").write_bytes(data)
    with pytest.raises(UnreadableSourceError) as caught:
        read(engine, tmp_path / "t.parquet")
    assert caught.value.source == "t.parquet"
    assert caught.value.remedy


def test_a_truncated_parquet_file_is_an_error(engine: DuckDBEngine, tmp_path: Path) -> None:
    pq.write_table(TYPED, tmp_path / "t.parquet")
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableSourceError, match="no complete Parquet"):
        read(engine, tmp_path / "t.parquet")


def test_a_feather_file_and_an_arrow_stream_are_read(engine: DuckDBEngine, tmp_path: Path) -> None:
    feather.write_feather(TYPED, tmp_path / "t.feather")
    with pa.OSFile(str(tmp_path / "t.arrows"), "wb") as sink, pa.ipc.new_stream(sink, TYPED.schema) as writer:
        writer.write_table(TYPED)
    for name in ("t.feather", "t.arrows"):
        table = read(engine, tmp_path / name)
        assert not table.text
        assert rows(engine, table) == [
            (1, Decimal("1.10"), datetime.date(2024, 1, 2)),
            (2, None, datetime.date(2024, 1, 2)),
        ]


def test_a_damaged_arrow_file_is_an_error(engine: DuckDBEngine, tmp_path: Path) -> None:
    feather.write_feather(TYPED, tmp_path / "t.arrow")
    whole = (tmp_path / "t.arrow").read_bytes()
    for data in (whole[: len(whole) // 2], b"", b"nonsense that is no arrow"):
        (tmp_path / "t.arrow").write_bytes(data)
        with pytest.raises(UnreadableSourceError):
            read(engine, tmp_path / "t.arrow")


def test_formats_are_told_by_content_where_the_name_says_nothing(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    pq.write_table(TYPED, tmp_path / "parquet")
    feather.write_feather(TYPED, tmp_path / "feather")
    (tmp_path / "xml").write_text("<?xml version='1.0'?><t><r><id>1</id></r></t>")
    (tmp_path / "lines").write_text('{"id": 1}\n')
    (tmp_path / "list").write_text('[{"id": 1}]')
    (tmp_path / "csv").write_text("id,b\n1,2\n")
    for name in ("parquet", "feather", "xml", "lines", "list", "csv"):
        assert read(engine, tmp_path / name).columns[0] == "id", name


# -- JSON --------------------------------------------------------------------------------------------


def test_json_numbers_arrive_as_they_were_written(engine: DuckDBEngine, tmp_path: Path) -> None:
    text = f'{{"id": 1, "amount": {LONG}, "rate": 1.10, "exp": 1E5, "neg": -0.00}}'
    (tmp_path / "t.jsonl").write_text(text + "\n")
    (tmp_path / "t.json").write_text(f"[{text}]")
    for name in ("t.jsonl", "t.json"):
        assert rows(engine, read(engine, tmp_path / name)) == [("1", LONG, "1.10", "1E5", "-0.00")]


def test_json_null_and_empty_text_differ_and_a_missing_key_is_null(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    (tmp_path / "t.json").write_text(
        '[{"id": 1, "a": null, "b": ""}, {"id": 2, "c": true, "d": {"x": [1.50, "y"]}}]'
    )
    table = read(engine, tmp_path / "t.json")
    assert table.columns == ("id", "a", "b", "c", "d")
    assert rows(engine, table) == [
        ("1", None, "", None, None),
        ("2", None, None, "true", '{"x":[1.50,"y"]}'),
    ]


def test_a_broken_json_line_is_a_reject(engine: DuckDBEngine, tmp_path: Path) -> None:
    lines = [b'{"id": 1}', b'{"id": ', b"", b"[1]", b'{"id": "caf\xe9"}', b'{"id": 1, "id": 2}', b'{"id": 3}']
    (tmp_path / "t.ndjson").write_bytes(b"\r\n".join(lines))
    table = read(engine, tmp_path / "t.ndjson")
    assert rows(engine, table) == [("1",), ("3",)]
    rejects = table.rejects()
    assert [reject.line for reject in rejects] == [2, 4, 5, 6]
    assert rejects[1].why == "not a JSON object"
    assert "0xE9" in rejects[2].why
    assert "comes twice" in rejects[3].why


def test_many_json_lines_are_all_read(engine: DuckDBEngine, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "t.jsonl.gz", "wt") as file:
        for at in range(45_000):
            file.write(
                json.dumps({"id": at, "text": "x" * 40} | ({"late": 1} if at == 44_000 else {})) + "\n"
            )
    table = read(engine, tmp_path / "t.jsonl.gz")
    assert table.columns == ("id", "text", "late")
    assert engine.count(table.table) == 45_000
    assert engine.count(table.table.filter(table.table.late == "1")) == 1


def test_a_row_path_leads_to_the_list(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"data": {"trades": [{"id": 1}, 7]}, "n": 1}')
    table = read(engine, tmp_path / "t.json", row_path="data/trades")
    assert rows(engine, table) == [("1",)]
    assert [reject.raw for reject in table.rejects()] == ["7"]
    with pytest.raises(UnreadableSourceError, match="no list of objects") as caught:
        read(engine, tmp_path / "t.json")
    assert "data.trades" in str(caught.value)


def test_a_json_file_of_lines_is_read_as_lines(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"id": 1}\n{"id": 2}\n')
    assert rows(engine, read(engine, tmp_path / "t.json")) == [("1",), ("2",)]


@pytest.mark.parametrize("text", ['[{"id": 1}', "[1] x", '{"id": }', "[" * 100_000, "[]"])
def test_a_broken_json_document_is_an_error(engine: DuckDBEngine, tmp_path: Path, text: str) -> None:
    (tmp_path / "t.json").write_text(text)
    with pytest.raises(UnreadableSourceError) as caught:
        read(engine, tmp_path / "t.json")
    assert caught.value.remedy


# -- Excel ---------------------------------------------------------------------------------------------


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    """A minimal xlsx: cells are given as ready XML."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(sheets)
    with zipfile.ZipFile(path, "w") as book:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/s{at}.xml" ContentType="{kind}.worksheet+xml"/>'
            for at in range(len(names))
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(
            f'<sheet name="{name}" sheetId="{at + 1}" r:id="r{at}"/>' for at, name in enumerate(names)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>',
        )
        targets = "".join(
            f'<Relationship Id="r{at}" Type="{relations}/worksheet" Target="worksheets/s{at}.xml"/>'
            for at in range(len(names))
        )
        styles = f'<Relationship Id="st" Type="{relations}/styles" Target="styles.xml"/>'
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{targets}{styles}</Relationships>',
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{main}"><cellXfs count="3">'
            '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        )
        for at, rows_ in enumerate(sheets.values()):
            body = "".join(f"<row>{''.join(row)}</row>" for row in rows_)
            book.writestr(
                f"xl/worksheets/s{at}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def number(value: str, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def test_excel_cells_become_the_text_a_person_would_write(engine: DuckDBEngine, tmp_path: Path) -> None:
    header = [text(name) for name in ("id", "amount", "day", "moment", "flag", "note")]
    first = [
        number("7"),
        number("0.1"),
        number("45000", 1),
        number("45000.5", 2),
        '<c t="b"><v>1</v></c>',
        text("007"),
    ]
    second = [number("1E+20"), number("-12.50"), "<c/>", "<c/>", '<c t="b"><v>0</v></c>', "<c/>"]
    workbook(tmp_path / "t.xlsx", {"One": [header, first, [], second]})
    table = read(engine, tmp_path / "t.xlsx")
    assert table.text
    assert table.columns == ("id", "amount", "day", "moment", "flag", "note")
    assert rows(engine, table) == [
        ("7", "0.1", "2023-03-15", "2023-03-15 12:00:00", "true", "007"),
        ("100000000000000000000", "-12.5", "", "", "false", ""),
    ]


def test_an_excel_sheet_is_chosen_by_name(engine: DuckDBEngine, tmp_path: Path) -> None:
    workbook(
        tmp_path / "t.xlsx", {"One": [[text("a")], [text("1")]], "Two": [[text("b")], [text("2"), text("3")]]}
    )
    assert rows(engine, read(engine, tmp_path / "t.xlsx")) == [("1",)]
    table = read(engine, tmp_path / "t.xlsx", sheet="Two")
    assert rows(engine, table) == []
    assert [(reject.line, reject.raw) for reject in table.rejects()] == [(2, "2\t3")]
    with pytest.raises(MissingSourceError, match="no sheet 'Three'") as caught:
        read(engine, tmp_path / "t.xlsx", sheet="Three")
    assert "'One', 'Two'" in str(caught.value)


def test_a_damaged_workbook_is_an_error(engine: DuckDBEngine, tmp_path: Path) -> None:
    for name, data in (("t.xlsx", b"PK\x03\x04 none"), ("u.xls", b""), ("v.ods", b"nonsense")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UnreadableSourceError) as caught:
            read(engine, tmp_path / name)
        assert caught.value.source == name


# -- XML -----------------------------------------------------------------------------------------------


def test_xml_elements_become_rows(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(
        """<?xml version="1.0"?>
        <file xmlns:x="urn:x"><head><id>0</id></head><trades>
          <trade id="1"><x:price currency="USD">1.10</x:price><note/><leg>a</leg><leg>b &amp; c</leg></trade>
          <trade id="2"><party><name>Ünal</name></party></trade>
        </trades></file>""",
        encoding="utf-8",
    )
    table = read(engine, tmp_path / "t.xml", row_path="file/trades/trade")
    assert table.columns == ("id", "price.currency", "price", "note", "leg", "leg[2]", "party.name")
    assert rows(engine, table) == [
        ("1", "USD", "1.10", "", "a", "b & c", None),
        ("2", None, None, None, None, None, "Ünal"),
    ]
    assert rows(engine, read(engine, tmp_path / "t.xml", row_path="trade")) == rows(engine, table)


def test_xml_says_its_own_encoding(engine: DuckDBEngine, tmp_path: Path) -> None:
    document = "<?xml version='1.0' encoding='{}'?><t><r n='1'>é</r></t>"
    for encoding in ("iso-8859-1", "windows-1252", "utf-16"):
        (tmp_path / "t.xml").write_bytes(document.format(encoding).encode(encoding))
        assert rows(engine, read(engine, tmp_path / "t.xml")) == [("1", "é")], encoding
    (tmp_path / "t.xml").write_bytes("<t><r>é</r></t>".encode("latin-1"))
    assert rows(engine, read(engine, tmp_path / "t.xml", encoding="latin-1")) == [("é",)]


def test_entity_declarations_are_refused(engine: DuckDBEngine, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><t><r>&b;</r></t>'
    (tmp_path / "t.xml").write_text(bomb)
    with pytest.raises(UnreadableSourceError, match="declares the entity"):
        read(engine, tmp_path / "t.xml")


def test_broken_xml_is_an_error_with_its_line(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text("<t>\n<r>1</r>\n<r>2</t>")
    with pytest.raises(UnreadableSourceError) as caught:
        read(engine, tmp_path / "t.xml")
    assert caught.value.line == 3


def test_a_row_path_that_leads_nowhere_is_an_error_that_shows_paths(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    (tmp_path / "t.xml").write_text("<t><list><r>1</r></list></t>")
    with pytest.raises(UnreadableSourceError) as caught:
        read(engine, tmp_path / "t.xml", row_path="t/trade")
    assert "t/list/r" in str(caught.value)
