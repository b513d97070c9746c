"""Decisions of persons: what they change, how long they hold, and what the gate may not overrule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from storeshop import FIRST, One, Shop, open_shop

from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import UsageError
from greenai.store import breaks, decisions, runs

NEXT = FIRST + timedelta(10)


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def review(shop: Shop, one: One | list[One], outcome: Any = "passed", day: date = FIRST, **more: Any) -> None:
    """A person decides; the publication is the shop's last."""
    with shop.connection.transaction():
        runs.lock_recon(shop.connection, shop.saved.recon_id)
        publication, _ = runs.publication(shop.connection, shop.runs[-1], "review")
        decisions.review(
            shop.connection,
            shop.saved.recon_id,
            day,
            [each.identity for each in (one if isinstance(one, list) else [one])],
            outcome=outcome,
            publication_id=publication,
            **{"actor": "ann", **more},
        )
    shop.publications.append(publication)


def earlier(shop: Shop, day: date, folder: Path) -> list[dict[str, Any]]:
    found = decisions.earlier_decisions(shop.connection, shop.engine, shop.saved.recon_id, day, folder)
    return [] if found is None else shop.engine.arrow(found).to_pylist()


def outcomes(shop: Shop, day: date, known: int = 2**62) -> dict[str, tuple[str, str]]:
    return {key: value[3:5] for (key, _), value in shop.at(day, known).items()}


def test_a_decision_holds_while_the_version_does(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, [One("k1", value_b=""), One("k2")])
    assert earlier(shop, FIRST, tmp_path) == []
    review(shop, One("k1"), resolution="take_value", value="7\0", comment="as agreed")
    expected = {
        "break_id": One("k1").identity,
        **{"value_a": "1", "value_b": "", "reason": "UNKNOWN", "explanation": None},
        "content": None,
        **{"decision": "passed", "resolution": "take_value", "value": "7␀", "decided_by": "ann"},
    }
    assert earlier(shop, FIRST, tmp_path) == [expected]
    assert earlier(shop, NEXT, tmp_path) == [expected]
    assert earlier(shop, FIRST - timedelta(1), tmp_path) == []
    shop.publish(NEXT, [One("k1", value_b="3"), One("k2")])
    assert earlier(shop, NEXT, tmp_path) == []
    assert earlier(shop, FIRST, tmp_path) == [expected]


@pytest.mark.parametrize("later", [False, True])
def test_decisions_are_asked_of_some_breaks_alone(shop: Shop, tmp_path: Path, later: bool) -> None:
    shop.publish(FIRST, [One("k1"), One("k2"), One("k3")])
    review(shop, [One("k1"), One("k2")])
    if later:
        shop.publish(NEXT, [])
    asked = [One("k2").identity, One("k3").identity]
    given = (shop.connection, shop.engine, shop.saved.recon_id, FIRST, tmp_path)
    found = decisions.earlier_decisions(*given, asked)
    assert found is not None
    assert [row["break_id"] for row in shop.engine.arrow(found).to_pylist()] == [One("k2").identity]
    assert decisions.earlier_decisions(*given, asked[1:]) is None
    assert decisions.earlier_decisions(*given, []) is None


def test_the_latest_decision_counts_and_the_earlier_is_still_known(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, [One("k1")])
    review(shop, One("k1"))
    review(shop, One("k1"), "rejected", actor="bob")
    assert [(one["decision"], one["decided_by"]) for one in earlier(shop, FIRST, tmp_path)] == [
        ("rejected", "bob")
    ]
    assert [outcomes(shop, FIRST, known)["k1"] for known in shop.publications] == [
        ("review", "gate"),
        ("passed", "ann"),
        ("rejected", "bob"),
    ]


@pytest.mark.parametrize("repeat", [One("k1"), One("k1", decision="passed", by="ann")])
@pytest.mark.parametrize("day", [FIRST, NEXT])
def test_the_gate_does_not_overrule_a_person_on_the_same_version(shop: Shop, repeat: One, day: date) -> None:
    shop.publish(FIRST, [One("k1")])
    review(shop, One("k1"))
    assert shop.publish(day, [repeat]) == breaks.Published(0, 0, 0, 1)
    assert outcomes(shop, day) == {"k1": ("passed", "ann")}


