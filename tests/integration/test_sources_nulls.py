"""Which formats cannot tell an empty cell from null."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from greenai.definition.model import Source
from greenai.engines.duckdb import DuckDBEngine
from greenai.sources.files import read_files
from greenai.sources.frames import read_frame

TEXTS = {
    "t.csv": "id,name\n1,\n",
    "t.xml": "<r><t><id>1</id><name/></t></r>",
    "t.json": '[{"id": "1", "name": ""}]',
    "t.jsonl": '{"id": "1", "name": ""}\n',
}


@pytest.mark.parametrize(
    ("names", "cannot_tell"),
    [
        (["t.csv"], True),
        (["t.xml"], True),
        (["t.json"], False),
        (["t.jsonl"], False),
        (["t.json", "t.jsonl"], False),
        (["t.jsonl", "t.csv"], True),
        (["t.parquet"], False),
        (["t.arrow"], False),
    ],
)
def test_an_empty_cell_is_null_by_default_only_where_the_format_cannot_say_null(
    engine: DuckDBEngine, tmp_path: Path, names: list[str], cannot_tell: bool
) -> None:
    for name in names:
        if name in TEXTS:
            (tmp_path / name).write_text(TEXTS[name])
    table = pa.table({"id": ["1"], "name": [""]})
    pq.write_table(table, tmp_path / "t.parquet")
    feather.write_feather(table, tmp_path / "t.arrow")
    assert read_files(engine, Source(location=names), side="a", base=tmp_path).empty_is_null is cannot_tell


def test_tables_in_memory_tell_null_themselves(engine: DuckDBEngine) -> None:
    assert not read_frame(engine, [{"id": 1, "name": ""}], name="a").empty_is_null
