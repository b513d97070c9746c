"""Proposals through the BFF: who may, what is answered, and what a second click finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bffdesk import Desk
from proposaldesk import DAY, Bench, opened, sides


@pytest.fixture
def bench(desk: Desk, postgres_url: str, tmp_path: Path) -> Bench:
    folder = tmp_path / "files"
    folder.mkdir()
    bench = opened(folder, postgres_url)
    bench.desk.run(DAY, *sides(6))
    return bench


def made(client: Any, breaks: list[str], **more: Any) -> Any:
    body = {"kind": "override", "resolution": "take_b", "selection": {"breaks": breaks}, **more}
    return client.post("/recons/trades/proposals", json=body)


def test_a_proposal_goes_from_its_maker_over_a_checker_into_the_golden_table(
    desk: Desk, bench: Bench
) -> None:
    ann, bob = desk.person("ann", "analyst"), desk.person("bob", "senior_analyst")
    breaks = bench.ids()

    answer = made(ann, breaks[:3])
    assert answer.status_code == 201, answer.text
    proposal = answer.json()
    assert (proposal["items"], proposal["state"], proposal["maker"]) == (3, "proposed", "ann")
    assert proposal["sums"] == [{"currency": "EUR", "breaks": 3, "amount": "3.00", "absolute": "3.00"}]
    path = f"/recons/trades/proposals/{proposal['proposal']}"

    assert [one["proposal"] for one in bob.get("/proposals?to_check=true").json()["items"]] == [1]
    assert ann.get("/proposals?to_check=true").json()["items"] == []
    refused = ann.post(f"{path}/approve", json={"version": 1})
    assert refused.status_code == 403
    approved = bob.post(f"{path}/approve", json={"version": 1, "comment": "seen"})
    assert approved.status_code == 200, approved.text
    assert bob.post(f"{path}/approve", json={"version": 1}).status_code == 409
    bench.work_off()

    done = ann.get(path).json()
    assert (done["state"], done["decided"], done["fallen"]) == ("applied", 3, 0)
    assert [one["event"] for one in done["history"]] == ["proposed", "approved", "applied"]
    items = ann.get(f"{path}/items?limit=2").json()
    rest = ann.get(f"{path}/items", params={"limit": 2, "cursor": items["next"]}).json()
    assert [one["outcome"] for one in items["items"] + rest["items"]] == ["decided"] * 3
    assert rest["next"] is None
    assert len(bench.desk.golden()) == 3


def test_a_senior_analyst_approves_others_but_not_what_they_proposed(desk: Desk, bench: Bench) -> None:
    bob = desk.person("bob", "senior_analyst")
    number = made(bob, bench.ids()[:1]).json()["proposal"]
    answer = bob.post(f"/recons/trades/proposals/{number}/approve", json={"version": 1})
    assert answer.status_code == 403
    assert "themselves" in answer.json()["detail"]
