"""The clean world: the trades as they happened, before either system wrote them down.

The relation `trade` has one row per trade with every field in its type, the context (desk, region,
book, trader, product, source file), the number of the counterparty, and `fate`: whether the trade
will be missing or repeated somewhere. Its order is the order of `id`, from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from greenai.simulation.chance import Chance, text_list
from greenai.simulation.names import Counterparties, counterparties

if TYPE_CHECKING:
    import duckdb

REGIONS = ("AMER", "EMEA", "APAC")
DESKS = ("Rates", "Credit", "FX", "Equities", "Commodities", "Emerging", "Prime", "Treasury")
PRODUCTS = ("Bond", "Equity", "Forward", "Swap", "Future", "Option")
CURRENCIES = {
    "USD": 1.0, "EUR": 1.08, "GBP": 1.27, "JPY": 0.00671, "CHF": 1.13, "CAD": 0.735, "AUD": 0.658,
    "SEK": 0.0952, "SGD": 0.744, "ZAR": 0.0545,
}  # fmt: skip
STATUSES = ("CONFIRMED", "SETTLED", "PENDING", "AMENDED")
VENUES = ("XLON", "XNYS", "XPAR", "XETR", "XTKS", "OTC")
FRONT_FILES = 5
_TRADERS_PER_DESK = 15
_INSTRUMENTS = 480

TYPES: dict[str, str] = {
    "trade_date": "DATE",
    "settlement_date": "DATE",
    "executed_at": "TIMESTAMP",
    "side": "VARCHAR",
    "quantity": "DECIMAL(18,4)",
    "price": "DECIMAL(18,4)",
    "notional": "DECIMAL(18,2)",
    "currency": "VARCHAR",
    "counterparty_code": "VARCHAR",
    "counterparty_name": "VARCHAR",
    "isin": "VARCHAR",
    "fx_rate": "DECIMAL(18,6)",
    "fee": "DECIMAL(18,2)",
    "accrued": "DECIMAL(18,2)",
    "venue": "VARCHAR",
    "account": "VARCHAR",
    "status": "VARCHAR",
}
"""The compared fields beside the key, with their DuckDB types."""

CONTEXT = (
    "desk", "currency", "region", "book", "counterparty_code", "trader", "product", "source_file",
)  # fmt: skip
"""The context columns that scopes are made of."""


@dataclass(frozen=True, slots=True)
class World:
    """What is known about a world beside its rows."""

    rows: int
    business_date: date
    chance: Chance
    counterparties: Counterparties
    front_files: tuple[str, ...]
    back_files: dict[str, tuple[str, ...]]
    ragged: tuple[int, ...]


def create_world(connection: duckdb.DuckDBPyConnection, *, rows: int, seed: int, day: date) -> World:
    """Create the relation `trade` and describe it."""
    chance = Chance(seed)
    stamp = f"{day:%Y%m%d}"
    picker = chance.python("world")
    first = picker.choice(REGIONS)
    rest = tuple(region for region in REGIONS if region != first)
    broken = min(max(2, rows // 20_000), rows // 50)
    world = World(
        rows=rows,
        business_date=day,
        chance=chance,
        counterparties=counterparties(chance.python("counterparties")),
        front_files=tuple(f"fo_{number}_{stamp}.csv" for number in range(1, FRONT_FILES + 1)),
        back_files={f"bo_1_{stamp}.parquet": (first,), f"bo_2_{stamp}.parquet": rest},
        ragged=tuple(sorted(picker.sample(range(1, rows + 1), broken))),
    )
    connection.execute(_trade(world))
    return world


def _trade(world: World) -> str:
    """The statement that creates `trade`: draw, look up, derive."""
    chance, picker = world.chance, world.chance.python("layout")
    books = [(desk, region, n) for desk in DESKS for region in REGIONS for n in (1, 2, 3)]
    picker.shuffle(books)  # Low numbers are busy books, so a seed moves which desk is busy.
    traders = [f"{picker.choice('ABCDEFGHJKLMNPRSTVW')}{picker.randrange(100, 1000)}-{n:03d}"
               for n in range(len(DESKS) * _TRADERS_PER_DESK)]  # fmt: skip
    codes = list(CURRENCIES)
    picker.shuffle(codes)
    instruments = [f"{picker.choice(['XS', 'US', 'GB', 'DE', 'FR'])}{picker.randrange(10**9, 10**10)}"
                   for _ in range(_INSTRUMENTS)]  # fmt: skip
    products = [picker.choice(PRODUCTS) for _ in instruments]
    levels = [round(picker.choice([picker.uniform(5, 90), picker.uniform(90, 115),
              picker.uniform(150, 4000)]), 4) for _ in instruments]  # fmt: skip
    book_names = [f"{desk[:3].upper()}-{region[:2]}-{n}" for desk, region, n in books]
    book_files = [world.front_files[picker.randrange(FRONT_FILES)] for _ in books]
    day = f"DATE '{world.business_date.isoformat()}'"
    firm = world.counterparties
    ragged = f"id IN ({', '.join(map(str, world.ragged))})" if world.ragged else "false"
    u = chance.uniform
    return f"""
