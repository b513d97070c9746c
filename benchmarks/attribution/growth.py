"""How time and memory grow with the number of breaks: twenty causes in ten fields, each break in one of them.

`generated` writes both sides; as a program it compares and mines one of them, so that the cost of a whole
process can be measured: ``python -m benchmarks.attribution.growth FOLDER``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb

from benchmarks import measure

FIELDS = {
    "amount": (
        "((hash(id, 1) % 90000000)::BIGINT * 0.01::DECIMAL(3,2))::DECIMAL(18,2)",
        "amount * 100",
        "-amount",
    ),
    "price": (
        "((hash(id, 2) % 90000000 + 11)::BIGINT * 0.0001::DECIMAL(5,4))::DECIMAL(18,4)",
        "round(price, 1)",
        "price + 0.0125",
    ),
    "quantity": ("(hash(id, 3) % 90000 + 1)::BIGINT", "quantity * 1000", "-quantity"),
    "name": ("'Counterparty ' || (hash(id, 4) % 5000) || ' Holdings'", "left(name, 12)", "upper(name)"),
    "account": (
        "lpad((hash(id, 5) % 9000000 + 1)::VARCHAR, 8, '0')",
        "ltrim(account, '0')",
        "account || '/001'",
    ),
    "status": (
        "['CONFIRMED','SETTLED','PENDING'][1 + (hash(id, 6) % 3)::INT]",
        "CASE status WHEN 'CONFIRMED' THEN '30' WHEN 'SETTLED' THEN '50' ELSE '10' END",
        "left(status, 1)",
    ),
    "day": ("DATE '2026-01-01' + (hash(id, 7) % 300)::INT", "day + 1", "day + 7"),
    "moment": (
        "TIMESTAMP '2026-01-01' + to_seconds((hash(id, 8) % 25920000)::BIGINT)",
        "moment + to_hours(5)",
        "moment - to_hours(1)",
    ),
    "fee": (
        "((hash(id, 9) % 900000 + 7)::BIGINT * 0.01::DECIMAL(3,2))::DECIMAL(18,2)",
        "round(fee * 1.05 + 2, 2)",
        "fee * 10",
    ),
    "isin": ("'XS' || lpad((hash(id, 10) % 1000000000)::VARCHAR, 10, '0')", "isin || '.X'", "lower(isin)"),
}
CONTEXT = {
    "desk": "'desk ' || (hash(id, 21) % 5)",
    "currency": "['USD','EUR','JPY','GBP'][1 + (hash(id, 22) % 4)::INT]",
    "book": "'book ' || (hash(id, 23) % 60)",
    "trader": "'trader ' || (hash(id, 24) % 400)",
    "product": "'product ' || (hash(id, 25) % 6)",
}
VALUES = 100_000
CURRENCIES = ("USD", "EUR", "JPY", "GBP")


def generated(breaks: int, folder: Path, wide: int) -> Path:
    """Both sides with about so many breaks, and their definition; a folder that is there is used again.

    `wide` context columns more have 100,000 values each, which tell nothing.
    """
    if (folder / "recon.yaml").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": 2})
    context = CONTEXT | {f"c{n}": f"'v' || hash(id, {100 + n}) % {VALUES}" for n in range(wide)}
    columns = {name: sql for name, (sql, _, _) in FIELDS.items()} | context
    made = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    changed = []
    for number, (name, (_, one, two)) in enumerate(FIELDS.items()):
        first, second = (
            f"desk = 'desk {place % 5}' AND currency = '{CURRENCIES[place // 5]}'"
            for place in (2 * number, 2 * number + 1)
        )
        changed.append(f"CASE WHEN {first} THEN {one} WHEN {second} THEN {two} ELSE {name} END AS {name}")
    # Of twenty slices each holds a twentieth of the records, and breaks one field of each.
    source = f"(SELECT id, {made} FROM range({breaks}) r(id))"
    connection.execute(f"COPY (SELECT * FROM {source} ORDER BY id) TO '{folder / 'a.parquet'}'")
    connection.execute(
        f"COPY (SELECT id, {', '.join(changed)} FROM {source} ORDER BY id) TO '{folder / 'b.parquet'}'"
    )
    connection.close()
    (folder / "recon.yaml").write_text(
        "recon: growth\nsources: {a: {location: a.parquet}, b: {location: b.parquet}}\nkey: id\n"
        f"fields: [id, {', '.join(FIELDS)}]\ncontext: [{', '.join(context)}]\n"
    )
    return folder


def measured(breaks: int, folder: Path, wide: int = 0) -> dict[str, Any]:
    """One size as a process of its own: seconds, processor seconds and peak memory, of all and of causes."""
    data = generated(breaks, folder / f"growth-{breaks}-{wide}", wide)
    answer = folder / f"growth-{breaks}.json"
    command = [sys.executable, "-m", "benchmarks.attribution.growth", str(data), str(answer)]
    cost = measure.run(
        command, scratch=folder / "scratch", limits=measure.Limits(seconds=900, memory=12_000_000_000)
    )
    if cost.exit_code or cost.stopped:
        return {"asked": breaks, "failed": cost.stopped or cost.complaint}
    told = json.loads(answer.read_text())
    return {"asked": breaks, "context": len(CONTEXT) + wide, **told, "process": asdict(cost)}


def main() -> None:
    """Compare and mine one folder, and write what it took."""
    from benchmarks.attribution.mining import compared, mined
    from greenai.engines.duckdb import DuckDBEngine

    folder, answer = Path(sys.argv[1]), Path(sys.argv[2])
    with DuckDBEngine(threads=2) as engine:
        begin, spent = perf_counter(), process_time()
        sides, comparison = compared(engine, folder / "recon.yaml")
        ready = {"seconds": perf_counter() - begin, "cpu": process_time() - spent}
        found = mined(engine, sides, comparison)
        told = {
            "breaks": sum(field.different for field in comparison.fields.values()),
            "explained": sum(cause.breaks for cause in found.values.causes),
            "causes": len(found.values.causes),
            "planted": 2 * len(FIELDS),
            "comparing": ready,
            "causing": {"seconds": found.seconds, "cpu": found.cpu},
        }
    answer.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
