"""Synchronous or asynchronous access to the store: the same page of a list by both, under the same load.

``make bench-access``. Record 0023 says what was decided by it.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.load import get, load

ROWS = 200_000
PAGE = 100
QUERY = "SELECT id, key, value_a, value_b, amount FROM breaks WHERE id > %s ORDER BY id LIMIT %s"
USERS = (1, 16, 64, 200)
SECONDS = 3.0
ROUNDS = 3


def application(url: str) -> Any:
    """One page of a list under ``/sync`` (thread pool) and under ``/async``, and an empty answer."""
    from contextlib import asynccontextmanager

    from fastapi import FastAPI
    from psycopg_pool import AsyncConnectionPool, ConnectionPool

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> Any:
        app.state.pool = ConnectionPool(url, min_size=16, max_size=16, timeout=60)
        app.state.other = AsyncConnectionPool(url, min_size=16, max_size=16, timeout=60, open=False)
        await app.state.other.open()
        yield
        app.state.pool.close()
        await app.state.other.close()

    app = FastAPI(lifespan=lifespan)

    def shaped(rows: list[Any]) -> dict[str, Any]:
        names = ("id", "key", "value_a", "value_b", "amount")
        return {"items": [dict(zip(names, row, strict=True)) for row in rows]}

    @app.get("/sync")
    def in_threads(after: int = 0) -> Any:
        with app.state.pool.connection() as connection:
            return shaped(connection.execute(QUERY, (after, PAGE)).fetchall())

    @app.get("/async")
    async def in_the_loop(after: int = 0) -> Any:
        async with app.state.other.connection() as connection:
            return shaped(await (await connection.execute(QUERY, (after, PAGE))).fetchall())

    @app.get("/empty")
    def empty() -> dict[str, str]:
        return {}

    return app


def serve(url: str, port: str) -> None:
    """Serve it."""
    import uvicorn

    uvicorn.run(application(url), host="127.0.0.1", port=int(port), log_level="error", access_log=False)


def main() -> None:
    """Measure and print."""
    import psycopg

    from greenai.embedded.address import free_port
    from greenai.embedded.postgres import embedded_postgres, stop_postgres

    folder = Path(tempfile.mkdtemp(prefix="greenai-bench-"))
    folder.chmod(0o755)
    with embedded_postgres(folder / "home") as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE breaks AS SELECT i::bigint AS id, 'TRD' || i AS key, (i * 1.5)::text "
                f" AS value_a, (i * 1.6)::text AS value_b, i * 1.5 AS amount"
                f" FROM generate_series(1, {ROWS}) i"
            )
            connection.execute("ALTER TABLE breaks ADD PRIMARY KEY (id)")
        port = free_port("127.0.0.1")
        server = subprocess.Popen([sys.executable, "-m", "benchmarks.access", url, str(port)])
        try:
            base = f"http://127.0.0.1:{port}"
            measure(base)
        finally:
            server.terminate()
            server.wait()
    stop_postgres(folder / "home")


def measure(base: str) -> None:
    """Print rates and latencies of both ways, in turn, medians of some rounds."""
    import httpx

    for _ in range(200):
        try:
            httpx.get(f"{base}/empty")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    print(f"{'users':>6} {'way':>6} {'answers/s':>10} {'p50 ms':>8} {'p95 ms':>8}")
    for users in USERS:
        found: dict[str, list[Any]] = {"sync": [], "async": [], "empty": []}
        for _ in range(ROUNDS):
            for way, told in found.items():
                told.append(asyncio.run(load(base, get(f"/{way}"), users=users, seconds=SECONDS)))
        for way, rounds in found.items():
            rate = statistics.median(one.rate for one in rounds)
            half = statistics.median(one.quantile(0.5) for one in rounds) * 1000
            most = statistics.median(one.quantile(0.95) for one in rounds) * 1000
            print(f"{users:>6} {way:>6} {rate:>10.0f} {half:>8.1f} {most:>8.1f}")


if __name__ == "__main__":
    serve(*sys.argv[1:]) if len(sys.argv) > 1 else main()
