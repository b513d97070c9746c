"""Exports of filtered lists: the rows of the list, exact, safe to open, and never half of them unnoticed."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bffdesk import Desk
from publishing_desk import Desk as Recon
from python_calamine import CalamineWorkbook
from workdesk import WorkDesk

HARD = '=cmd|" /C calc"!A0'
FIELDS = {
    "id": {"type": "string"},
    "amount": {"type": "decimal(38,2)"},
    "currency": {"type": "string"},
    "note": {"type": "string"},
}
A = [
    ("=1+1", "100.50", "EUR", "plain"),
    ("@sum", "-7.25", "USD", HARD),
    ("k3", "123456789012345678901.05", "EUR", "-12.50"),
    ("k4", None, None, 'comma, "quote"\nline'),
    ("k5", "5.00", "GBP", "+44 20 7946 0000"),
]
B = [
    ("=1+1", "100.51", "EUR", "plain"),
    ("@sum", "-7.20", "USD", "\tother"),
    ("k3", "123456789012345678901.06", "EUR", "12.50"),
    ("k4", "1.00", "EUR", "x"),
    ("k5", "6.00", "GBP", "044"),
]


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> WorkDesk:
    assert desk.settings.database_url is not None
    recon = Recon(
        tmp_path,
        desk.settings.database_url,
        {
            "key": ["id"],
            "fields": FIELDS,
            "store": {"table": "trade"},
            "amount": {"field": "amount", "currency": "currency"},
        },
    )
    recon.run("2026-01-06", A, B)
    return WorkDesk(desk, recon)


def exported(person: httpx.Client, **params: Any) -> httpx.Response:
    answer = person.get("/recons/trades/breaks/export", params=params)
    assert answer.status_code == 200, answer.text
    return answer


def slowly(person: httpx.Client, rows: int, columns: list[str]) -> None:
    """Take an export so slowly that something can happen meanwhile."""
    params = {"format": "csv", "columns": columns}
    with person.stream("GET", "/recons/trades/breaks/export", params=params) as got:
        assert int(got.headers["x-total-rows"]) == rows
        for _ in got.iter_raw():
            time.sleep(0.002)


def test_every_format_has_the_rows_of_the_list_exactly(work: WorkDesk, tmp_path: Path) -> None:
    ann = work.person("ann")
    listed = ann.get("/recons/trades/breaks", params={"sort": "key", "limit": 500}).json()["items"]
    shown = [
        (one["break_id"], one["key"][0], one["value_a"], one["value_b"], one["amount"]) for one in listed
    ]
    columns = ["break_id", "key", "value_a", "value_b", "amount", "due_at", "first_date", "age_days"]
    given = {"sort": "key", "columns": columns}
    assert {one[0] for one in shown} == set(work.breaks())
    assert len(shown) == 10

    jsonl = exported(ann, format="json", **given)
    rows = [json.loads(line) for line in jsonl.text.splitlines()]
    assert [tuple(row[name] for name in columns[:5]) for row in rows] == shown
    assert jsonl.headers["x-total-rows"] == "10"
    assert rows[0]["first_date"] == "2026-01-06"

    parquet = pq.read_table(io.BytesIO(exported(ann, format="parquet", **given).content))
    assert parquet.schema.field("amount").type == pa.decimal128(38, 2)
    assert [
        (*row[:4], None if row[4] is None else str(row[4]))
        for row in zip(*(parquet[name].to_pylist() for name in columns[:5]), strict=True)
    ] == shown

    text = exported(ann, format="csv", **given)
    read = list(csv.DictReader(io.StringIO(text.content.decode(), newline="")))
    assert [(row["break_id"], row["amount"] or None) for row in read] == [(one[0], one[4]) for one in shown]
    assert 'filename="trades-breaks.csv"' in text.headers["content-disposition"]

    book = exported(ann, format="xlsx", **given)
    assert int(book.headers["content-length"]) == len(book.content)
    (tmp_path / "x.xlsx").write_bytes(book.content)
    head, *cells = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python()
    assert head == columns
    assert [row[0] for row in cells] == [one[0] for one in shown]
    assert [row[2] or None for row in cells] == [one[2] for one in shown]
    # A number where a spreadsheet keeps all digits, a text where it would not.
    assert {100.5, -7.25, "123456789012345678901.05"} <= {row[4] for row in cells}


def test_texts_that_spreadsheets_take_for_formulas_are_texts(work: WorkDesk) -> None:
    ann = work.person("ann")
    columns = ["key", "value_a", "value_b", "amount"]
    text = exported(ann, format="csv", columns=columns, sort="key").content.decode()
    cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
    assert {"'=1+1", "'@sum", "'" + HARD, "'\tother", "'+44 20 7946 0000", "-12.50", "-7.25"} <= cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r", "+"))]

    import zipfile

    book = exported(ann, format="xlsx", columns=columns, sort="key").content
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "=1+1" in sheet


def test_the_filter_is_that_of_the_list_and_what_is_odd_is_refused(work: WorkDesk) -> None:
    ann = work.person("ann")
    for chosen in ({"field": "note"}, {"currency": "EUR"}, {"min_amount": "50"}, {"search": "k"}):
        rows = exported(ann, format="json", columns=["break_id"], **chosen).text.splitlines()
        listed = ann.get("/recons/trades/breaks", params=chosen).json()["items"]
        assert [json.loads(row)["break_id"] for row in rows] == [one["break_id"] for one in listed]
    assert exported(ann, format="csv", search="nothing").text.count("\r\n") == 1
    assert exported(ann, format="json", search="nothing").text == ""
    assert pq.read_table(io.BytesIO(exported(ann, format="parquet", search="no").content)).num_rows == 0
    path = "/recons/trades/breaks/export"
    for odd in ({"format": "exe"}, {"columns": "password_hash"}, {"sort": "1;drop"}, {"state": "x"}):
        assert ann.get(path, params=odd).status_code == 422
    assert ann.get("/recons/no_such/breaks/export").status_code == 404
    assert work.person("eve", "analyst", recons=["trades"]).get(path).status_code == 200
    assert work.person("root", "administrator").get(path).status_code == 403


def test_what_left_is_in_the_audit_with_its_filter_and_rows(work: WorkDesk) -> None:
    ann = work.person("ann")
    exported(ann, format="csv", field="note")
    ((who, recon, began, *_),) = work.audited("export")
    deadline = time.monotonic() + 10
    while not work.audited("export_ended") and time.monotonic() < deadline:
        time.sleep(0.05)
    ((_, _, ended, *_),) = work.audited("export_ended")
    assert (who, recon, began["filter"]["field"], began["form"]) == ("ann", "trades", ["note"], "csv")
    assert (ended["rows"], ended["complete"]) == (4, True)


def test_a_database_that_goes_away_breaks_the_answer_off_and_the_client_notices(work: WorkDesk) -> None:
    many = 60_000
    with_breaks = [(f"m{n:06}", f"{n}.00", "EUR", "x" * 200) for n in range(many)]
    work.recon.run(
        "2026-01-07",
        with_breaks,
        [(key, f"{n + 1}.00", c, t) for n, (key, _, c, t) in enumerate(with_breaks)],
    )
    ann = work.person("ann")
    ended = []

    def kill() -> None:
        while not ended:
            for (_,) in work.recon.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE state = 'idle in transaction' AND query LIKE 'FETCH%greenai_export%'"
            ):
                return
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    columns = ["key", "value_a", "value_b", "reason", "explanation", "rule", "break_id", "amount", "state"]
    try:
        with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete chunked read|peer closed"):
            slowly(ann, many, columns)
    finally:
        ended.append(True)
        killer.join()
    # The connection and the place of the export are free again.
    for _ in range(5):
        assert exported(ann, format="json", search="m000001").text.count("\n") == 1


def test_a_client_that_goes_away_frees_what_its_export_held(work: WorkDesk) -> None:
    many = 30_000
    rows = [(f"m{n:06}", f"{n}.00", "EUR", "x") for n in range(many)]
    work.recon.run("2026-01-07", rows, [(key, f"{n + 1}.00", c, t) for n, (key, _, c, t) in enumerate(rows)])
    ann = work.person("ann")
    for _ in range(6):
        with ann.stream("GET", "/recons/trades/breaks/export", params={"format": "json"}) as got:
            assert got.status_code == 200
            next(got.iter_raw())
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        open_now = work.recon.ask(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            " AND query LIKE '%%greenai_export%%' AND datname = current_database()"
        )
        if open_now == [(0,)]:
            break
        time.sleep(0.1)
    assert open_now == [(0,)]
    assert exported(ann, format="json").text.count("\n") == many
    assert Decimal(exported(ann, format="json").headers["x-total-rows"]) == many
