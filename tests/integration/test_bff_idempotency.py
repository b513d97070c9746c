"""Idempotency keys: what is asked for twice under one key is done once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from bffdesk import Desk, open_desk
from proposaldesk import DAY, Bench, opened, sides

WISH = {"kind": "override", "resolution": "take_b"}


@pytest.fixture
def bench(desk: Desk, postgres_url: str, tmp_path: Path) -> Bench:
    (tmp_path / "files").mkdir()
    bench = opened(tmp_path / "files", postgres_url)
    bench.desk.run(DAY, *sides(8))
    return bench


def propose(client: httpx.Client, breaks: list[str], key: str, **more: Any) -> httpx.Response:
    """Propose something under a key."""
    body = {**WISH, "selection": {"breaks": breaks}, **more}
    return client.post("/recons/trades/proposals", json=body, headers={"idempotency-key": key})


def count(bench: Bench, table: str) -> int:
    """The rows of a table."""
    return int(bench.ask(f"SELECT count(*) FROM greenai.{table}")[0][0])


def test_one_after_the_other_the_second_gets_the_answer_of_the_first(desk: Desk, bench: Bench) -> None:
    ann, breaks = desk.person("ann", "analyst"), bench.ids()
    first, second = propose(ann, breaks[:1], "k1"), propose(ann, breaks[:1], "k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["content-type"] == first.headers["content-type"]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert count(bench, "proposal") == 1
    assert count(bench, "audit_event WHERE action LIKE 'propos%'") == 1


def test_all_at_once_one_is_done_and_all_get_its_answer(desk: Desk, bench: Bench) -> None:
    ann, path = desk.person("ann", "analyst"), f"/recons/trades/breaks/{bench.ids()[0]}/comments"
    headers = {"idempotency-key": "same"}
    with ThreadPoolExecutor(24) as pool:
        asked = [pool.submit(ann.post, path, json={"body": "once"}, headers=headers) for _ in range(24)]
        answers = [one.result() for one in asked]
    assert {one.status_code for one in answers} == {201}
    assert len({one.content for one in answers}) == 1
    assert sum("idempotency-replayed" in one.headers for one in answers) == 23
    assert count(bench, "break_comment") == 1


def test_another_body_path_or_method_under_the_key_is_refused(desk: Desk, bench: Bench) -> None:
    ann, breaks = desk.person("ann", "analyst"), bench.ids()
    assert propose(ann, breaks[:1], "k1").status_code == 201
    assert propose(ann, breaks[1:2], "k1").status_code == 409
    other = ann.post(
        f"/recons/trades/breaks/{breaks[0]}/comments", json={"body": "x"}, headers={"idempotency-key": "k1"}
    )
    assert other.status_code == 409
    assert (count(bench, "proposal"), count(bench, "break_comment")) == (1, 0)


def test_the_key_of_one_person_is_not_that_of_another(desk: Desk, bench: Bench) -> None:
    ann, ben, breaks = desk.person("ann", "analyst"), desk.person("ben", "analyst"), bench.ids()
    assert propose(ann, breaks[:1], "k1").json()["maker"] == "ann"
    assert propose(ben, breaks[1:2], "k1").json()["maker"] == "ben"
    # And what ann got as an answer is told to nobody who sends the same.
    assert propose(ben, breaks[:1], "k1").status_code == 409


def test_a_request_that_failed_does_not_keep_its_key(desk: Desk, bench: Bench) -> None:
    ann, breaks = desk.person("ann", "analyst"), bench.ids()
    taken = propose(ann, breaks[:1], "first").json()["proposal"]
    assert propose(ann, breaks[:1], "again").status_code == 409
    assert propose(ann, ["0" * 32], "again").status_code in {404, 409, 422}
    path = f"/recons/trades/proposals/{taken}/withdraw"
    assert ann.post(path, json={"version": 1}).status_code == 200
    done = propose(ann, breaks[:1], "again")
    assert done.status_code == 201
    assert "idempotency-replayed" not in done.headers
    assert bench.ask("SELECT count(*) FROM greenai.idempotency WHERE status IS NULL") == [(0,)]


def test_who_lost_the_right_meanwhile_does_not_get_the_answer_again(desk: Desk, bench: Bench) -> None:
    ann, ada = desk.person("ann", "analyst"), desk.person("ada", "administrator")
    assert propose(ann, bench.ids()[:1], "k1").status_code == 201
    version = ada.get("/users/ann").json()["version"]
    given = {"roles": [{"role": "auditor"}], "version": version}
    assert ada.put("/users/ann/roles", json=given).status_code == 200
    assert propose(ann, bench.ids()[:1], "k1").status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_what_is_no_key_is_refused(desk: Desk, bench: Bench, key: str) -> None:
    ann = desk.person("ann", "analyst")
    assert propose(ann, bench.ids()[:1], key).status_code == 422
    assert count(bench, "proposal") == 0


def test_another_file_of_the_same_length_is_another_request(desk: Desk) -> None:
    ann = desk.person("ann", "analyst")

    def send(content: bytes, name: str = "a.csv") -> httpx.Response:
        return ann.post("/uploads", files={"file": (name, content)}, headers={"idempotency-key": "file"})

    first = send(b"id,amount\n1,2\n")
    assert first.status_code == 201, first.text
    assert send(b"id,amount\n1,2\n").json() == first.json()
    assert send(b"id,amount\n1,3\n").status_code == 409
    assert send(b"id,amount\n1,2\n", "b.csv").status_code == 409
    assert len(ann.get("/uploads").json()["items"]) == 1


def test_after_a_restart_the_answer_is_still_there(
    postgres_url: str, redis_server: str, tmp_path: Path
) -> None:
    (tmp_path / "files").mkdir()
    bench = opened(tmp_path / "files", postgres_url)
    bench.desk.run(DAY, *sides(4))
    breaks, answers = bench.ids()[:2], []
    for desk in restarted(postgres_url, redis_server, tmp_path):
        ann = desk.person("ann", "analyst") if not answers else desk.signed_in("ann")
        answers.append(propose(ann, breaks, "k1"))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert count(bench, "proposal") == 1


def restarted(url: str, redis_url: str, folder: Path) -> Iterator[Desk]:
    """The same desk, twice."""
    for _ in range(2):
        with open_desk(url, redis_url, folder) as desk:
            yield desk