CREATE TABLE trade AS
WITH drawn AS (
  SELECT
    id,
    {chance.index("book", len(books), skew=1.5)} AS book_no,
    {chance.index("trader", _TRADERS_PER_DESK // len(REGIONS))} AS trader_no,
    {chance.index("currency", len(codes), skew=2.2)} AS currency_no,
    {chance.index("instrument", len(instruments), skew=1.3)} AS instrument_no,
    {chance.index("counterparty", len(firm.codes), skew=1.4)} AS counterparty_no,
    ({day} - {chance.index("trade_date", 46)} + 1)::DATE AS any_day,
    (1 + floor(pow({u("quantity")}, 3) * 9999)) * 100 AS lots,
    {u("price")} AS price_u,
    {u("fx")} AS fx_u,
    {u("fee")} AS fee_u,
    {u("fate")} AS fate_u
  FROM range(1, {world.rows + 1}) AS r(id)
), looked_up AS (
  SELECT
    *,
    {text_list([desk for desk, _, _ in books])}[book_no] AS desk,
    {text_list([region for _, region, _ in books])}[book_no] AS region,
    {[(DESKS.index(d) * len(REGIONS) + REGIONS.index(r)) * 5 for d, r, _ in books]}[book_no] AS crew,
    {text_list(codes)}[currency_no] AS currency,
    {text_list(products)}[instrument_no] AS product,
    (any_day - greatest(isodow(any_day)::INTEGER - 5, 0))::DATE AS trade_date,
    lots::DECIMAL(18,4) AS quantity,
    ({levels}[instrument_no] * (0.95 + 0.1 * price_u))::DECIMAL(18,4) AS price
  FROM drawn
), derived AS (
  SELECT *, round(quantity * price, 2)::DECIMAL(18,2) AS notional FROM looked_up
)
SELECT
  id,
  'TRD' || lpad(id::VARCHAR, 9, '0') AS trade_id,
  trade_date,
  (trade_date + CASE WHEN isodow(trade_date) >= 4 THEN 4 ELSE 2 END)::DATE AS settlement_date,
  trade_date::TIMESTAMP + to_seconds(25200 + floor({u("time")} * 39600)::INTEGER) AS executed_at,
  {chance.pick("side", ("BUY", "SELL"))} AS side,
  quantity,
  price,
  notional,
  currency,
  {text_list(firm.codes)}[counterparty_no] AS counterparty_code,
  {text_list(firm.names)}[counterparty_no] AS counterparty_name,
  {text_list(instruments)}[instrument_no] AS isin,
  ({[CURRENCIES[code] for code in codes]}[currency_no] * (0.99 + 0.02 * fx_u))::DECIMAL(18,6) AS fx_rate,
  (1.25 + 0.0001 * (0.5 + fee_u) * notional::DOUBLE)::DECIMAL(18,2) AS fee,
  CASE WHEN product IN ('Bond', 'Swap') AND {u("accrued?")} < 0.8
    THEN (0.01 + {u("accrued")} * 24000)::DECIMAL(18,2) END AS accrued,
  CASE WHEN {u("venue?")} < 0.75 THEN {chance.pick("venue", VENUES)} END AS venue,
  (10000 + floor(pow({u("account")}, 2) * 9000000)::BIGINT)::VARCHAR AS account,
  {chance.pick("status", STATUSES, skew=1.6)} AS status,
  desk,
  region,
  {text_list(book_names)}[book_no] AS book,
  {text_list(traders)}[crew + trader_no] AS trader,
  product,
  {text_list(book_files)}[book_no] AS source_file,
  counterparty_no,
  CASE
    WHEN {ragged} THEN 'ragged'
    WHEN fate_u < 0.0025 THEN 'missing_b'
    WHEN fate_u < 0.0040 THEN 'missing_a'
    WHEN fate_u < 0.0046 THEN 'copy_b'
    WHEN fate_u < 0.0050 THEN 'altered_b'
    WHEN fate_u < 0.0053 THEN 'copy_a'
    WHEN fate_u < 0.0055 THEN 'altered_a'
    ELSE 'both'
  END AS fate
FROM derived
"""
