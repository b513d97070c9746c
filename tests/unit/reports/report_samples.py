"""Reports for the tests of this room: a realistic one, a nasty one, a clean one."""

from __future__ import annotations

from decimal import Decimal

from greenai.domain.breaks import Break, Reject
from greenai.domain.report import FieldInfo, GateInfo, Report, SideInfo
from greenai.domain.runs import Stored
from greenai.domain.summary import FieldCounts, RowCounts, Summary, Total


def _values(field: str, reason: str | None, *rows: tuple[str, str | None, str | None]) -> tuple[Break, ...]:
    return tuple(
        Break(key=(key,), kind="value", field=field, value_a=a, value_b=b, reason=reason)
        for key, a, b in rows
    )


def trades() -> Report:
    """Front office against back office, as `greenai run` would report it."""
    return Report(
        title="FX trades",
        a=SideInfo("front_office", "data/front_office_2026-11-19/fo_*.csv"),
        b=SideInfo("back_office", "data/back_office/ledger_2026-11-19.parquet"),
        key=("trade_id",),
        business_date="2026-11-19",
        definition_fingerprint="9f2c51d0a7e84b13",
        fields=(
            FieldInfo("notional", "decimal(18,2)", "within 0.01"),
            FieldInfo("trade_date", "date"),
            FieldInfo("value_date", "date"),
            FieldInfo("rate", "decimal(12,6)", "within 0.000001 or 1e-6 of it"),
            FieldInfo("counterparty", "string", "", "a is integer, b is string: compared as string"),
            FieldInfo("currency", "string"),
            FieldInfo("book", "string"),
            FieldInfo("desk", "string"),
            FieldInfo("side", "string"),
            FieldInfo("trader", "string", "ignoring case"),
            FieldInfo("status", "string"),
            FieldInfo("region", "string"),
        ),
        summary=Summary(
            rows=RowCounts(
                a=1_000_000,
                b=999_780,
                matched=998_112,
                equal=985_681,
                different=12_431,
                only_a=1_204,
                only_b=984,
                duplicates_a=684,
                duplicates_b=684,
                rejected_a=3,
                rejected_b=0,
            ),
            fields={
                "notional": FieldCounts(5_319, 2_306),
                "trade_date": FieldCounts(0, 0),
                "value_date": FieldCounts(4_870, 0),
                "rate": FieldCounts(12, 18_440),
                "counterparty": FieldCounts(1_733, 0),
                "currency": FieldCounts(211, 0),
                "book": FieldCounts(905, 0),
                "desk": FieldCounts(0, 0),
                "side": FieldCounts(0, 0),
                "trader": FieldCounts(0, 0),
                "status": FieldCounts(1, 0),
                "region": FieldCounts(0, 0),
            },
            breaks=16_607,
            timings={
                "ingest a": 0.412,
                "ingest b": 0.207,
                "normalise": 0.091,
                "compare": 0.548,
                "report": 0.061,
            },
            amount="notional",
            totals=(
                Total("EUR", Decimal("81234567890.12"), Decimal("81234567890.12")),
                Total("GBP", Decimal("6120004.5"), Decimal("6119754.25")),
                Total("JPY", Decimal("734120500"), Decimal("73412050000")),
                Total("USD", Decimal("90155213004.87"), Decimal("90155198004.87")),
                Total(None, Decimal("1200.00"), Decimal("0")),
            ),
        ),
        samples={
            "notional": _values(
                "notional",
                "SCALE_ERROR",
                ("TRD2024001", "1250.00", "125000.00"),
                ("TRD2024007", "310.50", "31050.00"),
                ("TRD2024993", "98765432.10", "9876543210.00"),
                ("TRD2031180", "-4400.00", "4400.00"),
                ("TRD2031999", None, "17.5"),
            ),
            "value_date": _values(
                "value_date",
                "TIMING",
                ("TRD2024019", "2026-11-19", "2026-11-20"),
                ("TRD2024020", "2026-12-01", "2026-01-12"),
                ("TRD2024021", "2026-11-30", "2026-12-01"),
            ),
            "counterparty": _values(
                "counterparty",
                "UNKNOWN",
                ("TRD2024102", "Deutsche Bank AG", "Deutsche Bank A.G."),
                ("TRD2024103", "Société Générale", "SociÃ©tÃ© GÃ©nÃ©rale"),
                ("TRD2024104", "三菱UFJ銀行", "三菱UFJ銀⾏"),
                ("TRD2024105", "ACME LTD ", "ACME LTD"),
            ),
            "book": _values(
                "book", "CODE_MAPPING", ("TRD2024301", "FXSPOT-LDN", "FXS-LON"), ("TRD2024302", "", "FXS-NYC")
            ),
            "currency": _values("currency", "UNKNOWN", ("TRD2024444", "CNY", "CNH")),
            "rate": _values("rate", "ROUNDING", ("TRD2029001", "1.084", "1.08455")),
            "status": _values("status", "MISSING_VALUE", ("TRD2030001", "SETTLED", None)),
            "only_a": tuple(Break((f"TRD20400{n:02}",), "only_a") for n in range(3)),
            "only_b": tuple(Break((f"TRD20500{n:02}",), "only_b") for n in range(3)),
            "duplicate_a": (Break(("TRD2060001",), "duplicate_a"),),
            "duplicate_b": (Break(("TRD2060001",), "duplicate_b"),),
        },
        reasons={
            "SCALE_ERROR": 5_102,
            "TIMING": 4_870,
            "CODE_MAPPING": 905,
            "MISSING_RECORD": 2_188,
            "DUPLICATE_RECORD": 1_368,
            "ROUNDING": 12,
            "MISSING_VALUE": 218,
            "UNKNOWN": 1_944,
        },
        rejects=(
            Reject(
                "a",
                "fo_3.csv",
                1_204,
                'TRD2024888,"EUR",1,250.00,2026-11-19',
                "17 columns where 16 were expected",
            ),
            Reject("a", "fo_3.csv", 88_113, "TRD2024", "1 column where 16 were expected"),
            Reject("a", "fo_7.csv", 40_001, ",EUR,12.00,2026-11-19", "the key trade_id is empty"),
        ),
        notes=(
            "The key trade_id was inferred: it is unique on both sides and 99.8 % of its values meet.",
            "Columns of b without a partner in a: ledger_ts, batch_no.",
        ),
    )


