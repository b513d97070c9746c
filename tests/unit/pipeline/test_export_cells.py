"""Cells of exports: nothing that a spreadsheet opens is taken for a formula, and no number loses a digit."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from greenai.pipeline.export_cells import DANGEROUS, fits_a_double, neutral, written
from greenai.pipeline.export_formats import csv_parts, json_parts, write_workbook
from greenai.store.exports import Column

TEXT = {"text": Column("text", "t")}


@given(st.text())
def test_no_text_of_a_csv_begins_like_a_formula_unless_it_is_a_plain_number(text: str) -> None:
    shown = neutral(text)
    assert shown.removeprefix("'") == text.removeprefix("'")
    if shown.startswith(DANGEROUS):
        assert set(shown) <= set("+-.,0123456789")
        assert any(one.isdigit() for one in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("-12.50", "-12.50"),
        ("+1,5", "+1,5"),
        ("-1-1", "'-1-1"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-1\n=2", "'-1\n=2"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_what_might_be_a_formula_has_an_apostrophe(text: str, shown: str) -> None:
    assert neutral(text) == shown


@given(st.lists(st.text(), min_size=1, max_size=20))
def test_a_csv_reader_finds_the_texts_again(texts: list[str]) -> None:
    batches = [[(one,)] for one in texts]
    whole = b"".join(csv_parts(TEXT, batches)).decode("utf-8")
    assert [row[0] if row else "" for row in csv.reader(io.StringIO(whole, newline=""))][1:] == [
        neutral(one) for one in texts
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_written_without_exponent_and_exactly(amount: Decimal) -> None:
    text = str(written(amount))
    assert "E" not in text.upper()
    assert Decimal(text) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_what_is_a_number_in_a_workbook_keeps_all_its_digits(amount: Decimal) -> None:
    if fits_a_double(amount):
        assert Decimal(f"{float(amount):.15g}") == amount


def test_more_rows_than_a_sheet_holds_go_on_the_next(tmp_path: Path) -> None:
    rows = [(f"r{n}",) for n in range(7)]
    write_workbook(tmp_path / "x.xlsx", TEXT, [rows[:3], rows[3:]], sheet_rows=4)
    book = CalamineWorkbook.from_path(tmp_path / "x.xlsx")
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in sheets] == [4, 4, 2]
    assert {sheet[0][0] for sheet in sheets} == {"text"}
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [row[0] for row in rows]


def test_nothing_is_a_file_with_a_head(tmp_path: Path) -> None:
    write_workbook(tmp_path / "x.xlsx", TEXT, [])
    assert CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python() == [["text"]]
    assert b"".join(csv_parts(TEXT, [])) == b"text\r\n"
    assert b"".join(json_parts(TEXT, [])) == b""
