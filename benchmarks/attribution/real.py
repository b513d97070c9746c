"""Real pairs of public data, where a folder with them is at hand: what greenai says of them.

The folder is named by ``GREENAI_BENCH_DATA`` or is ``../shared/data``; it is no part of the project, and what is
missing is left out with a line saying so. A pair is prepared by a few lines of SQL and compared by a definition.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.attribution.mining import compared, mined
from greenai.domain.causes import Cause
from greenai.engines.duckdb import DuckDBEngine

ROOT = Path(__file__).parents[2]

FX_SQL = """
CREATE TABLE ecb AS SELECT date::DATE AS date, currency, rate::DECIMAL(18,4) AS rate
FROM read_csv('{data}/fx/ecb_eurofxref_20260413.csv.gz', all_varchar=true);
CREATE TABLE fed AS SELECT date::DATE AS date, currency, rate::DECIMAL(18,4) AS rate
FROM read_csv('{data}/fx/fed_h10_daily_20171208.csv.gz', all_varchar=true) WHERE currency IS NOT NULL;
COPY (
    SELECT ecb.*, usd.rate AS usd, year(ecb.date) AS year FROM ecb
    LEFT JOIN ecb usd ON usd.date = ecb.date AND usd.currency = 'USD'
    WHERE ecb.date <= DATE '2017-12-01' AND ecb.currency IN (SELECT currency FROM fed) ORDER BY 1, 2
) TO '{to}/a.parquet';
COPY (
    SELECT fed.*, (1 / eur.rate)::DECIMAL(18,4) AS usd, year(fed.date) AS year FROM fed
    LEFT JOIN fed eur ON eur.date = fed.date AND eur.currency = 'EUR'
    WHERE fed.date >= DATE '1999-01-04' AND fed.currency <> 'EUR' ORDER BY 1, 2
) TO '{to}/b.parquet';
"""
FX_YAML = """
recon: fx
sources: {a: {location: a.parquet}, b: {location: b.parquet}}
key: [date, currency]
fields:
  date:
  currency:
  rate:
  usd: {compare: {relative: 0.05}}
context: [date, currency, year, b.year]
max_rejects: 1.0
"""
QUOTE_SQL = """
COPY (SELECT date::DATE AS date, rate::DECIMAL(18,4) AS rate, year(date::DATE) AS year
FROM read_csv('{data}/fx/ecb_eurofxref_20260413.csv.gz', all_varchar=true) WHERE currency='USD' and date<='2017-12-01') TO '{to}/a.parquet';
COPY (SELECT date::DATE AS date, rate::DECIMAL(18,4) AS rate, year(date::DATE) AS year
FROM read_csv('{data}/fx/fed_h10_daily_20171208.csv.gz', all_varchar=true) WHERE currency='EUR') TO '{to}/b.parquet';
"""
QUOTE_YAML = """
recon: quote
sources: {a: {location: a.parquet}, b: {location: b.parquet}}
key: date
fields: [date, rate]
context: [year]
max_rejects: 1.0
"""
BEERS_SQL = """
COPY (SELECT index AS id, ounces, abv, ibu, city, state, style, "brewery_id" AS brewery
FROM read_csv('{data}/quintet/beers/dirty.csv', all_varchar=true)) TO '{to}/a.parquet';
COPY (SELECT index AS id, ounces, abv, ibu, city, state, style, "brewery_id" AS brewery
FROM read_csv('{data}/quintet/beers/clean.csv', all_varchar=true)) TO '{to}/b.parquet';
"""
BEERS_YAML = """
recon: beers
sources: {a: {location: a.parquet}, b: {location: b.parquet}}
key: id
fields: [ounces, abv, ibu, city, state]
context: [style, state, brewery]
max_rejects: 1.0
"""
AIRCRAFT_SQL = """
COPY (SELECT icao24, r AS registration, t AS type, "desc" AS class,
      left(icao24, 1) AS block, left(r, 1) AS mark
FROM '{data}/aircraft/flightaware_20180720.parquet' WHERE t IS NOT NULL OR "desc" IS NOT NULL) TO '{to}/a.parquet';
COPY (SELECT icao24, r AS registration, t AS type, "desc" AS class,
      left(icao24, 1) AS block, left(r, 1) AS mark
FROM '{data}/aircraft/flightaware_20231026.parquet') TO '{to}/b.parquet';
"""
AIRCRAFT_YAML = """
recon: aircraft
sources: {a: {location: a.parquet}, b: {location: b.parquet}}
key: icao24
fields: [registration, type, class]
context: [block, mark]
max_rejects: 1.0
"""


def go(name, sql, yaml):
    import tempfile

    data = ROOT / "../shared/data"
    with tempfile.TemporaryDirectory() as folder:
        duckdb.connect().execute(sql.format(data=data, to=folder))
        (Path(folder) / "recon.yaml").write_text(yaml)
        with DuckDBEngine(threads=2) as engine:
            sides, comparison = compared(engine, Path(folder) / "recon.yaml")
            print(name, {n: f.different for n, f in comparison.fields.items()})
            found = mined(engine, sides, comparison)
            print(f"{found.seconds:.1f} s, cpu {found.cpu:.1f}")
            for c in list(found.causes.values())[:60]:
                print(
                    "  ",
                    c.field,
                    c.kind,
                    c.family,
                    c.expression,
                    "| where",
                    c.scope,
                    c.breaks,
                    c.exceptions,
                    c.reason,
                )


if __name__ == "__main__":
    import sys

    for n in sys.argv[1:]:
        go(n, globals()[n.upper() + "_SQL"], globals()[n.upper() + "_YAML"])