def test_a_decision_that_another_version_inherits_is_a_persons_too(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, [One("k1")])
    review(shop, One("k1"))
    shop.publish(FIRST, [One("k1", value_a="9", decision="passed", by="ann")])
    assert outcomes(shop, FIRST) == {"k1": ("passed", "ann")}
    assert [one["value_a"] for one in earlier(shop, FIRST, tmp_path)] == ["9"]


@pytest.mark.parametrize("day", [FIRST, NEXT])
def test_a_refusal_keeps_its_rule_and_words_around_an_unchanged_value(shop: Shop, day: date) -> None:
    shop.publish(FIRST, [One("k1", explanation="3 like it"), One("k2")])
    review(shop, One("k1"), "rejected", comment="not ours")
    again = [One("k1", explanation="4 like it", decision="rejected", by="ann"), One("k2")]
    assert shop.publish(day, again) == breaks.Published(0, 1, 0, 1)
    found = shop.connection.execute(
        "SELECT explanation, outcome, rule, comment FROM greenai.decided_at(%s, %s, 1::bigint << 62) "
        "ORDER BY explanation",
        [shop.saved.recon_id, day],
    ).fetchall()
    assert found == [("4 like it", "rejected", "refused", "not ours"), (None, "review", "default", None)]


def test_a_late_run_keeps_the_decisions_of_later_dates(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, [One("k1"), One("k2")])
    shop.publish(NEXT, [One("k1"), One("k2")])
    review(shop, One("k1"), "rejected", day=NEXT, comment="never")
    before = shop.at(NEXT)
    shop.publish(FIRST, [One("k1", value_a="8")])
    assert shop.at(NEXT) == before
    assert [one["decision"] for one in earlier(shop, NEXT, tmp_path)] == ["rejected"]
    assert earlier(shop, FIRST, tmp_path) == []


def test_every_decision_of_a_person_is_in_the_audit(shop: Shop) -> None:
    shop.publish(FIRST, [One("k1"), One("k2")])
    review(shop, [One("k1"), One("k2")], comment="both")
    ((actor, action, subject, details),) = shop.connection.execute(
        "SELECT a.name, e.action, e.subject, e.details "
        "FROM greenai.audit_event e JOIN greenai.actor a USING (actor_id) WHERE e.action <> 'publish'"
    ).fetchall()
    assert (actor, action, subject) == ("ann", "decide", "trades")
    assert details["breaks"] == sorted(one.identity for one in (One("k1"), One("k2")))
    assert (details["outcome"], details["comment"]) == ("passed", "both")


def test_a_decision_about_what_is_not_there_is_refused_and_nothing_is_decided(shop: Shop) -> None:
    shop.publish(FIRST, [One("k1"), One("k2")])
    shop.publish(NEXT, [One("k1")])
    with pytest.raises(UsageError, match="1 of 2 breaks are not present"):
        review(shop, [One("k1"), One("k2")], day=NEXT)
    assert outcomes(shop, NEXT) == {"k1": ("review", "gate")}


@pytest.mark.parametrize(
    "wrong", [{"actor": "gate"}, {"actor": ""}, {"value": "1"}, {"resolution": "take_value"}]
)
def test_a_decision_that_says_nothing_clear_is_refused(shop: Shop, wrong: Any) -> None:
    shop.publish(FIRST, [One("k1")])
    with pytest.raises(UsageError):
        review(shop, One("k1"), **wrong)


def test_without_a_resolution_the_one_that_holds_stays(shop: Shop, tmp_path: Path) -> None:
    shop.publish(FIRST, [One("k1")])
    review(shop, One("k1"), resolution="take_value", value="5")
    review(shop, One("k1"), actor="bob")
    (held,) = earlier(shop, FIRST, tmp_path)
    assert (held["resolution"], held["value"]) == ("take_value", "5")
    review(shop, One("k1"), resolution="take_b")
    (held,) = earlier(shop, FIRST, tmp_path)
    assert (held["resolution"], held["value"]) == ("take_b", None)
