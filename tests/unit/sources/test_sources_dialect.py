"""Finding out how a delimited file is written."""

from __future__ import annotations

import csv

import pytest

from greenai.definition.model import Source
from greenai.sources.dialect import Dialect, rows_of, sniff, usual_width


def found(text: str, name: str = "t.csv", **options: object) -> Dialect:
    return sniff(text, Source(location=name, **options), name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ":", "^", "~"])
def test_each_usual_delimiter_is_found(delimiter: str) -> None:
    text = "\n".join(delimiter.join(["id", "name", "amount"]) for _ in range(5))
    assert found(text) == Dialect(delimiter, '"', '"')


def test_times_and_decimal_commas_do_not_mislead() -> None:
    assert found("at;x\n12:30:01;1,5\n12:31:02;2,5\n").delimiter == ";"
    assert found("at\n12:30:01\n12:31:02\n").delimiter == ","


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert found('a|b\n"x,y,z"|1\n"u,v,w"|2\n').delimiter == "|"


def test_a_few_ragged_rows_do_not_hide_the_delimiter() -> None:
    assert found("a,b,c\n" + "1,2,3\n" * 20 + "1,2\n1\n").delimiter == ","


def test_the_extension_settles_it() -> None:
    assert found("a,b\tc\n1,2\t3\n", "t.tsv.gz").delimiter == "\t"


def test_what_the_definition_says_is_kept() -> None:
    assert found("a,b\n", delimiter="|", quote="'", escape="\\") == Dialect("|", "'", "\\")
    assert found("a,b\n", quote="") == Dialect(",", "", "")


def test_single_quotes_and_backslashes_are_noticed() -> None:
    assert found("a,b\n'x, y','z'\n'u','v'\n").quote == "'"
    assert found('a,b\n"say \\"hi\\" now",1\n').escape == "\\"
    assert found('a,b\n"C:\\temp\\",1\n').escape == '"'


def test_the_usual_width_is_that_of_most_rows() -> None:
    assert usual_width("1,2,3\n1,2\n1,2,3\n", Dialect(",")) == 3
    assert usual_width("", Dialect(",")) == 1
    assert rows_of("a||b\n", Dialect("||")) == [["a", "b"]]


def test_cells_longer_than_pythons_limit_are_sniffed_without_touching_that_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit, asked = csv.field_size_limit(), list[tuple[int, ...]]()

    def field_size_limit(*new: int) -> int:
        asked.append(new)
        return limit

    monkeypatch.setattr(csv, "field_size_limit", field_size_limit)
    text = f'"{"x" * 2 * limit}";2;3\n\n4;5;6\n'
    assert found(text).delimiter == ";"
    assert rows_of(text, Dialect(";")) == [["x" * 2 * limit, "2", "3"], ["4", "5", "6"]]
    assert set(asked) == {()}
