"""Types of one column in several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenai.errors import FieldError
from greenai.sources.part import Part
from greenai.sources.widening import common_types


def parts(*types: str) -> list[Part]:
    return [Part(Path(f"{at}.parquet"), ("x",), "", "", types={"x": type}) for at, type in enumerate(types)]


@pytest.mark.parametrize(
    ("types", "common"),
    [
        (("BIGINT", "BIGINT"), "BIGINT"),
        (("UINTEGER", "INTEGER"), "BIGINT"),
        (("UTINYINT", "BIGINT"), "BIGINT"),
        (("UBIGINT", "TINYINT"), "HUGEINT"),
        (("UTINYINT", "USMALLINT"), "USMALLINT"),
        (("DECIMAL(38,2)", "DECIMAL(5,1)"), "DECIMAL(38,2)"),
        (('"NULL"', "VARCHAR", '"NULL"'), "VARCHAR"),
        (('"NULL"', '"NULL"'), '"NULL"'),
    ],
)
def test_the_common_type_holds_every_value(types: tuple[str, ...], common: str) -> None:
    assert common_types(parts(*types)) == {"x": common}


@pytest.mark.parametrize(
    "types",
    [
        ("HUGEINT", "UHUGEINT"),
        ("DECIMAL(38,2)", "DECIMAL(38,3)"),
        ("BIGINT", "DECIMAL(19,0)"),
        ("FLOAT", "DOUBLE"),
        ("DATE", "TIMESTAMP"),
        ("BIGINT[]", "INTEGER[]"),
    ],
)
def test_types_without_a_lossless_one_in_common_are_refused(types: tuple[str, str]) -> None:
    with pytest.raises(FieldError):
        common_types(parts(*types))


def test_text_formats_have_no_types() -> None:
    assert common_types([Part(Path("a.csv"), ("x",), "", "")]) == {}
