"""The truth of a simulation against an independent comparison of its raw files."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from greenai.simulation.trades import Simulated, simulate_trades

A_NAMES = [
    "TradeID", "TradeDate", "SettleDate", "ExecTime", "Side", "Qty", "Price", "NotionalAmt", "currency",
    "counterparty_code", "CptyName", "ISIN", "FxRate", "Fee", "Accrued", "Venue", "Account", "Status",
    "desk", "region", "book", "trader", "product",
]  # fmt: skip

# For each field: side a's text read as a value, side b's value, and the raw column of side a.
RULES = {
    "trade_date": ("try_strptime(TradeDate, '%d/%m/%Y')::DATE", "Trade_Dt", "TradeDate"),
    "settlement_date": ("try_strptime(SettleDate, '%d/%m/%Y')::DATE", "Settle_Dt", "SettleDate"),
    "executed_at": ("try_strptime(ExecTime, '%d/%m/%Y %H:%M:%S')", "Exec_TS", "ExecTime"),
    "side": ("trim(Side)", "CASE BS WHEN 'B' THEN 'BUY' WHEN 'S' THEN 'SELL' ELSE BS END", "Side"),
    "quantity": ("TRY_CAST(Qty AS DECIMAL(18,4))", "Quantity", "Qty"),
    "price": ("TRY_CAST(Price AS DECIMAL(18,4))", "Px", "Price"),
    "notional": ("TRY_CAST(replace(NotionalAmt, ',', '') AS DECIMAL(18,2))", "Notional_Value", "NotionalAmt"),
    "currency": ("trim(currency)", "trim(Ccy)", "currency"),
    "counterparty_code": ("trim(counterparty_code)", "trim(Cpty_Code)", "counterparty_code"),
    "counterparty_name": ("trim(CptyName)", "trim(Cpty_Name)", "CptyName"),
    "isin": ("trim(ISIN)", "trim(Instrument_ID)", "ISIN"),
    "fx_rate": ("TRY_CAST(FxRate AS DECIMAL(18,6))", "FX_Rate", "FxRate"),
    "fee": ("TRY_CAST(Fee AS DECIMAL(18,2))", "Fee_Amt", "Fee"),
    "accrued": ("TRY_CAST(Accrued AS DECIMAL(18,2))", "Accrued_Int", "Accrued"),
    "venue": ("trim(Venue)", "trim(Market)", "Venue"),
    "account": ("trim(Account)", "trim(Acct_No)", "Account"),
    "status": ("trim(Status)", "upper(trim(Trade_Status))", "Status"),
}


class Reading:
    """Both raw sides, read without any help of the simulation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = duckdb.connect()
        names = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in A_NAMES) + "}"
        self.db.execute(
            f"""CREATE TABLE a AS SELECT *, upper(replace(trim(TradeID), '-', '')) AS key,
                parse_filename(filename) AS source_file
            FROM read_csv('{folder}/front_office/*.csv', header = true, delim = ',', quote = '"',
                columns = {names}, auto_detect = false, null_padding = false, filename = true,
                store_rejects = true, strict_mode = true)"""
        )
        self.rejects = self.db.execute(
            "SELECT count(DISTINCT (file_id, line)) FROM reject_errors"
        ).fetchone()[0]
        self.db.execute(
            f"""CREATE TABLE b AS SELECT *, 'TRD' || trim(Transaction_ID) AS key
            FROM read_parquet('{folder}/back_office/*.parquet')"""
        )
        self.db.execute("CREATE TABLE truth AS FROM read_parquet(?)", [f"{folder}/truth.parquet"])
        self.told = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.db.execute(
            """CREATE TABLE counted AS
            SELECT key, coalesce(n, 0) AS in_a, coalesce(m, 0) AS in_b
            FROM (SELECT key, count(*) AS n FROM a GROUP BY key)
            FULL JOIN (SELECT key, count(*) AS m FROM b GROUP BY key) USING (key)"""
        )

    def differs(self, field: str) -> str:
        a, b, raw = RULES[field]
        unread = f"(({a}) IS NULL AND a.{raw} IS NOT NULL)"
        if field == "notional":
            return f"{unread} OR abs(({a}) - {b}) > 0.01"
        if field == "executed_at":
            return f"{unread} OR abs(epoch_ms({a}) - epoch_ms({b})) > 2000"
        return f"{unread} OR ({a}) IS DISTINCT FROM ({b})"

    def breaks(self) -> set[tuple[str, str | None, str]]:
        """Every break as (key, field, kind); repeated keys are expected on equal rows only."""
        found: set[tuple[str, str | None, str]] = set()
        for field in RULES:
            rows = self.db.execute(
                f"""SELECT key FROM a JOIN b USING (key) JOIN counted USING (key)
                WHERE in_a = 1 AND in_b = 1 AND ({self.differs(field)})"""
            ).fetchall()
            found |= {(key, field, "value") for (key,) in rows}
        found |= {
            (k, None, "only_a")
            for (k,) in self.db.execute("SELECT key FROM counted WHERE in_b = 0").fetchall()
        }
        found |= {
            (k, None, "only_b")
            for (k,) in self.db.execute("SELECT key FROM counted WHERE in_a = 0").fetchall()
        }
        for key, in_a, in_b in self.db.execute(
            "SELECT key, in_a, in_b FROM counted WHERE in_a > 0 AND in_b > 0 AND in_a + in_b > 2"
        ).fetchall():
            assert {in_a, in_b} == {1, 2}
            same = " AND ".join(f"NOT ({self.differs(field)})" for field in RULES)
            # A pair within tolerance is not enough: the identical rows must find each other.
            same += f" AND {RULES['notional'][0]} = Notional_Value AND {RULES['executed_at'][0]} = Exec_TS"
            (pairs,) = self.db.execute(
                f"SELECT count(*) FROM a JOIN b USING (key) WHERE key = ? AND {same}", [key]
            ).fetchone()
            assert pairs >= 1
            found.add((key, None, "duplicate_a" if in_a == 2 else "duplicate_b"))
        return found

    def truth(self) -> list[tuple[str, str | None, str]]:
        rows = self.db.execute("SELECT key, field, kind FROM truth").fetchall()
        return [(json.loads(key)[0], field, kind) for key, field, kind in rows]


