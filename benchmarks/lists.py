"""`python -m benchmarks.lists`: ten lists and one break over HTTP, beside an empty request; a million breaks.

A server of its own (embedded PostgreSQL and Redis, gunicorn with one worker) and one client that asks one
thing after the other, as a person does; what is told are percentiles of what the client waits.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks import machine

HERE = Path(__file__).parent
DEFINITION = """\
recon: bench
sources: {a: {location: a.csv}, b: {location: b.csv}}
key: [id]
fields: [id, notional, price, trade_date, side, counterparty, currency]
amount: {field: notional, currency: currency}
"""
WARM = 20
ALLOWED = 5
"""Times the 95th percentile of the empty request."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--breaks", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=200, help="of each sort")
    parser.add_argument("--explain", action="store_true", help="print the plan of each list as well")
    parser.add_argument("--home", type=Path, help="where the servers live; kept, and seeded once")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    asked = parser.parse_args()
    with servers(asked.home) as (url, redis_url):
        seed(url, asked.breaks)
        with bff(url, redis_url) as address:
            rows = measured(url, address, asked.requests)
        if asked.explain:
            explain(url)
    document = {"machine": machine.facts(), "breaks": asked.breaks, "requests": asked.requests, "rows": rows}
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "lists.json").write_text(json.dumps(document, indent=1) + "\n")
    page = written(document)
    (asked.out / "lists.md").write_text(page)
    print(page)


@contextmanager
def servers(home: Path | None) -> Iterator[tuple[str, str]]:
    """PostgreSQL and Redis of their own; URLs of both."""
    from greenai.embedded.postgres import embedded_postgres, stop_postgres
    from greenai.embedded.redis import embedded_redis, stop_redis

    with tempfile.TemporaryDirectory(prefix="greenai-lists-") as folder:
        Path(folder).chmod(0o755)
        place = home or Path(folder) / "home"
        try:
            with embedded_postgres(place) as url, embedded_redis(place) as redis_url:
                yield url, redis_url
        finally:
            stop_postgres(place)
            stop_redis(place)


def seed(url: str, breaks: int) -> None:
    """Fill an empty database with a recon of so many breaks, and one key of an API user."""
    from greenai.store.database import connect
    from greenai.store.migrations import migrate
    from greenai.store.present import rebuild

    with connect(url) as connection:
        migrate(connection)
    with connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM greenai.recon WHERE name = 'bench'").fetchone():
            return
        steps = parts((HERE / "seeded.sql").read_text())
        started = time.monotonic()
        with connection.transaction():
            connection.execute("SET LOCAL work_mem = '256MB'")
            given: dict[str, Any] = {"breaks": breaks, "definition": DEFINITION}
            for name, text in steps.items():
                for statement in text.split(";\n"):
                    if statement.strip():
                        connection.execute(statement, given)
                if name == "scene":
                    row = connection.execute("SELECT recon_id FROM greenai.recon").fetchone()
                    assert row is not None
                    given["recon"] = row[0]
                if name == "judged":
                    for table in (
                        "record",
                        "record_version",
                        "break",
                        "break_version",
                        "attribution",
                        "decision",
                    ):
                        connection.execute(f"ANALYZE greenai.{table}".encode())
                    rebuild(connection, given["recon"])
                print(f"{time.monotonic() - started:6.1f} s  {name}", file=sys.stderr)
            connection.execute("SELECT greenai.compact_tally(%(recon)s)", given)
        connection.execute("VACUUM ANALYZE")
        print(f"{time.monotonic() - started:6.1f} s  seeded", file=sys.stderr)


def parts(text: str) -> dict[str, str]:
    """The steps of the seed by name."""
    import re

    _, *found = re.split(r"^-- (\w+) --$", text, flags=re.MULTILINE)
    return dict(zip(found[::2], found[1::2], strict=True))


