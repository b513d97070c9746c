"""What a report says of a run whose golden table would surprise its reader."""

from __future__ import annotations

from pathlib import Path

import pytest

import greenai
from greenai.errors import StoreError

RECON = """\
recon: remarks
sources:
  a: {location: a.csv}
  b: {location: b.csv}
key: [id]
gate: {reasons: {UNKNOWN: {policy: pass, resolution: exclude}}}
store: {table: remarks}
"""
TYPES = "fields:\n  id: {type: string}\n  v: {type: integer}\n"


def write(folder: Path, a: str, b: str, types: str = TYPES) -> Path:
    (folder / "a.csv").write_text("id,v\n" + a)
    (folder / "b.csv").write_text("id,v\n" + b)
    (folder / "recon.yaml").write_text(RECON + types)
    return folder / "recon.yaml"


def said(path: Path, url: str, day: str) -> str:
    with greenai.run(path, store=url, business_date=day) as found:
        return repr(found)


def test_an_older_date_says_that_the_table_shows_a_later_one(tmp_path: Path, postgres_url: str) -> None:
    path = write(tmp_path, "x,1\n", "x,1\n")
    assert "was published before" not in said(path, postgres_url, "2026-02-01")
    write(tmp_path, "x,1\ny,2\n", "x,1\ny,2\n")
    assert "2026-02-01 was published before" in " ".join(said(path, postgres_url, "2026-01-01").split())


def test_what_passed_and_is_not_there_is_told(tmp_path: Path, postgres_url: str) -> None:
    path = write(tmp_path, "x,1\ny,2\n", "x,1\ny,9\n")
    assert "1 record that passed is excluded" in said(path, postgres_url, "2026-01-01")


def test_an_empty_table_is_no_quiet_success(tmp_path: Path, postgres_url: str) -> None:
    path = write(tmp_path, "x,1\n", "x,1\n")
    assert "Nothing is left" not in said(path, postgres_url, "2026-01-01")
    write(tmp_path, "", "")
    assert "Nothing is left in golden.remarks" in said(path, postgres_url, "2026-01-02")


def test_a_date_that_has_not_come_is_noted(tmp_path: Path, postgres_url: str) -> None:
    path = write(tmp_path, "x,1\n", "x,1\n")
    assert "after today" in said(path, postgres_url, "9999-01-01")


def test_a_guess_that_does_not_fit_the_table_says_how_to_declare_it(
    tmp_path: Path, postgres_url: str
) -> None:
    path = write(tmp_path, "x,1\n", "x,1\n", types="")
    said(path, postgres_url, "2026-01-01")
    write(tmp_path, "x,abc\n", "x,abc\n", types="")
    with pytest.raises(StoreError, match="column 'v'") as caught:
        said(path, postgres_url, "2026-01-02")
    assert "declare the types" in str(caught.value)