@pytest.fixture(scope="module", params=[(5_000, 3), (20_000, 1), (20_000, 11)], ids=str)
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    rows, seed = request.param
    folder = tmp_path_factory.mktemp("simulated") / "recon"
    simulate_trades(rows=rows, seed=seed, out=folder)
    return Reading(folder)


def test_the_truth_lists_precisely_the_cells_and_records_that_differ(reading: Reading) -> None:
    truth = reading.truth()
    assert len(truth) == len(set(truth))
    assert set(truth) == reading.breaks()


def test_the_summary_of_the_truth_adds_up_and_agrees_with_the_files(reading: Reading) -> None:
    rows = reading.told["rows"]
    assert rows["a"] == reading.db.execute("SELECT count(*) FROM a").fetchone()[0]
    assert rows["b"] == reading.db.execute("SELECT count(*) FROM b").fetchone()[0]
    assert rows["a"] == rows["matched"] + rows["only_a"] + rows["duplicates_a"]
    assert rows["b"] == rows["matched"] + rows["only_b"] + rows["duplicates_b"]
    assert rows["equal"] + rows["different"] == rows["matched"]
    assert rows["different"] == len({key for key, _, kind in reading.breaks() if kind == "value"})
    assert reading.told["rejects"] == rows["rejected_a"] == reading.rejects > 0
    for field, counts in reading.told["fields"].items():
        assert counts["different"] == sum(1 for _, f, _ in reading.truth() if f == field)


def test_values_within_tolerance_are_counted_and_are_no_breaks(reading: Reading) -> None:
    for field in ("notional", "executed_at"):
        a, b, _ = RULES[field]
        (within,) = reading.db.execute(
            f"""SELECT count(*) FROM a JOIN b USING (key)
            WHERE ({a}) <> {b} AND NOT ({reading.differs(field)})"""
        ).fetchone()
        assert within == reading.told["fields"][field]["within_tolerance"] > 0


def test_raw_values_of_the_truth_stand_in_the_files(reading: Reading) -> None:
    for field, (_, _, raw) in RULES.items():
        (wrong,) = reading.db.execute(
            f"""SELECT count(*) FROM truth JOIN a ON a.key = truth.key ->> '$[0]'
            WHERE field = '{field}' AND value_a IS DISTINCT FROM a.{raw}"""
        ).fetchone()
        assert wrong == 0, field


def test_five_to_eight_percent_of_records_break(reading: Reading) -> None:
    records = len({key for key, _, _ in reading.truth()})
    assert 0.05 <= records / reading.told["trades"] <= 0.09


