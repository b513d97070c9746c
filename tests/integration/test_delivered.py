"""A record as its sources delivered it, beside what the store says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bffdesk import Desk
from operationsdesk import TODAY, Staff, feed

RAW = """recon: fx_trades
sources:
  a: {system: front, location: "connection://feeds/front_{business_date}.csv"}
  b: {system: back, location: "connection://feeds/back_{business_date}.csv"}
key: [id]
fields:
  id: {type: string, a: {column: "Trade Id", normalise: [strip, upper]}, b: {column: ref}}
  amount: {type: "decimal(18,2)", a: {column: Amount, normalise: [{remove: ","}]}, b: {column: amt}}
  doubled: {type: "decimal(18,2)", a: {expression: "Fee + Fee"}, b: {column: fee2}}
"""
FRONT = 'Trade Id,Amount,Fee,Desk\n" t1 ","1,234.50",1.5,north\nT2,7.00,2.0,\nT3,5.00,1,x\n'
BACK = "ref,amt,fee2,Place\nT1,1234.56,3.00,Ö\nT3,5.00,9.00,y\n"


@pytest.fixture
def staff(desk: Desk, tmp_path: Path) -> Staff:
    made = Staff.come(desk, tmp_path / "feeds")
    made.feeds.mkdir()
    made.connect()
    return made


def told(staff: Staff, day: date = TODAY, front: str = FRONT, back: str = BACK) -> None:
    (staff.feeds / f"front_{day}.csv").write_text(front)
    (staff.feeds / f"back_{day}.csv").write_text(back)


def listed(staff: Staff) -> dict[tuple[str, str | None], str]:
    """The breaks that are present, by key and field."""
    items = staff.ann.get("/recons/fx_trades/breaks").json()["items"]
    return {(one["key"][0], one["field"]): one["break_id"] for one in items}


def asked(staff: Staff, found: str) -> Any:
    return staff.ann.get(f"/recons/fx_trades/breaks/{found}/delivered")


def test_raw_texts_stand_beside_what_was_made_of_them(staff: Staff) -> None:
    told(staff)
    staff.lead(RAW)
    run = staff.run()
    breaks = listed(staff)
    answer = asked(staff, breaks["T1", "amount"])
    assert answer.status_code == 200, answer.text
    a, b = answer.json()["a"], answer.json()["b"]
    assert (a["run"], a["business_date"]) == (run["run"], TODAY.isoformat())
    [row] = a["rows"]
    assert [(one["column"], one["text"], one["fields"]) for one in row[:4]] == [
        ("Trade Id", " t1 ", ["id"]),
        ("Amount", "1,234.50", ["amount"]),
        ("Fee", "1.5", []),
        ("Desk", "north", []),
    ]
    [other] = b["rows"]
    assert [one["text"] for one in other[:4]] == ["T1", "1234.56", "3.00", "Ö"]


def test_a_side_without_a_row_is_null(staff: Staff) -> None:
    told(staff)
    staff.lead(RAW)
    staff.run()
    document = asked(staff, listed(staff)["T2", None]).json()
    assert document["b"] is None
    assert document["a"]["rows"][0][3] == {"column": "Desk", "text": None, "fields": []}


def test_a_key_that_repeats_has_all_its_rows(staff: Staff) -> None:
    told(staff, front=FRONT + "T3,6.00,1,x\n")
    staff.lead(RAW)
    staff.run()
    breaks = listed(staff)
    document = asked(staff, breaks["T3", None]).json()
    assert sorted(row[1]["text"] for row in document["a"]["rows"]) == ["5.00", "6.00"]


def test_a_file_that_changed_since_is_not_passed_off_as_what_was_read(staff: Staff) -> None:
    told(staff)
    staff.lead(RAW)
    staff.run()
    breaks = listed(staff)
    (staff.feeds / f"back_{TODAY}.csv").write_text(BACK.replace("1234.56", "1234.57"))
    answer = asked(staff, breaks["T1", "amount"])
    assert answer.status_code == 409, answer.text
    document = answer.json()
    assert "side b" in document["detail"]
    assert "run again" in document["remedy"]
    assert str(staff.feeds) not in answer.text
    assert "connection://feeds" in answer.text


def test_a_file_that_is_gone_is_named_without_its_folder(staff: Staff) -> None:
    told(staff)
    staff.lead(RAW)
    staff.run()
    breaks = listed(staff)
    (staff.feeds / f"front_{TODAY}.csv").unlink()
    answer = asked(staff, breaks["T1", "amount"])
    assert answer.status_code in {404, 422}, answer.text
    assert f"front_{TODAY}.csv" in answer.text
    assert str(staff.feeds) not in answer.text


def test_a_row_that_was_carried_is_found_on_the_date_it_came(staff: Staff) -> None:
    flow = RAW.replace("key: [id]", "key: [id]\npopulation: flow")
    before = date(2026, 11, 19)
    told(staff, before)
    staff.lead(flow)
    first = staff.run(before)
    told(staff, front="Trade Id,Amount,Fee,Desk\nT9,1.00,1,z\n", back="ref,amt,fee2,Place\nT9,2.00,2.00,z\n")
    second = staff.run()
    breaks = listed(staff)
    assert asked(staff, breaks["T2", None]).json()["a"]["run"] == first["run"]
    assert asked(staff, breaks["T9", "amount"]).json()["a"]["run"] == second["run"]


def test_files_of_no_connection_are_not_read(desk: Desk, tmp_path: Path) -> None:
    import greenai

    feed(tmp_path, TODAY)
    (tmp_path / "recon.yaml").write_text(
        "recon: fx_trades\nsources:\n  a: {location: 'front_{business_date}.csv'}\n"
        "  b: {location: 'back_{business_date}.csv'}\nkey: [id]\nfields:\n  id: {type: string}\n"
        '  amount: {type: "decimal(18,2)"}\n'
    )
    url = desk.settings.database_url
    with greenai.run(tmp_path / "recon.yaml", business_date=TODAY.isoformat(), store=url):
        pass
    staff = Staff.come(desk, tmp_path)
    answer = asked(staff, next(iter(listed(staff).values())))
    assert answer.status_code == 422, answer.text
    assert "no connection" in answer.json()["detail"]
    assert str(tmp_path) not in answer.text


def test_a_break_that_is_not_there_is_not_found(staff: Staff) -> None:
    told(staff)
    staff.lead(RAW)
    staff.run()
    assert asked(staff, "0" * 32).status_code == 404
