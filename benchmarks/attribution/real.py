"""Real pairs of public data, where a folder with them is at hand: what greenai says of them.

The folder is named by ``GREENAI_BENCH_DATA`` or is ``../shared/data``; it is no part of the project, and what
is missing is left out with a line saying so. Each pair is prepared by a few lines of SQL, compared by a
definition, and asked what must hold of its causes. Those without a question were not developed on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.attribution.mining import compared, mined
from greenai.domain.causes import Cause
from greenai.engines.duckdb import DuckDBEngine

ROOT = Path(__file__).parents[2]
SHOWN = 4
"""Causes of a pair that are told with their words."""
Asked = Callable[[Sequence[Cause], dict[str, int]], bool]

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
FROM read_csv('{data}/fx/ecb_eurofxref_20260413.csv.gz', all_varchar=true)
WHERE currency = 'USD' AND date <= '2017-12-01') TO '{to}/a.parquet';
COPY (SELECT date::DATE AS date, rate::DECIMAL(18,4) AS rate, year(date::DATE) AS year
FROM read_csv('{data}/fx/fed_h10_daily_20171208.csv.gz', all_varchar=true)
WHERE currency = 'EUR') TO '{to}/b.parquet';
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
FROM '{data}/aircraft/flightaware_20180720.parquet' 
WHERE t IS NOT NULL OR "desc" IS NOT NULL) TO '{to}/a.parquet';
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


def quintet(name: str, fields: str) -> str:
    """Dirty against clean, by row number; the columns of both files correspond by place."""
    return f"""
COPY (SELECT row_number() OVER () AS row, {fields} FROM read_csv(
'{{data}}/quintet/{name}/dirty.csv', all_varchar=true, names=[{names(fields)}], header=true))
TO '{{to}}/a.parquet';
COPY (SELECT row_number() OVER () AS row, {fields} FROM read_csv(
'{{data}}/quintet/{name}/clean.csv', all_varchar=true, names=[{names(fields)}], header=true))
TO '{{to}}/b.parquet';
"""


def names(fields: str) -> str:
    """Column names as SQL texts."""
    return ", ".join(f"'{one.strip()}'" for one in fields.split(","))


HOSPITAL = (
    "no, provider, name, address_1, address_2, address_3, city, state, zip, county, phone, type, owner,"
    " emergency, condition, measure, measure_name, score, sample, average"
)
FLIGHTS = "no, src, flight, sched_dep, act_dep, sched_arr, act_arr"


def flat(recon: str, fields: str, context: str) -> str:
    """A definition of texts compared by row number."""
    return (
        f"recon: {recon}\nsources: {{a: {{location: a.parquet}}, b: {{location: b.parquet}}}}\nkey: row\n"
        f"fields: [row, {fields}]\ncontext: [{context}]\nmax_rejects: 1.0\n"
    )


def inverse_base(causes: Sequence[Cause], different: dict[str, int]) -> bool:
    """The quote against another base is one column's multiple or quotient, for most rates."""
    hit = sum(c.breaks for c in causes if c.field == "rate" and c.family == "reference_multiply")
    return hit >= 0.9 * different["rate"]


def gaps(causes: Sequence[Cause], _: dict[str, int]) -> bool:
    """Days on which one source rests are whole-record causes with the date in their scope, on both sides."""
    kinds = {c.kind for c in causes if c.field is None and "date" in c.scope}
    return {"only_a", "only_b"} <= kinds


def inverse_quote(causes: Sequence[Cause], different: dict[str, int]) -> bool:
    """Dollars per euro are one over euros per dollar, for most days."""
    hit = [c.breaks for c in causes if c.field == "rate" and c.expression.startswith("b = 1 / a")]
    return sum(hit) >= 0.8 * different["rate"]


def ounces(causes: Sequence[Cause], different: dict[str, int]) -> bool:
    """All spellings of ounces are one cause."""
    mine = [c for c in causes if c.field == "ounces"]
    return len(mine) == 1 and mine[0].breaks == different["ounces"]


def blanked(causes: Sequence[Cause], different: dict[str, int]) -> bool:
    """The blanked types are one cause, whose scope names the mark of the United States."""
    mine = [c for c in causes if c.field == "type" and c.family == "null_default" and "'N'" in c.scope]
    return len(mine) == 1 and mine[0].breaks >= 0.85 * different["type"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one table: how they are prepared and compared, and what must hold."""

    name: str
    needs: str
    sql: str
    definition: str
    musts: tuple[Asked, ...] = ()


PAIRS = (
    Pair("ECB against Federal Reserve: rates", "fx", FX_SQL, FX_YAML, (inverse_base, gaps)),
    Pair("ECB against Federal Reserve: the euro", "fx", QUOTE_SQL, QUOTE_YAML, (inverse_quote,)),
    Pair("beers", "quintet/beers", BEERS_SQL, BEERS_YAML, (ounces,)),
    Pair("aircraft 2018 against 2023", "aircraft", AIRCRAFT_SQL, AIRCRAFT_YAML, (blanked,)),
    Pair(
        "hospital", "quintet/hospital", quintet("hospital", HOSPITAL),
        flat("hospital", HOSPITAL.replace("no, ", ""), "state, condition, owner"),
    ),
    Pair("flights", "quintet/flights", quintet("flights", FLIGHTS), flat("flights", FLIGHTS, "src")),
)  # fmt: skip


def folder_of_data() -> Path:
    """Where the public data is, if it is anywhere."""
    return Path(os.environ.get("GREENAI_BENCH_DATA", ROOT.parent / "shared" / "data"))


def real_pair(pair: Pair, folder: Path) -> dict[str, Any]:
    """What is found of one pair; ``skipped`` where its data is not at hand."""
    data = folder_of_data()
    if not (data / pair.needs).is_dir():
        return {"name": pair.name, "skipped": f"no folder {pair.needs} with public data at hand"}
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(pair.sql.format(data=data, to=folder))
    (folder / "recon.yaml").write_text(pair.definition)
    with DuckDBEngine(threads=2) as engine:
        sides, comparison = compared(engine, folder / "recon.yaml")
        found = mined(engine, sides, comparison)
    different = {name: field.different for name, field in comparison.fields.items() if field.different}
    values = sorted(found.values.causes, key=lambda cause: -cause.breaks)
    return {
        "name": pair.name,
        "different": different,
        "explained": sum(cause.breaks for cause in values),
        "causes": len(values),
        "record_causes": len(found.records.causes),
        "shown": [
            f"{cause.field}: {cause.expression} where {cause.scope} ({cause.breaks:,} breaks)"
            for cause in values[:SHOWN]
        ],
        "musts": {
            (must.__doc__ or must.__name__).rstrip("."): must(tuple(found.causes.values()), different)
            for must in pair.musts
        },
        "seconds": found.seconds,
        "cpu": found.cpu,
    }
