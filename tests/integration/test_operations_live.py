"""Live progress for many: nobody holds a thread or a connection, and what Redis forgets PostgreSQL knows."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from bffdesk import Desk
from operationsdesk import TODAY, Staff, feed

from greenai.bff import live
from greenai.jobs.cache import Cache
from greenai.store.database import connect

MANY = 150
"""More streams than the process has threads (40) or connections (16)."""


@pytest.fixture
def staff(desk: Desk, tmp_path: Path) -> Staff:
    feed(tmp_path / "feeds", TODAY)
    found = Staff.come(desk, tmp_path / "feeds")
    found.connect()
    found.lead()
    return found


def asked(staff: Staff) -> int:
    started = staff.ann.post("/recons/fx_trades/runs", json={"business_date": TODAY.isoformat()})
    return int(started.json()["run"])


def enter(staff: Staff, state: str) -> None:
    assert staff.desk.settings.database_url is not None
    with connect(staff.desk.settings.database_url, autocommit=True) as connection:
        connection.execute("UPDATE greenai.run SET state = %s", [state])


def test_many_watch_one_run_while_others_work(staff: Staff) -> None:
    run = asked(staff)
    kinds: list[list[str]] = []

    async def watch(client: httpx.AsyncClient, begun: asyncio.Semaphore) -> None:
        seen: list[str] = []
        async with client.stream("GET", f"/recons/fx_trades/runs/{run}/events") as stream:
            assert stream.status_code == 200
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    seen.append(line.removeprefix("event: "))
                    begun.release()
        kinds.append(seen)

    async def all_of_them() -> float:
        begun = asyncio.Semaphore(0)
        limits = httpx.Limits(max_connections=MANY + 10)
        async with httpx.AsyncClient(
            base_url=staff.ann.base_url,
            cookies=staff.ann.cookies,
            limits=limits,
            timeout=120,
            trust_env=False,
        ) as client:
            watching = [asyncio.create_task(watch(client, begun)) for _ in range(MANY)]
            for _ in range(MANY):
                await asyncio.wait_for(begun.acquire(), 60)
            before = time.perf_counter()
            answer = await client.get("/recons")
            took = time.perf_counter() - before
            assert answer.status_code == 200
            await asyncio.to_thread(staff.work_off)
            await asyncio.gather(*watching)
        return took

    took = asyncio.run(all_of_them())
    assert len(kinds) == MANY
    assert all(seen[0] == "progress" and seen[-1] == "end" and seen.count("end") == 1 for seen in kinds)
    assert took < 5.0, "others wait for those who watch"


def test_how_far_a_stage_is_comes_from_redis_and_is_missed_without_harm(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.3)
    run = asked(staff)
    settings = staff.desk.settings
    assert settings.redis_url is not None
    documents: list[dict[str, Any]] = []
    heartbeats = 0
    with staff.ann.stream("GET", f"/recons/fx_trades/runs/{run}/events") as stream:
        for line in stream.iter_lines():
            heartbeats += line.startswith(":")
            if not line.startswith("data: "):
                continue
            documents.append(json.loads(line.removeprefix("data: ")))
            if len(documents) == 1:
                time.sleep(1.0)  # nothing happens meanwhile but heartbeats
                told = {"stage": "ingest", "step": "ingest a", "share": 0.5}
                Cache(settings.redis_url).put(run, "progress", told)
                enter(staff, "ingesting")
            elif documents[-1]["progress"] is not None:
                enter(staff, "comparing")
            elif documents[-1]["state"] == "comparing":
                staff.ann.post(f"/recons/fx_trades/runs/{run}/cancellation")
    assert heartbeats
    assert {one["state"] for one in documents} == {"queued", "ingesting", "comparing", "cancelled"}
    shown = [one["progress"] for one in documents if one["state"] == "ingesting"]
    assert shown == [{"stage": "ingest", "step": "ingest a", "rows": None, "share": 0.5}]
    # What an engine told is not taken for another stage.
    assert [one["progress"] for one in documents if one["state"] == "comparing"] == [None]