LONG = "x" * 5_000_000


def nasty() -> Report:
    """Everything that could damage a terminal, a table or a page."""
    evil = '<script>alert("x")</script>'
    return Report(
        title=f"{evil} | `pipes` \x1b[2J\x1b]0;owned\x07 # *title*",
        a=SideInfo("a\r\nname|x", "/data/[brackets]/<img src=x onerror=alert(1)>.csv"),
        b=SideInfo("\u202eb reversed", "https://example.test/b.parquet?x=1&y=\"2\""),
        key=("id", "<b>leg</b>"),
        fields=(
            FieldInfo("'\"><svg onload=alert(1)>", "string", "<i>rule</i>", "a is <b>, b is | string"),
            FieldInfo("名前", "string"),
            FieldInfo("only_a", "string"),
            FieldInfo("</style></title>", "string"),
        ),
        summary=Summary(
            rows=RowCounts(
                a=10, b=9, matched=8, equal=0, different=8, only_a=1, only_b=1, duplicates_a=1, rejected_b=2
            ),
            fields={
                "'\"><svg onload=alert(1)>": FieldCounts(8, 0),
                "名前": FieldCounts(6, 1),
                "only_a": FieldCounts(3, 0),
                "</style></title>": FieldCounts(0, 0),
            },
            breaks=20,
            amount="a|b",
            totals=(Total("</td>", Decimal("1E+3"), Decimal("-0.000000000000000000000000000001")),),
            timings={"<stage>": 0.0004},
        ),
        samples={
            "'\"><svg onload=alert(1)>": (
                Break(("1", "x|y"), "value", "'\"><svg onload=alert(1)>", evil, evil.upper()),
                Break(("2", ""), "value", "'\"><svg onload=alert(1)>", "a\x00b", "a\x00\x01b"),
                Break(("3", "\n"), "value", "'\"><svg onload=alert(1)>", "\x1b[31mred\x1b[0m", "red"),
                Break(("4", "\u202e"), "value", "'\"><svg onload=alert(1)>", "abc\u202edef", "abcdef"),
                Break(("5", "k" * 3000), "value", "'\"><svg onload=alert(1)>", LONG, LONG[:-3] + "yyy"),
                Break(("6", "z"), "value", "'\"><svg onload=alert(1)>", LONG + "1" + LONG, LONG + "2" + LONG),
                Break(("7", "w"), "value", "'\"><svg onload=alert(1)>", "{\n  \"a\": 1\n}", '{"a":1}'),
                Break(("8", "`"), "value", "'\"><svg onload=alert(1)>", "a|b `c` *d*", "a\\|b ``c`` **d**"),
            ),
            "名前": (
                Break(("日本", "1"), "value", "名前", "東京都千代田区", "東京都港区"),
                Break(("e\u0301", "2"), "value", "名前", "cafe\u0301", "cafe"),
                Break(("z", "3"), "value", "名前", "z" + "\u0301" * 40, "z"),
                Break(("👩‍👧", "4"), "value", "名前", "👩‍👧 ok", "👩 ok"),
                Break(("\u0301", "5"), "value", "名前", "\u0301", "\ud800"),
                Break(("6", "6"), "value", "名前", "‹null›", None),
                Break(("7", "7"), "value", "名前", "", " "),
            ),
            "only_a": (Break(("1", "1"), "value", "only_a", "שלום", "שלום עולם"),),
            "kinds": (Break(("9", "\x07\x08"), "only_a"), Break(("10", "<b>"), "duplicate_a")),
        },
        rejects=(
            Reject("b", "<b>.csv", 7, "\x00\x1b[2J," + "é" * 100_000, "not UTF-8: byte 0xff | at <3>"),
            Reject("b", "x" * 300, None, "", "empty"),
        ),
        notes=("1. not a list", "- <script>alert(1)</script> @everyone www.example.test http://example.test",
               "word " * 60 + "w" * 300),
    )  # fmt: skip


