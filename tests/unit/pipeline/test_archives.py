"""What people send is expanded without harm, or refused."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from greenai.errors import UsageError
from greenai.pipeline.archives import Limits, harmless_name, kind_of, unpacked

CSV = b"id,amount\n1,=1+1\n"
SMALL = Limits(expanded=1_000_000, files=3, ratio=50, free=20_000)


def sent(folder: Path, content: bytes) -> Path:
    path = folder / ".incoming"
    path.write_bytes(content)
    return path


def zipped(entries: dict[str, bytes], *, modes: dict[str, int] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (modes or {}).get(name, 0o100644) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def tarred(entries: dict[str, bytes], *, link: str | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link is not None:
            info = tarfile.TarInfo("link.csv")
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return buffer.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (CSV, {"trades.csv": CSV}),
        (gzip.compress(CSV), {"trades.csv": CSV}),
        (zipped({"in/a.csv": CSV, "b.csv": b"id\n2\n"}), {"a.csv": CSV, "b.csv": b"id\n2\n"}),
        (tarred({"in/a.csv": CSV}), {"a.csv": CSV}),
        (gzip.compress(tarred({"a.csv": CSV})), {"a.csv": CSV}),
    ],
)
def test_a_table_is_kept_as_it_is_and_an_archive_expanded(
    tmp_path: Path, content: bytes, kept: dict[str, bytes]
) -> None:
    name = "trades.csv.gz" if content.startswith(b"\x1f\x8b") else "trades.csv"
    found = unpacked(sent(tmp_path, content), name, tmp_path, SMALL)
    assert files(tmp_path) == kept
    assert {one.name: one.bytes for one in found} == {name: len(data) for name, data in kept.items()}


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "..\\a.csv", "C:\\a.csv"])
def test_paths_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "upload"
    inner.mkdir()
    with pytest.raises(UsageError, match="leads elsewhere"):
        unpacked(sent(inner, zipped({name: CSV})), "a.zip", inner, SMALL)
    assert [one.name for one in tmp_path.iterdir()] == ["upload"]


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="link or a device"):
        unpacked(sent(tmp_path, tarred({}, link="/etc/passwd")), "a.tar", tmp_path, SMALL)
    bad = zipped({"a.csv": b"/etc/passwd"}, modes={"a.csv": stat.S_IFLNK | 0o777})
    with pytest.raises(UsageError, match="link or a device"):
        unpacked(sent(tmp_path, bad), "a.zip", tmp_path, SMALL)


@pytest.mark.parametrize(
    "content",
    [
        zipped({"a.csv": b"0" * 900_000}),
        gzip.compress(b"0" * 900_000),
        zipped({f"{n}.csv": b"0" * 300_000 for n in range(3)}),
        gzip.compress(tarred({"a.csv": b"0" * 900_000})),
    ],
)
def test_what_grows_too_much_is_refused_before_it_is_all_written(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError, match="times as large"):
        unpacked(sent(tmp_path, content), "a.csv", tmp_path, SMALL)
    assert sum(one.stat().st_size for one in tmp_path.iterdir()) < 1_000_000 + len(content)


def test_a_spreadsheet_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = zipped({"[Content_Types].xml": b"<a/>", "xl/worksheets/sheet1.xml": b"0" * 900_000})
    assert kind_of(sent(tmp_path, bomb)) == "excel"
    with pytest.raises(UsageError, match="times as large"):
        unpacked(tmp_path / ".incoming", "a.xlsx", tmp_path, SMALL)


def test_more_files_archives_in_archives_and_two_of_a_name_are_refused(tmp_path: Path) -> None:
    for number, (content, why) in enumerate(
        [
            (zipped({f"{n}.csv": CSV for n in range(4)}), "more than 3 files"),
            (zipped({"b.zip": zipped({"a.csv": CSV})}), "archive in the archive"),
            (zipped({"x/a.csv": CSV, "y/A.csv": CSV}), "two files of one name"),
            (zipped({}), "is no table|is empty"),
            (zipped({"a.csv": CSV})[:40], "cannot be read"),
            (gzip.compress(CSV)[:20], "cannot be read"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(UsageError, match=why):
            unpacked(sent(folder, content), "a.zip", folder, SMALL)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x7fELF\x02\x01", b"MZ\x90\x00", b"%PDF-1.7", b"#!/bin/sh\n", b"a\x00b", b"\x89PNG\r\n"],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError, match=r"no table|is empty"):
        kind_of(sent(tmp_path, content))


@pytest.mark.parametrize("content", [b"PAR1garbagePAR", b"PAR1", b"PAR1PAR1", b"PAR1" + b"x" * 100])
def test_a_parquet_file_that_was_cut_short_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UsageError, match="not whole"):
        unpacked(sent(tmp_path, content), "x.parquet", tmp_path)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("trades.csv", "trades.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\trades 1.csv", "trades 1.csv"),
        ("Geschäft{business_date}*.csv", "Geschäft_business_date__.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("x" * 300 + ".parquet", "x" * 112 + ".parquet"),
    ],
)
def test_names_mean_nothing_to_paths_or_globs(given: str, kept: str) -> None:
    assert harmless_name(given) == kept


@pytest.mark.parametrize("given", ["", "..", "/", "...", "***"])
def test_a_name_of_which_nothing_is_left_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="no usable name"):
        harmless_name(given)
