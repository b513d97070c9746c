"""`python -m benchmarks.latency`: a recon of 10,000 rows from submission to result, beside `greenai run`.

Both do the same files into databases of one server, in turn, each round for another business date. The
engines run already, as they do where a platform is up; `greenai run` is timed as the process that it is.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine
from greenai.definition.loading import load
from greenai.embedded.postgres import embedded_postgres
from greenai.embedded.redis import embedded_redis
from greenai.pipeline.submission import submit
from greenai.store.database import connect
from greenai.store.migrations import migrate

HERE = Path(__file__).parent
PROGRAMS = ("ingest_engine", "diff_engine", "attribution_engine", "discriminator", "worker", "scheduler")
ALLOWED = 1.5
"""Seconds that the way through the queue may take more."""
DAY = date(2026, 1, 30)
PATIENCE = 120.0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="rows a side")
    parser.add_argument("--repeat", type=int, default=5, help="rounds")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="greenai-latency-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # for root another user runs PostgreSQL
        document = {"machine": machine.facts(), "rows": asked.rows, **measured(folder, asked)}
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "latency.json").write_text(json.dumps(document, indent=1) + "\n")
    more = document["more"]
    print(f"run {document['run']:.2f} s, queue {document['queue']:.2f} s: {more:+.2f} s (allowed {ALLOWED})")
    raise SystemExit(0 if more <= ALLOWED else 1)


def measured(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Seconds of both ways in every round, and the medians."""
    case = folder / "case"
    greenai = [sys.executable, "-m", "greenai"]
    command = [*greenai, "simulate", "trades", "--rows", str(asked.rows), "--seed", "7", "--out", str(case)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    path = case / "recon.yaml"
    rounds = []
    with embedded_postgres(folder / "home") as server, embedded_redis(folder / "home") as redis:
        urls = [made(server, name) for name in ("alone", "queued")]
        with engines(folder, urls[1], redis):
            for number in range(asked.repeat + 1):
                day = DAY + timedelta(days=number)
                rounds.append({"run": alone(path, day, urls[0]), "queue": queued(path, day, urls[1])})
    rounds = rounds[1:]  # the first one warms files and processes
    middle = {name: median(one[name] for one in rounds) for name in ("run", "queue")}
    return {**middle, "more": median(one["queue"] - one["run"] for one in rounds), "rounds": rounds}


def made(server: str, name: str) -> str:
    """A database with greenai's tables; its URL."""
    with connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server.replace("@/greenai?", f"@/{name}?")
    with connect(url) as connection:
        migrate(connection)
    return url


@contextlib.contextmanager
def engines(folder: Path, url: str, redis: str) -> Iterator[None]:
    """The processes of the platform, each once, and at work."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GREENAI_")},
        "GREENAI_DATABASE_URL": url,
        "GREENAI_REDIS_URL": redis,
        "GREENAI_WORKSPACE": str(folder / "workspace"),
    }
    logs = {name: folder / f"{name}.log" for name in PROGRAMS}
    processes = []
    try:
        for name, path in logs.items():
            with path.open("wb") as log:
                command = [sys.executable, "-m", f"greenai.backend.{name}"]
                processes.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))
        until = time.monotonic() + PATIENCE
        while not all(b'"started"' in path.read_bytes() for path in logs.values()):
            if time.monotonic() > until:
                raise SystemExit("the engines do not start")
            time.sleep(0.1)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)


def alone(path: Path, day: date, url: str) -> float:
    """Seconds of `greenai run`."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "greenai", "run", str(path), "--business-date", day.isoformat()]
    done = subprocess.run([*command, "--store", url], capture_output=True, encoding="utf-8", check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    return seconds


def queued(path: Path, day: date, url: str) -> float:
    """Seconds from the submission to the result."""
    read = load(path)
    with connect(url, autocommit=True) as connection:
        begun = time.perf_counter()
        given: dict[str, Any] = {"base": read.folder, "business_date": day, "requested_by": "benchmark"}
        run = submit(connection, read.definition, **given)
        while time.perf_counter() - begun < PATIENCE:
            row = connection.execute(
                "SELECT state, error FROM greenai.run WHERE run_id = %s", [run]
            ).fetchone()
            assert row is not None
            if row[0] in ("awaiting_review", "completed"):
                return time.perf_counter() - begun
            if row[0] in ("failed", "cancelled"):
                break
            time.sleep(0.005)
    raise SystemExit(f"run {run} is {row[0]}: {row[1]}")


if __name__ == "__main__":
    main()
