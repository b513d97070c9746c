"""How each system writes its trades: column names, formats and files."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from greenai.simulation.planting import IN_A, IN_B
from greenai.simulation.text import quoted
from greenai.simulation.world import World

if TYPE_CHECKING:
    import duckdb

FRONT_OFFICE = "front_office"
BACK_OFFICE = "back_office"

A_COLUMNS: dict[str, tuple[str, str]] = {
    "trade_id": ("TradeID", "if(source_file LIKE 'fo_2%', ' trd-', 'trd-') || substr(trade_id, 4)"),
    "trade_date": ("TradeDate", "strftime(trade_date, '%d/%m/%Y')"),
    "settlement_date": ("SettleDate", "strftime(settlement_date, '%d/%m/%Y')"),
    "executed_at": ("ExecTime", "strftime(executed_at, '%d/%m/%Y %H:%M:%S')"),
    "side": ("Side", "side"),
    "quantity": ("Qty", "quantity::VARCHAR"),
    "price": ("Price", "price::VARCHAR"),
    "notional": (
        "NotionalAmt",
        "format('{:,}', trunc(notional)::BIGINT) || '.' || split_part(notional::VARCHAR, '.', 2)",
    ),
    "currency": ("currency", "currency"),
    "counterparty_code": ("counterparty_code", "counterparty_code"),
    "counterparty_name": ("CptyName", "counterparty_name || if(source_file LIKE 'fo_3%', '  ', '')"),
    "isin": ("ISIN", "isin"),
    "fx_rate": ("FxRate", "fx_rate::VARCHAR"),
    "fee": ("Fee", "fee::VARCHAR"),
    "accrued": ("Accrued", "accrued::VARCHAR"),
    "venue": ("Venue", "venue"),
    "account": ("Account", "account"),
    "status": ("Status", "status"),
}
"""Side a: each field's column and its text as SQL."""

A_CONTEXT = ("desk", "region", "book", "trader", "product")
"""Columns that only explain; side b has `region` and `book` too."""

B_COLUMNS: dict[str, tuple[str, str]] = {
    "trade_id": ("Transaction_ID", "substr(trade_id, 4)"),
    "trade_date": ("Trade_Dt", "b_trade_date"),
    "settlement_date": ("Settle_Dt", "b_settlement_date"),
    "executed_at": ("Exec_TS", "b_executed_at"),
    "side": ("BS", "left(b_side, 1)"),
    "quantity": ("Quantity", "b_quantity"),
    "price": ("Px", "b_price"),
    "notional": ("Notional_Value", "b_notional"),
    "currency": ("Ccy", "b_currency"),
    "counterparty_code": ("Cpty_Code", "b_counterparty_code"),
    "counterparty_name": ("Cpty_Name", "b_counterparty_name"),
    "isin": ("Instrument_ID", "b_isin"),
    "fx_rate": ("FX_Rate", "b_fx_rate"),
    "fee": ("Fee_Amt", "b_fee"),
    "accrued": ("Accrued_Int", "b_accrued"),
    "venue": ("Market", "b_venue"),
    "account": ("Acct_No", "b_account"),
    "status": ("Trade_Status", "left(b_status, 1) || lower(substr(b_status, 2))"),
}
"""Side b: each field's column and its value as SQL."""

_BREAK_OFF = 7
_ALTERED = "quantity + 100"


def raw_a(field: str, written: frozenset[str]) -> str:
    """A field's text on side a as SQL over `planted`."""
    text = A_COLUMNS[field][1]
    return f"coalesce(written_{field}, {text})" if field in written else text


def raw_b(field: str) -> str:
    """A field's value on side b, as text, as SQL over `planted`."""
    return f"({B_COLUMNS[field][1]})::VARCHAR"


def write_front_office(
    connection: duckdb.DuckDBPyConnection, world: World, folder: Path, written: frozenset[str]
) -> list[Path]:
    """Write side a: one CSV for each front-office file, with its ragged lines. Returns the paths."""
    folder.mkdir()
    columns = ", ".join(
        [f'{raw_a(field, written)} AS "{name}"' for field, (name, _) in A_COLUMNS.items()] + list(A_CONTEXT)
    )
    paths = []
    for name in world.front_files:
        path = folder / name
        of_file = f"source_file = {quoted(name)}"
        connection.execute(
            f"""COPY (
              SELECT {columns} FROM planted WHERE {of_file} AND {IN_A}
              UNION ALL SELECT {columns} FROM planted WHERE {of_file} AND fate = 'copy_a'
              UNION ALL SELECT {columns} FROM (
                SELECT * REPLACE ({_ALTERED} AS quantity)
                FROM planted WHERE {of_file} AND fate = 'altered_a')
            ) TO {quoted(str(path))} (FORMAT csv, HEADER)"""
        )
        broken = connection.execute(
            f"SELECT id, {columns} FROM planted WHERE {of_file} AND fate LIKE 'ragged%' ORDER BY id"
        ).fetchall()
        if broken:
            _insert(path, [_ragged(row[1:], world.ragged.index(row[0])) for row in broken])
        paths.append(path)
    return paths


def write_back_office(connection: duckdb.DuckDBPyConnection, world: World, folder: Path) -> list[Path]:
    """Write side b: one Parquet file for each group of regions, in an order of its own. Returns the paths."""
    folder.mkdir()
    columns = ", ".join([f'{value} AS "{name}"' for name, value in B_COLUMNS.values()] + ["region", "book"])
    # The back office loads trades by account and time, not in the order of their identifiers.
    order = "b_account, id"
    paths = []
    for name, regions in world.back_files.items():
        path = folder / name
        of_file = f"region IN ({', '.join(map(quoted, regions))})"
        connection.execute(
            f"""COPY (
              SELECT {columns} FROM (
                SELECT *, 0 AS copy FROM planted WHERE {of_file} AND {IN_B}
                UNION ALL SELECT *, 1 FROM planted WHERE {of_file} AND fate = 'copy_b'
                UNION ALL SELECT * REPLACE (b_{_ALTERED} AS b_quantity), 1
                FROM planted WHERE {of_file} AND fate = 'altered_b'
              ) ORDER BY {order}, copy
            ) TO {quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)"""
        )
        paths.append(path)
    return paths


def _ragged(row: tuple[str | None, ...], place: int) -> bytes:
    """A line that cannot be split into the columns: broken off, or with cells too many, by turns."""
    cells = ["" if cell is None else cell for cell in row]
    text = io.StringIO()
    broken = cells[:_BREAK_OFF] if place % 2 == 0 else [*cells, "manual", "see mail"]
    csv.writer(text, lineterminator="\n").writerow(broken)
    return text.getvalue().encode()


def _insert(path: Path, lines: list[bytes]) -> None:
    """Insert lines into a text file at the first line end behind its middle."""
    partial = path.with_suffix(".partial")
    middle = path.stat().st_size // 2
    with path.open("rb") as source, partial.open("wb") as target:
        left = middle
        while left > 0:
            piece = source.read(min(left, 1 << 20))
            target.write(piece)
            left -= len(piece)
        target.write(source.readline())
        target.writelines(lines)
        shutil.copyfileobj(source, target)
    partial.replace(path)
