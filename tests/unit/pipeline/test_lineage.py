"""The hashes of what a run reads, and files that do not keep still."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from greenai.domain.runs import input_digest
from greenai.errors import MissingSourceError, UnreadableSourceError
from greenai.pipeline.lineage import BLOCK, start


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = []
    for number, size in enumerate((0, 1, BLOCK, 2 * BLOCK + 5)):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(bytes([number]) * size)
        made.append(path)
    return made


def test_every_file_has_the_hash_of_its_content(files: list[Path]) -> None:
    found = start(files[:3], files[3:]).inputs()
    assert [(one.side, one.location, one.bytes) for one in found] == [
        ("b" if number == 3 else "a", str(path), path.stat().st_size) for number, path in enumerate(files)
    ]
    for one, path in zip(found, files, strict=True):
        assert one.content_hash == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_is_of_contents_and_sides_not_of_names(files: list[Path], tmp_path: Path) -> None:
    digest = input_digest(start(files[1:3], files[3:]).inputs())
    copy = tmp_path / "other.csv"
    copy.write_bytes(files[3].read_bytes())
    assert input_digest(start(files[1:3], [copy]).inputs()) == digest
    assert input_digest(start([files[3]], files[1:3]).inputs()) != digest
    assert input_digest(start([files[2], files[1]], files[3:]).inputs()) != digest
    assert input_digest(start(files[1:3], files[2:]).inputs()) != digest


def test_a_side_without_files_has_no_digest(files: list[Path]) -> None:
    found = start(files, []).inputs()
    assert len(found) == len(files)
    assert input_digest(found) is None


@pytest.mark.parametrize("change", ["grows", "rewritten", "replaced"])
def test_a_file_that_changes_meanwhile_is_noticed(files: list[Path], change: str) -> None:
    lineage = start(files[:1], files[1:2])
    path, before = files[1], files[1].stat()
    if change == "grows":
        path.write_bytes(b"22")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "rewritten":
        path.write_bytes(b"2")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    else:
        other = path.with_name("new")
        other.write_bytes(b"2")
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.replace(path)
    with pytest.raises(UnreadableSourceError, match="changed while it was read"):
        lineage.inputs()


def test_a_file_that_goes_meanwhile_is_missing(files: list[Path]) -> None:
    lineage = start(files[:1], files[1:2])
    files[1].unlink()
    with pytest.raises(MissingSourceError):
        lineage.inputs()
    with pytest.raises(MissingSourceError):
        start(files[:1], files[1:2])


def test_a_pipe_is_left_to_its_reader(tmp_path: Path, files: list[Path]) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert [one.side for one in start([pipe], files[1:2]).inputs()] == ["b"]


def test_a_run_that_came_to_nothing_hashes_no_more(tmp_path: Path) -> None:
    endless = tmp_path / "endless.csv"
    with endless.open("wb") as file:
        file.truncate(2**40)  # all of it a hole
    lineage = start([endless], [])
    lineage.stop()
    assert lineage.inputs() == ()