def clean() -> Report:
    """Two equal sides."""
    return Report(
        title="positions.parquet ≡ positions_copy.parquet",
        a=SideInfo("positions.parquet", "positions.parquet"),
        b=SideInfo("positions_copy.parquet", "copies/positions_copy.parquet"),
        key=("account", "isin"),
        fields=(FieldInfo("quantity", "integer"), FieldInfo("price", "decimal(18,6)", "within 0.000001")),
        summary=Summary(
            rows=RowCounts(a=50_000, b=50_000, matched=50_000, equal=50_000, different=0, only_a=0, only_b=0),
            fields={"quantity": FieldCounts(0, 0), "price": FieldCounts(0, 0)},
            breaks=0,
            timings={"compare": 0.08, "report": 0.002},
        ),
        notes=("The key account, isin was inferred.",),
    )


def empty() -> Report:
    """Two sides without a row."""
    return Report(
        title="nothing",
        a=SideInfo("a.csv", "a.csv"),
        b=SideInfo("b.csv", "b.csv"),
        key=(),
        fields=(),
        summary=Summary(
            rows=RowCounts(a=0, b=0, matched=0, equal=0, different=0, only_a=0, only_b=0), fields={}, breaks=0
        ),
    )


def gated() -> Report:
    """A run of trades through a gate, into a store, with a failed check and a rejected record."""
    return Report(
        title="fx_trades",
        a=SideInfo("front_office", "data/front_office_2026-11-20.csv"),
        b=SideInfo("back_office", "data/back_office/*.parquet"),
        key=("trade_id",),
        business_date="2026-11-20",
        fields=(FieldInfo("notional", "decimal(18,2)", "within 0.01"), FieldInfo("counterparty", "string")),
        summary=Summary(
            rows=RowCounts(
                a=10_003, b=10_001, matched=10_000, equal=9_700, different=300, only_a=3, only_b=1
            ),
            fields={"notional": FieldCounts(100, 7), "counterparty": FieldCounts(200, 0)},
            breaks=317,
            decisions={"passed": 190, "review": 122, "rejected": 5},
            records={"passed": 9_880, "review": 119, "rejected": 5},
            timings={"decide": 0.2},
        ),
        samples={
            "notional": (
                Break(("T-1",), "value", "notional", "1.00", "2.00", "UNKNOWN", None, "review", "take_a"),
                Break(("T-2",), "value", "notional", "3.00", "-3.00", "SIGN_ERROR",
                      None, "rejected", "take_a"),
            ),
            "counterparty": (
                Break(("T-3",), "value", "counterparty", "ACME", "Acme", "FORMAT",
                      "the same text, written with different case", "passed", "take_b"),
            ),
            "only_a": (Break(("T-9",), "only_a", None, None, None, "UNKNOWN", None, "passed", "exclude"),),
            "check": (
                Break(("T-5",), "check", "counterparty", None, None, "CHECK_FAILED",
                      "counterparty is null", "review", None, "not_null(counterparty)"),
                Break(("T-6",), "check", "notional", None, None, "CHECK_FAILED",
                      "notional is -7.00, less than 0", "review", None, "range(notional, min=0)"),
                Break(("T-7",), "check", "notional", None, None, "CHECK_FAILED",
                      "notional is -8.00, less than 0", "review", None, "range(notional, min=0)"),
            ),
        },
        reasons={"UNKNOWN": 120, "FORMAT": 180, "CHECK_FAILED": 13, "SIGN_ERROR": 4},
        gate=GateInfo(
            failed_checks=(("not_null(counterparty)", 1), ("range(notional, min=0)", 12)),
            stored={
                "counterparty": Stored(inserted=2, unchanged=318),
                "trade": Stored(inserted=210, updated=40, removed=6, unchanged=9_627, pending=77),
            },
            table="trade",
        ),
        run=1_204,
    )  # fmt: skip


def held() -> Report:
    """A run of which a check of the whole input holds every record back."""
    short = Break((), "check", None, None, None, "CHECK_FAILED",
                  "2 rows, fewer than 10", "review", None, "row_count(min=10)")  # fmt: skip
    return Report(
        title="short",
        a=SideInfo("a.csv", "a.csv"),
        b=SideInfo("b.csv", "b.csv"),
        key=("id",),
        fields=(FieldInfo("x", "integer"),),
        summary=Summary(
            rows=RowCounts(a=2, b=2, matched=2, equal=2, different=0, only_a=0, only_b=0),
            fields={"x": FieldCounts(0, 0)},
            breaks=1,
            decisions={"passed": 0, "review": 1, "rejected": 0},
            records={"passed": 0, "review": 2, "rejected": 0},
        ),
        samples={"check": (short,)},
        reasons={"CHECK_FAILED": 1},
        gate=GateInfo(failed_checks=(("row_count(min=10)", 1),), holds_all=True, table="x"),
        run=7,
    )