def test_most_causes_are_there_and_each_breaks_cells_in_its_slice_only(reading: Reading) -> None:
    causes = reading.told["causes"]
    assert len(causes) >= 25
    for cause in causes:
        scope = cause["scope"]
        assert scope == " and ".join(f"{c} = '{v}'" for c, v in cause["conditions"])
        assert 1 <= len(cause["conditions"]) <= 3
        breaks, inside = reading.db.execute(
            f"""SELECT count(*), count(*) FILTER (WHERE {scope})
            FROM truth JOIN a ON a.key = truth.key ->> '$[0]' WHERE cause_id = ?""",
            [cause["id"]],
        ).fetchone()
        assert breaks == inside == cause["breaks"] > 0, cause["id"]


def test_breaks_without_a_cause_are_of_family_unknown(reading: Reading) -> None:
    (wrong,) = reading.db.execute(
        "SELECT count(*) FROM truth WHERE cause_id IS NULL AND family <> 'unknown'"
    ).fetchone()
    (noise,) = reading.db.execute("SELECT count(*) FROM truth WHERE cause_id IS NULL").fetchone()
    assert wrong == 0
    assert noise > 0


def _formula(cause: dict[str, str]) -> str | None:
    """What the expression says, as SQL over the raw columns; None where it needs more than one row."""
    field, expression = cause["field"], cause["expression"].removeprefix("b = ")
    a = RULES[field][0]
    if cause["family"] in {
        "scale",
        "sign",
        "offset",
        "rounding",
        "affine",
        "truncation",
        "case",
        "padding",
        "affix",
    }:
        body = expression.replace("-a", f"-({a})") if expression == "-a" else expression
        return (
            body.replace("(a,", f"({a},")
            .replace("(a)", f"({a})")
            .replace("a * ", f"{a} * ")
            .replace("a + ", f"{a} + ")
            .replace("a || ", f"{a} || ")
        )
    if cause["id"] == "notional-converted":
        return f"round({a} * {RULES['fx_rate'][0]}, 2)"
    if cause["family"] == "field_swap":
        return RULES[expression][0]
    if cause["id"] == "frozen-price":
        return expression
    return None


def test_expressions_recomputed_from_the_raw_files_leave_just_the_exceptions_told(reading: Reading) -> None:
    checked = 0
    for cause in reading.told["causes"]:
        if cause["field"] is None or (formula := _formula(cause)) is None:
            continue
        b = RULES[cause["field"]][1]
        if cause["field"] in ("counterparty_name", "account", "isin"):
            formula = f"trim({formula})"
        (exceptions,) = reading.db.execute(
            f"""SELECT count(*) FROM a JOIN b USING (key) JOIN counted USING (key)
            WHERE in_a = 1 AND in_b = 1 AND {_scope_on_a(cause)} AND ({b}) IS DISTINCT FROM ({formula})"""
        ).fetchone()
        repeated = _repeated_exceptions(reading, cause)
        assert cause["exceptions"] - repeated == exceptions, cause
        checked += 1
    assert checked >= 12


def _scope_on_a(cause: dict[str, str]) -> str:
    """The scope where both sides are joined: both have a region and a book."""
    return cause["scope"].replace("region =", "a.region =").replace("book =", "a.book =")


def _repeated_exceptions(reading: Reading, cause: dict[str, str]) -> int:
    """Repeated rows are clean, so in a slice each of them is an exception unless nothing would change."""
    scope = _scope_on_a(cause)
    return int(
        reading.db.execute(
            f"SELECT count(DISTINCT key) FROM a JOIN counted USING (key) WHERE in_a > 0 AND in_b > 0 "
            f"AND in_a + in_b > 2 AND {scope}"
        ).fetchone()[0]
    )


def test_the_result_names_what_was_written(tmp_path: Path) -> None:
    done = simulate_trades(rows=500, seed=1, out=tmp_path / "new" / "recon")
    assert isinstance(done, Simulated)
    assert done.definition == tmp_path / "new" / "recon" / "recon.yaml"
    assert len(done.files) == 7
    assert all(path.is_file() for path in (*done.files, done.definition, done.truth))
    counted = duckdb.connect().execute("SELECT count(*) FROM read_parquet(?)", [str(done.truth)]).fetchall()
    assert counted == [(done.breaks,)]
