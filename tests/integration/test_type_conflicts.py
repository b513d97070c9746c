"""`run` tells of types that disagree just as `diff` does."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import greenai
from face import greenai as command
from greenai.api import Diff, Run

SOURCES = "recon: r\nsources:\n  a: {location: a.parquet}\n  b: {location: b.parquet}\nkey: [id]\n"
NUMBERS = [f"{n}" for n in range(19)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    a = pa.table({"id": range(20), "flag": [1] * 20, "code": [*NUMBERS, "x"]})
    b = pa.table({"id": range(20), "flag": [True] * 20, "code": range(20)})
    pq.write_table(a, tmp_path / "a.parquet")
    pq.write_table(b, tmp_path / "b.parquet")
    return tmp_path


def told(found: Diff | Run) -> tuple[dict[str, str | None], tuple[str, ...]]:
    return {info.name: info.conflict for info in found.report.fields}, found.report.notes


@pytest.mark.parametrize("fields", ["", "fields: [id, flag, code]\n"])
def test_a_run_tells_of_the_conflicts_and_notes_of_a_diff(folder: Path, fields: str) -> None:
    (folder / "r.yaml").write_text(SOURCES + fields, encoding="utf-8")
    with (
        greenai.run(folder / "r.yaml") as run,
        greenai.diff(folder / "a.parquet", folder / "b.parquet", key="id") as diff,
    ):
        assert told(run) == told(diff)
        assert told(run) == (
            {
                "flag": "a is integer, b is boolean: compared as string",
                "code": "a is string, b is integer: compared as integer",
            },
            ("code: some values do not read as integer and will break",),
        )
        assert "compared as integer" in run.to_markdown()


def test_a_check_tells_of_them_too(folder: Path) -> None:
    (folder / "r.yaml").write_text(SOURCES, encoding="utf-8")
    answer = command("check", "r.yaml", cwd=folder)
    assert "  flag: string\n    a is integer, b is boolean: compared as string\n" in answer.out


def test_a_type_that_a_definition_gives_is_no_conflict(folder: Path) -> None:
    fields = "fields:\n  id:\n  flag: {type: string}\n  code: {type: string}\n"
    (folder / "r.yaml").write_text(SOURCES + fields, encoding="utf-8")
    with greenai.run(folder / "r.yaml") as run:
        assert told(run) == ({"flag": None, "code": None}, ())