@contextmanager
def bff(url: str, redis_url: str) -> Iterator[str]:
    """The BFF as it is served, on a free port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    env = os.environ | {
        "GREENAI_DATABASE_URL": url,
        "GREENAI_REDIS_URL": redis_url,
        "GREENAI_BFF_PORT": str(port),
        "GREENAI_RATE_LIMIT": "0",
        "GREENAI_LOG_LEVEL": "warning",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:greenai.bff.gunicorn_conf",
        "greenai.bff.main:create_app()",
    ]
    process = subprocess.Popen(command, env=env)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the BFF did not start"
                assert time.monotonic() < until, "the BFF does not answer"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def api_key(url: str) -> str:
    """A key of somebody who may read the breaks."""
    from greenai.identity import accounts, keys
    from greenai.identity.authentication import authenticate  # noqa: F401 (what the key is for)
    from greenai.identity.callers import Caller, Grant
    from greenai.store.database import connect

    name = f"bench{int(time.time())}"
    with connect(url) as connection:
        grants = [Grant("analyst", None)]
        accounts.add(
            connection,
            "bench",
            name=name,
            password="correct horse battery staple 9",
            grants=grants,
            must_change=False,
        )
        row = connection.execute("SELECT actor_id FROM greenai.actor WHERE name = %s", [name]).fetchone()
        assert row is not None
        caller = Caller(int(row[0]), name, tuple(grants), "session")
        made = keys.make(
            connection,
            caller,
            name="bench",
            permissions=["breaks.read"],
            expires_at=datetime.now(UTC) + timedelta(days=1),
            owner=None,
        )
        return made.key


def shapes(url: str) -> dict[str, Callable[[random.Random], tuple[str, dict[str, Any]]]]:
    """The ten queries (docs/lists.md), and opening a break: path and parameters of a request."""
    from greenai.store.database import connect

    with connect(url) as connection:

        def values(column: str, where: str = "true") -> list[str]:
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM greenai.present_break"
                f" WHERE {where} AND {column} IS NOT NULL LIMIT 200".encode()
            )
            return [str(one).replace("-", "") if column.endswith("_id") else str(one) for (one,) in rows]

        open_ = "state IN ('in_review', 'proposed', 'returned')"
        causes, groups = values("cause_id", open_), values("group_id", open_)
        fields, reasons = values("field", open_), values("reason_code", open_)
        teams = values("assigned_group")
        keys = [
            str(one)
            for (one,) in connection.execute(
                "SELECT key_text FROM greenai.present_break TABLESAMPLE SYSTEM (1) LIMIT 500"
            )
        ]
        breaks = [
            str(one)
            for (one,) in connection.execute(
                "SELECT replace(break_id::text, '-', '') FROM greenai.present_break"
                " TABLESAMPLE SYSTEM (1) LIMIT 2000"
            )
        ]
    persons = [f"reviewer{n}" for n in range(1, 51)]
    path = "/recons/bench/breaks"
    return {
        "open_by_age": lambda _: (path, {"sort": "first_date"}),
        "open_by_amount": lambda _: (path, {"sort": "-amount"}),
        "of_a_cause": lambda chance: (path, {"cause": chance.choice(causes)}),
        "of_a_group": lambda chance: (path, {"group": chance.choice(groups)}),
        "of_a_field": lambda chance: (path, {"field": chance.choice(fields)}),
        "of_a_reason": lambda chance: (path, {"reason": chance.choice(reasons)}),
        "mine_by_due": lambda chance: (path, {"assignee": chance.choice(persons), "sort": "due"}),
        "of_a_team_by_due": lambda chance: (path, {"assigned_group": chance.choice(teams), "sort": "due"}),
        "nobodys_by_due": lambda _: (path, {"assigned": "false", "sort": "due"}),
        "search_key": lambda chance: (
            path,
            {"search": chance.choice(keys)[: chance.randint(5, 11)], "sort": "key"},
        ),
        "rejected_newest": lambda _: (path, {"state": "rejected", "sort": "-first_date"}),
        "passed_by_method": lambda chance: (
            path,
            {"state": "passed", "method": chance.choice(["rule", "equivalence"])},
        ),
        "a_break": lambda chance: (f"{path}/{chance.choice(breaks)}", {}),
        "count": lambda chance: (f"{path}/count", {"field": chance.choice(fields)}),
        "facets": lambda _: ("/recons/bench/facets", {}),
        "causes": lambda _: ("/recons/bench/causes", {"limit": 50}),
    }


def measured(url: str, address: str, requests: int) -> list[dict[str, Any]]:
    """What a client waits for each sort of request: the first page, and pages further on."""
    import httpx

    chance = random.Random(7)
    rows = []
    with httpx.Client(
        base_url=f"{address}/api/v1",
        headers={"authorization": f"Bearer {api_key(url)}"},
        timeout=60,
        trust_env=False,
    ) as client:

        def ask(path: str, given: dict[str, Any]) -> tuple[float, dict[str, Any]]:
            started = time.perf_counter()
            answer = client.get(path, params=given)
            took = time.perf_counter() - started
            assert answer.status_code == 200, answer.text
            return took * 1000, answer.json()

        def told(name: str, takes: list[float]) -> None:
            cuts = quantiles(takes, n=100, method="inclusive")
            rows.append(
                {
                    "name": name,
                    "p50": round(cuts[49], 2),
                    "p95": round(cuts[94], 2),
                    "most": round(max(takes), 2),
                }
            )
            print(rows[-1], file=sys.stderr)

        for _ in range(WARM):
            ask(f"{address}/health", {})
        told("empty", [ask(f"{address}/health", {})[0] for _ in range(requests)])
        told(
            "empty_signed_in",
            [ask("/me", {})[0] for _ in range(requests)]
            if client.get("/me").status_code == 200
            else [0.0, 0.0],
        )
        for name, shape in shapes(url).items():
            for _ in range(WARM):
                ask(*shape(chance))
            takes = []
            cursor: str | None = None
            last: tuple[str, dict[str, Any]] | None = None
            for number in range(requests):
                # Every other request goes on where the last one ended.
                if number % 2 and cursor and last is not None:
                    path, given = last[0], {**last[1], "cursor": cursor}
                else:
                    path, given = shape(chance)
                    last = (path, given)
                took, answer = ask(path, given)
                takes.append(took)
                cursor = answer.get("next")
            told(name, takes)
    return rows


def explain(url: str) -> None:
    """The plans of the lists."""
    from psycopg import sql

    from greenai.store import lists
    from greenai.store.database import connect
    from greenai.store.queries import queries

    chance = random.Random(7)
    with connect(url) as connection:
        for name, shape in shapes(url).items():
            path, given = shape(chance)
            if not path.endswith("/breaks"):
                continue
            words = {key: value for key, value in given.items() if key != "sort"}
            words = {
                key: [value] if key not in ("search", "assigned") else value for key, value in words.items()
            }
            if "assigned" in words:
                words["assigned"] = False
            chosen = lists.Filter.of({"state": list(lists.OPEN), **words})
            where, _ = lists.condition(connection, 1, chosen)
            sort = lists.Sort.of(str(given.get("sort", "first_date")))
            beyond, order = lists.ranges(sort, None)[0]
            query = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) ") + sql.SQL(
                queries("lists")["page"]
            ).format(
                where=where,
                beyond=beyond,
                order=order,
                limit=sql.Literal(101),
                sorted=sql.SQL("p.") + sql.Identifier(lists.SORTS[sort.name]),
            )
            print(f"\n{name}")
            for (line,) in connection.execute(query):
                print("   ", line)


def written(document: dict[str, Any]) -> str:
    """The results as a page."""
    rows = document["rows"]
    empty = next(row["p95"] for row in rows if row["name"] == "empty")
    lines = [
        f"# Lists over {document['breaks']:,} breaks",
        "",
        f"{document['requests']} requests of each sort, one after the other, every other one a further page;"
        " milliseconds.",
        "",
        f"| request | p50 | p95 | most | p95 / p95 of empty (allowed: {ALLOWED}) |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['name']} | {row['p50']} | {row['p95']} | {row['most']} | {row['p95'] / empty:.1f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
