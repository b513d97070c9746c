"""What nothing explains: UNKNOWN, with a reason why, in few groups that last across runs."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import greenai
from greenai.store.database import connect

ROWS = 8_000
DEFINITION = """
recon: odd
sources: {a: {location: a.csv}, b: {location: b.csv}}
key: [id]
fields:
  id: {type: integer}
  ref: {type: string}
  token: {type: string}
  price: {type: "decimal(18,2)"}
  qty: {type: integer}
context: [desk]
"""


def write(folder: Path, *, seed: int) -> Path:
    """References with their digits reversed, hashes, random prices in one desk, two odd quantities."""
    draw = random.Random(seed)
    a, b = ["id,desk,ref,token,price,qty"], ["id,desk,ref,token,price,qty"]
    for number in range(ROWS):
        desk = draw.choice(("LDN", "NYC", "TKO", "PAR"))
        ref = str(draw.randrange(10**7, 10**8))
        token = f"{draw.choice(('alpha', 'Bravo', 'charlie'))}{draw.randrange(10**6)}"
        price = draw.randrange(100, 10**7) / 100
        other = draw.randrange(100, 10**7) / 100 if desk == "PAR" and draw.random() < 0.5 else price
        hashed = hashlib.md5(token.encode()).hexdigest() if number % 7 == 0 else token
        quantity = number * 7 + 3 if number in (10, 20) else number
        a.append(f"{number},{desk},{ref},{token},{price},{number}")
        b.append(f"{number},{desk},{ref[::-1] if number % 5 == 0 else ref},{hashed},{other},{quantity}")
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_text("\n".join(a) + "\n")
    (folder / "b.csv").write_text("\n".join(b) + "\n")
    (folder / "recon.yaml").write_text(DEFINITION)
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("odd"), seed=3)
    with greenai.run(folder / "recon.yaml", store="none") as run:
        run.write(folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text())
    return found


def test_what_the_grammar_has_no_word_for_is_unknown_and_never_confident(out: Path) -> None:
    breaks = pq.read_table(out / "breaks.parquet").to_pylist()
    odd = [one for one in breaks if one["field"] in ("ref", "token", "price", "qty")]
    assert len(odd) == len(breaks)
    assert {one["reason"] for one in odd} == {"UNKNOWN"}
    assert {one["functional"] for one in odd} == {None}
    assert {one["confidence"] for one in odd} == {None}
    assert {one["cause_id"] for one in odd} == {None}


def test_every_break_is_in_one_group_and_groups_add_up(out: Path, summary: dict[str, Any]) -> None:
    breaks = pq.read_table(out / "breaks.parquet").to_pylist()
    counted = Counter(one["group_id"] for one in breaks)
    groups = pq.read_table(out / "groups.parquet").to_pylist()
    assert {one["group_id"]: one["breaks"] for one in groups} == counted
    assert groups == summary["unexplained"]
    by_id = {one["group_id"]: one for one in groups}
    assert all(one["explanation"] == by_id[one["group_id"]]["why"] for one in breaks)


def test_groups_are_few_and_say_what_their_breaks_look_like(summary: dict[str, Any]) -> None:
    fields = Counter(one["field"] for one in summary["unexplained"])
    assert fields["ref"] == 1
    assert fields["token"] <= 3
    assert fields["price"] <= 20
    (ref,) = (one for one in summary["unexplained"] if one["field"] == "ref")
    assert ref["shape"] == "the same characters backwards"
    assert ref["breaks"] >= ROWS / 5 - 10
    hashed = sum(one["breaks"] for one in summary["unexplained"] if "hexadecimal" in one["shape"])
    assert hashed >= 0.9 * summary["fields"]["token"]["different"]


def test_a_large_group_is_divided_where_the_context_tells(summary: dict[str, Any]) -> None:
    sliced = {one["slice"] for one in summary["unexplained"] if one["slice"]}
    assert sliced == {"desk = 'PAR'"}
    assert {one["field"] for one in summary["unexplained"] if one["slice"]} == {"price"}


def test_too_few_differences_are_said_to_be_too_few(summary: dict[str, Any]) -> None:
    (few,) = (one for one in summary["unexplained"] if one["field"] == "qty")
    assert few["breaks"] == 2
    assert few["why"].startswith("too few differences of qty to tell a cause from chance (2; at least 5")


def test_what_was_tried_and_refused_is_told_with_its_numbers(tmp_path: Path) -> None:
    draw = random.Random(5)
    a, b = ["id,amount"], ["id,amount"]
    for number in range(2_000):
        amount = draw.randrange(100, 10**6)
        other = draw.randrange(100, 10**6) if number % 20 == 0 else amount
        # Ten of a hundred differences have a pattern: too few of them to be a cause.
        a.append(f"{number},{amount}")
        b.append(f"{number},{amount * 100 if number % 200 == 0 else other}")
    (tmp_path / "a.csv").write_text("\n".join(a) + "\n")
    (tmp_path / "b.csv").write_text("\n".join(b) + "\n")
    (tmp_path / "recon.yaml").write_text(
        "recon: odd\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: [id]\n"
        "fields: {id: {type: integer}, amount: {type: integer}}\n"
    )
    with greenai.run(tmp_path / "recon.yaml", store="none") as run:
        told = run.summary.as_dict()
    assert told["causes"] == []
    assert sum(one["breaks"] for one in told["unexplained"]) == 100
    (why,) = {one["why"] for one in told["unexplained"]}
    assert why.endswith(
        "; the best that was tried, b = a * 100, holds for 10 of the 100 differences left, and was refused"
    )


def test_groups_are_the_same_in_another_run(tmp_path: Path, summary: dict[str, Any]) -> None:
    folder = write(tmp_path / "other", seed=4)
    with greenai.run(folder / "recon.yaml", store="none") as run:
        other = run.summary.as_dict()["unexplained"]
    (ref,) = (one for one in other if one["field"] == "ref")
    assert ref["group_id"] in {one["group_id"] for one in summary["unexplained"]}


def test_exceptions_of_a_cause_are_a_group_of_their_own(tmp_path: Path) -> None:
    draw = random.Random(8)
    a, b = ["id,ccy,amount"], ["id,ccy,amount"]
    wrong = {37, 777}
    for number in range(2_000):
        currency, amount = draw.choice(("JPY", "EUR", "USD")), draw.randrange(100, 10**6)
        currency = "JPY" if number in wrong else currency
        theirs = amount + 13 if number in wrong else amount * 100 if currency == "JPY" else amount
        a.append(f"{number},{currency},{amount}")
        b.append(f"{number},{currency},{theirs}")
    (tmp_path / "a.csv").write_text("\n".join(a) + "\n")
    (tmp_path / "b.csv").write_text("\n".join(b) + "\n")
    (tmp_path / "recon.yaml").write_text(
        "recon: scaled\nsources: {a: {location: a.csv}, b: {location: b.csv}}\nkey: [id]\n"
        "fields: {id: {type: integer}, amount: {type: integer}}\ncontext: [ccy]\n"
    )
    with greenai.run(tmp_path / "recon.yaml", store="none") as run:
        run.write(tmp_path / "out")
        found = run.summary.as_dict()["unexplained"]
    (group,) = found
    assert group["breaks"] == 2
    assert "an exception of b = a * 100 where ccy = 'JPY'" in group["why"]
    odd = [one for one in pq.read_table(tmp_path / "out" / "breaks.parquet").to_pylist() if one["group_id"]]
    assert {json.loads(one["key"])[0] for one in odd} == {str(number) for number in wrong}
    for one in odd:
        off = abs(int(one["value_a"]) * 100 - int(one["value_b"]))
        wanted = f"expected {int(one['value_a']) * 100}, found {one['value_b']}, off by {off}"
        assert one["explanation"] == f"{group['why']}: {wanted}"


def test_reports_show_groups_with_examples(out: Path) -> None:
    page = (out / "report.html").read_text()
    assert "Not explained" in page
    assert "the same characters backwards" in page


def test_a_store_keeps_groups_and_which_breaks_are_in_them(tmp_path: Path, postgres_url: str) -> None:
    folder = write(tmp_path / "odd", seed=5)
    with greenai.run(folder / "recon.yaml", business_date="2026-01-05", store=postgres_url) as run:
        told = run.summary.as_dict()["unexplained"]
        number = run.run_id
    assert number is not None
    shown = greenai.show(number, store=postgres_url)
    assert [one.as_dict() for one in shown.unexplained] == told
    with connect(postgres_url) as connection:
        stored = connection.execute(
            "SELECT group_id, count(*) FROM greenai.attribution WHERE group_id IS NOT NULL GROUP BY 1"
        ).fetchall()
    assert {identity.hex: n for identity, n in stored} == {one["group_id"]: one["breaks"] for one in told}


def test_without_a_search_nothing_is_grouped(tmp_path: Path) -> None:
    folder = write(tmp_path / "odd", seed=6)
    with greenai.run(folder / "recon.yaml", store="none", causes=False) as run:
        assert run.summary.as_dict()["unexplained"] == []
