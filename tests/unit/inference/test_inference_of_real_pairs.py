"""Public data in two versions, where it is at hand: `GREENAI_REAL_DATA` or a folder beside the repository."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from greenai.definition.loading import loads
from greenai.inference.definition import write
from greenai.inference.infer import infer

REPOSITORY = Path(__file__).parents[3]
DATA = Path(os.environ.get("GREENAI_REAL_DATA", REPOSITORY.parent / "shared" / "data"))


def read(path: Path) -> pa.Table:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = zip(*(row for row in rows if len(row) == len(header)), strict=True)
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in zip(header, columns, strict=True)})


def source(name, texts, typed):
    if not DATA.is_dir():
        pytest.skip(f"no real data at {DATA} (set GREENAI_REAL_DATA)")
    path = DATA / name
    return typed(pq.read_table(path)) if path.suffix == ".parquet" else texts(read(path))


@pytest.mark.parametrize(
    ("files", "key"),
    [
        (("fx/ecb_eurofxref_20260413.csv.gz", "fx/fed_h10_daily_20171208.csv.gz"), ("date", "currency")),
        (("airports/openflights.csv", "airports/airportsdata.csv"), ("icao",)),
        (("aircraft/flightaware_20180720.parquet", "aircraft/flightaware_20231026.parquet"), ("icao24",)),
        (("quintet/beers/clean.csv", "quintet/beers/dirty.csv"), ("id",)),
        (("sp500/sp500_2014-01-01.csv", "sp500/sp500_2018-01-01.csv"), ("Symbol",)),
        (("sp500/sp500_2021-01-01.csv", "sp500/sp500_2024-01-01.csv"), ("Symbol",)),
    ],
)
def test_the_key_a_person_would_name_is_found(engine, texts, typed, files, key):
    a, b = (source(name, texts, typed) for name in files)
    found = infer(engine, a, b, pair_by_values=True)
    assert found.key == key
    assert loads(write(found, recon="real", location_a=files[0], location_b=files[1])).key == key


def test_renamed_columns_of_the_hospital_table_are_all_paired_by_values(engine, texts, typed):
    a, b = (source(f"quintet/hospital/{name}.csv", texts, typed) for name in ("clean", "dirty"))
    found = infer(engine, a, b, pair_by_values=True)
    assert {pair.column_a: pair.column_b for pair in found.pairs if pair.how == "values"} == {
        "HospitalName": "name",
        "ZipCode": "zip",
        "CountyName": "county",
        "PhoneNumber": "phone",
        "HospitalType": "type",
        "HospitalOwner": "owner",
        "Stateavg": "state_average",
    }
