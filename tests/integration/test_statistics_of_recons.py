"""Figures of dashboards: right, with filters that lead to their rows, from the cache and without it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import redis
from bffdesk import Desk
from workdesk import WorkDesk, open_work

from greenai.jobs.upkeep import tend
from greenai.store.database import connect


@pytest.fixture
def work(desk: Desk, tmp_path: Path) -> WorkDesk:
    return open_work(desk, tmp_path)


def tended(work: WorkDesk) -> list[str]:
    """Let the upkeep of the scheduler do everything that waits."""
    happened: list[str] = []
    with connect(work.recon.url, autocommit=True) as connection:
        for _ in range(5):
            tend(connection, lambda what, **_: happened.append(what))
    return happened


def figures(person: Any, what: str) -> dict[str, Any]:
    answer = person.get(f"/recons/trades/statistics/{what}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    assert datetime.fromisoformat(document["as_of"]).utcoffset() is not None
    return document


def rows_of(person: Any, chosen: dict[str, Any]) -> int:
    """How many rows the list has under a filter that came with a figure."""
    answer = person.get("/recons/trades/breaks/count", params=chosen)
    assert answer.status_code == 200, answer.text
    assert answer.json()["exact"]
    return int(answer.json()["count"])


def test_every_figure_leads_to_its_rows(work: WorkDesk) -> None:
    lead = work.person("lead", "manager")
    assert lead.post("/groups", json={"name": "fx", "members": ["lead"]}).status_code == 201
    one, two, three, *_ = work.breaks()
    for which, to in (([one], {"assignee": "lead"}), ([two, three], {"assignee": "lead", "group": "fx"})):
        body = {"selection": {"breaks": which}, **to}
        assert lead.post("/recons/trades/assignments", json=body).status_code == 201
    policies = [
        {"name": "old", "business_days": 0, "min_amount": "500"},
        {"name": "dollars", "business_days": 3660, "currency": "USD"},
    ]
    put = lead.put("/recons/trades/due-policies", json={"version": 0, "policies": policies})
    assert put.status_code == 200, put.text
    tended(work)

    everything = len(work.breaks())
    for what, part, count in (
        ("ageing", "bands", "breaks"),
        ("totals", "states", "breaks"),
        ("value-at-risk", "currencies", "breaks"),
        ("value-at-risk", "reasons", "breaks"),
        ("workload", "loads", "breaks"),
        ("backlog", "lines", "breaks"),
    ):
        lines = figures(lead, what)[part]
        for line in lines:
            assert rows_of(lead, line["filter"]) == line[count], (what, line)
        assert sum(line[count] for line in lines) == everything, what
    backlog = {line["due"]: line["breaks"] for line in figures(lead, "backlog")["lines"]}
    assert backlog["overdue"] > 0
    assert backlog["later"] > 0
    assert backlog["without"] > 0
    loads = {(one["person"], one["group"]): one["breaks"] for one in figures(lead, "workload")["loads"]}
    assert loads == {("lead", None): 1, ("lead", "fx"): 2, (None, None): everything - 3}
    overview = lead.get("/statistics/overview").json()["recons"]
    assert [(one["recon"], one["open"]) for one in overview] == [("other", 0), ("trades", everything)]
    assert rows_of(lead, overview[1]["filter"]) == overview[1]["open"]


def test_money_is_exact_and_a_record_counts_once(work: WorkDesk) -> None:
    ann = work.person("ann")
    risk = {one["currency"]: one for one in figures(ann, "value-at-risk")["currencies"]}
    euros = [Decimal(n * 100) + Decimal("0.50") for n in range(1, 13) if n % 2]
    assert Decimal(risk["EUR"]["value"]) == sum(euros)
    # Two of the six records have a break in the note too.
    assert (risk["EUR"]["records"], risk["EUR"]["breaks"]) == (6, 8)
    assert risk["GBP"]["largest"] == "5000000.00"
    sides = {one["currency"]: one for one in figures(ann, "totals")["sides"]}
    assert sides["GBP"]["net_difference"] == "-1.00"


def test_rates_of_runs_are_counted_once_as_they_were_published(work: WorkDesk) -> None:
    ann = work.person("ann")
    uncounted = figures(ann, "rates")["runs"]
    assert [one["breaks"] for one in uncounted] == [None, None]
    assert tended(work).count("run_tallied") == 2
    assert "run_tallied" not in tended(work)
    with redis.Redis.from_url(work.bff.settings.redis_url or "") as known:
        known.flushall()
    # The session went with the rest.
    later = work.bff.signed_in("ann")
    last, first = figures(later, "rates")["runs"]
    assert (first["business_date"], last["business_date"]) == ("2026-01-06", "2026-01-07")
    assert (first["records"], first["equal"], first["breaks"]) == (13, 1, 16)
    assert (last["records"], last["equal"], last["breaks"]) == (14, 1, 17)
    assert first["match_rate"] == f"{Decimal(1) / 13:.6f}"
    assert first["auto_pass_rate"] == "0.000000"


def test_without_redis_postgresql_answers_and_with_it_asks_less(work: WorkDesk) -> None:
    from greenai.jobs.figures import Figures

    asked: list[int] = []

    def compute() -> dict[str, Any]:
        asked.append(1)
        return {"as_of": "now", "n": len(asked)}

    with redis.Redis.from_url(work.bff.settings.redis_url or "") as known:
        here = Figures(known)
        assert [here.get(1, "x", compute)["n"] for _ in range(3)] == [1, 1, 1]
        known.set("greenai:figures:1:x", b"not ours")
        assert here.get(1, "x", compute)["n"] == 2
        known.flushall()
        assert here.get(1, "x", compute)["n"] == 3
    with redis.Redis(port=1, socket_connect_timeout=0.2) as nowhere:
        away = Figures(nowhere)
        assert [away.get(1, "x", compute)["n"] for _ in range(2)] == [4, 5]


def test_who_may_see_some_recons_sees_figures_of_those(work: WorkDesk) -> None:
    eve = work.person("eve", "analyst", recons=["other"])
    assert [one["recon"] for one in eve.get("/statistics/overview").json()["recons"]] == ["other"]
    assert [one["recon"] for one in eve.get("/statistics/workload").json()["recons"]] == ["other"]
    assert eve.get("/recons/trades/statistics/rates").status_code == 403
