"""What every process of a platform tells of a run that went through it."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crashcase import FIRST, write_case
from engineroom import PROGRAMS, await_runs, crew, submit, until
from greenai.store.database import connect

pytestmark = pytest.mark.slow
ROWS = 400
Samples = dict[str, dict[tuple[str, ...], float]]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def get(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def samples(port: int) -> Samples:
    """Our samples by name and values of labels, those of zero left out."""
    found: Samples = {}
    for family in text_string_to_metric_families(get(port, "/metrics")):
        for one in family.samples:
            if one.name.startswith("greenai_") and one.value and not one.name.endswith("_bucket"):
                found.setdefault(one.name, {})[tuple(one.labels.values())] = one.value
    return found


def test_every_process_says_how_it_is_and_counts_what_it_did(
    folder: Path, redis_url: str, new_database: Callable[[], str]
) -> None:
    url = new_database()
    case = write_case(folder / "case", ROWS, "recon")
    ports = dict(zip((*PROGRAMS.values(), "scheduler"), free_ports(6), strict=True))
    with crew(url, redis_url, folder) as engines:
        for name, port in ports.items():
            engines.start(name, GREENAI_METRICS_PORT=str(port))
        engines.ready()
        for name, port in ports.items():
            health = json.loads(get(port, "/health"))
            assert (health["status"], health["component"]) == ("ok", name)
        run = submit(url, case, FIRST)
        assert await_runs(url, seconds=240) == {run: "awaiting_review"}
        until(lambda: "greenai_runs_total" in samples(ports["scheduler"]), "it is counted")
        until(lambda: samples(ports["worker"]), "the worker has counted")
        told = {name: samples(port) for name, port in ports.items()}
    with connect(url) as connection:
        rows = connection.execute("SELECT rows_out FROM greenai.run_stage WHERE stage = 'ingest'").fetchone()
        decided = connection.execute(
            "SELECT outcome, count(*) FROM greenai.decision GROUP BY outcome ORDER BY 1"
        ).fetchall()
    for name, stage in zip(
        PROGRAMS.values(), ("ingest", "compare", "attribute", "discriminate", "decide"), strict=True
    ):
        assert told[name]["greenai_stage_seconds_count"] == {(stage,): 1}
    read = told["ingest_engine"]["greenai_rows_total"]
    assert set(read) == {("recon", "a"), ("recon", "b")}
    assert rows == (sum(read.values()),)
    assert told["worker"]["greenai_breaks_total"] == {(outcome, "recon"): n for outcome, n in decided}
    scheduler = told["scheduler"]
    assert scheduler["greenai_runs_total"] == {("recon", "awaiting_review"): 1}
    assert "greenai_queue_depth" not in scheduler, "nothing waits"
    assert not any("greenai_runs_total" in told[name] for name in PROGRAMS.values()), "each end once"
