"""`python -m benchmarks.decisions`: one decision about 100,000 breaks over HTTP: proposed, approved, decided.

A server of its own (embedded PostgreSQL and Redis, gunicorn) and a worker that decides. What is told is how
long each person waits for an answer, and how long until all is decided and stands in the golden table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.lists import bff, servers
from benchmarks.reviewers import RECON, deciding, filled, reviewers

WISH: Final = {"kind": "override", "resolution": "take_b", "selection": {"filter": {"kind": ["value"]}}}
PATIENCE: Final = 600.0


def measured(base: str, maker: str, checker: str) -> dict[str, Any]:
    """Seconds of each step; how many breaks were decided, and how many fell out."""
    import httpx

    with httpx.Client(base_url=f"{base}/api/v1", timeout=PATIENCE, trust_env=False) as client:

        def ask(key: str, method: str, path: str, body: object = None) -> tuple[float, Any]:
            begun = time.perf_counter()
            answer = client.request(method, path, json=body, headers={"authorization": f"Bearer {key}"})
            took = time.perf_counter() - begun
            assert answer.is_success, answer.text
            return took, answer.json()

        root = f"/recons/{RECON}/proposals"
        previewed, _ = ask(maker, "POST", f"{root}/preview", WISH)
        proposed, made = ask(maker, "POST", root, WISH)
        path = f"{root}/{made['proposal']}"
        approved, _ = ask(checker, "POST", f"{path}/approve", {"version": made["version"]})
        begun = time.perf_counter()
        while True:
            _, found = ask(maker, "GET", path)
            if found["state"] == "applied":
                break
            assert time.perf_counter() - begun < PATIENCE, found
            time.sleep(0.1)
        return {
            "previewed": previewed,
            "proposed": proposed,
            "approved": approved,
            "decided": time.perf_counter() - begun,
            "breaks": found["decided"],
            "fallen": found["fallen"],
        }


def written(rounds: list[dict[str, Any]]) -> str:
    """The page of a measurement."""
    lines = [
        "| breaks | fallen out | preview, s | proposed, s | approved, s | all decided after, s |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one['breaks']:,} | {one['fallen']} | {one['previewed']:.2f} | {one['proposed']:.2f}"
        f" | {one['approved']:.2f} | {one['decided']:.1f} |"
        for one in rounds
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions", description=__doc__)
    parser.add_argument("--breaks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    from greenai.store.database import connect
    from greenai.store.migrations import migrate

    rounds = []
    for _ in range(asked.rounds):
        with (
            tempfile.TemporaryDirectory(prefix="greenai-decisions-") as folder,
            servers(None) as (url, redis_url),
        ):
            with connect(url) as connection:
                migrate(connection)
            filled(url, Path(folder), asked.breaks)
            maker, checker = reviewers(url, 2).values()
            with bff(url, redis_url) as address, deciding(url):
                rounds.append(measured(address, maker, checker))
    print(", ".join(f"{name}: {value}" for name, value in machine.facts().items()))
    print(written(rounds))


if __name__ == "__main__":
    main()
