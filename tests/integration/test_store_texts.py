"""Texts of every kind come back from the store as they were given; only NUL is written as its sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from storeshop import FIRST, One, Shop, open_shop

from greenai.engines.duckdb import DuckDBEngine
from greenai.store import breaks

TEXTS = [
    "",
    " ",
    "NULL",
    "\\N",
    "\\.",
    "x\n\\.\ny",
    'say "hi", she said',
    "'; DROP TABLE greenai.run; --",
    "a\tb\r\nc",
    "\\u0000",
    "\\\\u0000",
    "%s %(day)s {day}",
    "\u202e\ufeff\U0001f600e\u0301",
    "\x01\x02\x7f",
    "long " * 20_000,
]


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def stored(shop: Shop) -> list[Any]:
    found: list[Any] = shop.connection.execute(
        "SELECT r.key ->> 0, d.field, d.value_a, d.value_b, d.explanation, v.row_a ->> 'x' "
        "FROM greenai.decided_at(1, %s, 99) d JOIN greenai.record r USING (record_id) "
        "JOIN greenai.record_version v USING (record_id)",
        [FIRST],
    ).fetchall()
    return sorted(found)


def broken(text: str) -> One:
    import json

    return One(
        "k" + text,
        "f" + text,
        value_a=text,
        value_b=None,
        explanation=text,
        row=json.dumps({"x": text}, ensure_ascii=False),
    )


def test_every_text_comes_back_as_it_was(shop: Shop) -> None:
    found = [broken(text) for text in TEXTS]
    assert shop.publish(FIRST, found) == breaks.Published(len(TEXTS), 0, 0, 0)
    assert stored(shop) == sorted(("k" + text, "f" + text, text, None, text, text) for text in TEXTS)
    assert shop.publish(FIRST, found) == breaks.Published(0, 0, 0, len(TEXTS))


def test_nul_becomes_its_sign_and_stays_the_same(shop: Shop) -> None:
    found = [broken("a\0b\0\0\\u0000")]
    for expected in (breaks.Published(1, 0, 0, 0), breaks.Published(0, 0, 0, 1)):
        assert shop.publish(FIRST, found) == expected
    shown = "a␀b␀␀\\u0000"
    assert stored(shop) == [("k" + shown, "f" + shown, shown, None, shown, shown)]


def test_another_key_version_gives_other_identities(engine: DuckDBEngine, relation: Any) -> None:
    table = relation(break_id=["0" * 32, "1" * 32], other=[1, 2])
    first = engine.rows(breaks.identified(table, 1))
    assert first == [("0" * 32, 1), ("1" * 32, 2)]
    found = {
        version: dict(engine.rows(breaks.identified(table, version)[["other", "break_id"]]))
        for version in (1, 2, 3)
    }
    identities = {one for by_row in found.values() for one in by_row.values()}
    assert len(identities) == 6
    assert all(len(one) == 32 for one in identities)
