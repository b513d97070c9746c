"""Files that cannot be read at all: exit 2, one message that names the file and says what to do."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import greenai
from face import greenai as command

GOOD = "id,name\n1,Anna\n2,Bob\n"
DEFINITION = """\
recon: bad
sources:
  a: {location: good.csv}
  b: {location: B}
key: id
fields:
  id: {type: integer}
  name: {type: string}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    whole = tmp_path / "good.parquet"
    pq.write_table(pa.table({"id": list(range(1000)), "name": [f"name {n}" for n in range(1000)]}), whole)
    content = whole.read_bytes()
    (tmp_path / "cut.parquet").write_bytes(content[: len(content) // 2])
    (tmp_path / "text.parquet").write_text(GOOD, encoding="utf-8")
    (tmp_path / "torn.parquet").write_bytes(content[:100] + b"\0" * 200 + content[300:])
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "empty.parquet").write_bytes(b"")
    (tmp_path / "some folder").mkdir()
    (tmp_path / "other.csv").write_text("number,label\n1,Anna\n", encoding="utf-8")
    (tmp_path / "short.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "cases.csv").write_text("id,name,Name\n1,Anna,x\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text("id,name,name\n1,Anna,x\n", encoding="utf-8")
    (tmp_path / "not.json").write_text('{"id": 1', encoding="utf-8")
    (tmp_path / "not.xlsx").write_text(GOOD, encoding="utf-8")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(GOOD.encode() * 1000)[:-20])
    return tmp_path


UNREADABLE = {
    "empty.csv": ("empty.csv", "0 bytes"),
    "empty.parquet": ("empty.parquet", "0 bytes"),
    "goood.csv": ("goood.csv", "no such file", "good.csv"),
    "nowhere/x.csv": ("x.csv",),
    "*.tsv": ("*.tsv", "no file"),
    "some folder": ("some folder", "folder"),
    "cut.parquet": ("cut.parquet", "Parquet"),
    "text.parquet": ("text.parquet", "Parquet"),
    "cases.csv": ("cases.csv", "Name", "same name"),
    "twice.csv": ("twice.csv", "name"),
    "not.json": ("not.json",),
    "not.xlsx": ("not.xlsx",),
    "cut.csv.gz": ("cut.csv.gz",),
    "s3://bucket/file.csv": ("s3://", "local"),
    "": ("empty",),
}


@pytest.mark.parametrize(
    ("path", "parts"), UNREADABLE.items(), ids=[name or "no name" for name in UNREADABLE]
)
def test_a_file_that_cannot_be_read_is_named_with_a_remedy(
    folder: Path, path: str, parts: tuple[str, ...]
) -> None:
    command("diff", "good.csv", path, "--key", "id", cwd=folder).trouble(*parts)
    command("init", path, "good.csv", cwd=folder).trouble(*parts)


@pytest.mark.parametrize("path", [name for name in UNREADABLE if name])
def test_check_and_run_name_it_too(folder: Path, path: str) -> None:
    (folder / "recon.yaml").write_text(DEFINITION.replace("B}", f"{path!r}}}"), encoding="utf-8")
    command("check", "recon.yaml", cwd=folder).trouble(*UNREADABLE[path])
    command("run", "recon.yaml", "--out", "out", cwd=folder).trouble(*UNREADABLE[path])
    assert not (folder / "out").exists()


def test_a_parquet_file_with_torn_pages_is_found_while_it_is_read(folder: Path) -> None:
    command("diff", "good.parquet", "torn.parquet", "--key", "id", cwd=folder).trouble("torn.parquet")


def test_the_library_raises_one_kind_of_error(folder: Path) -> None:
    with pytest.raises(greenai.GreenaiError, match=r"empty\.csv"):
        greenai.diff(folder / "good.csv", folder / "empty.csv", key="id")
    with pytest.raises(greenai.GreenaiError, match="no such file") as caught:
        greenai.diff(str(folder / "gone.csv"), folder / "good.csv")
    assert caught.value.remedy


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_the_right_to_read_it_is_named(folder: Path) -> None:
    (folder / "good.parquet").chmod(0)
    command("diff", "good.csv", "good.parquet", cwd=folder).trouble("good.parquet")


def test_a_missing_key_column_is_named_with_its_side(folder: Path) -> None:
    command("diff", "good.csv", "other.csv", cwd=folder).trouble("no column in common", "'number'", "--map")
    (folder / "half.csv").write_text("number,name\n1,Anna\n", encoding="utf-8")
    command("diff", "good.csv", "half.csv", "--key", "id", cwd=folder).trouble("'id'", "side a only", "--map")
    mapped = command("diff", "good.csv", "half.csv", "--key", "id", "--map", "id=number", cwd=folder)
    assert mapped.code == 1


def test_a_missing_column_is_a_note_in_diff_and_an_error_in_run(folder: Path) -> None:
    answer = command("diff", "good.csv", "short.csv", "--key", "id", "--format", "json", cwd=folder)
    assert answer.code == 1
    assert "only on side a, not compared: name" in answer.document["notes"]
    (folder / "recon.yaml").write_text(DEFINITION.replace("B}", "short.csv}"), encoding="utf-8")
    for verb in ("check", "run"):
        command(verb, "recon.yaml", cwd=folder).trouble("short.csv", "side b", "'name'", "it has: id")


def test_a_column_that_exists_nowhere_is_guessed(folder: Path) -> None:
    text = DEFINITION.replace("B}", "good.csv}").replace(
        "name: {type: string}", "name: {type: string, b: nam}"
    )
    (folder / "recon.yaml").write_text(text, encoding="utf-8")
    command("check", "recon.yaml", cwd=folder).trouble("good.csv", "'nam'", "did you mean 'name'?")


def test_no_key_at_all_asks_for_one(folder: Path) -> None:
    (folder / "same.csv").write_text("x,y\n1,1\n1,1\n", encoding="utf-8")
    command("diff", "same.csv", "same.csv", cwd=folder).trouble("no key found", "--key")
    command("init", "same.csv", "same.csv", cwd=folder).trouble("no key found")
    # Named, it is used: the repeats pair off.
    assert command("diff", "same.csv", "same.csv", "--key", "x", cwd=folder).code == 0
