"""Strike at engines and servers at random moments of large runs: is anything lost, doubled or left?

``python tests/chaos.py --kills 100`` (or ``make chaos``). In rounds: some recons are asked for at once,
processes are killed or stopped past their lease, Redis is emptied, servers restart; then the database is
held against one in which the same was published undisturbed. Then fifty recons at once, and at last
small ones beside a large one.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crashcase import FIRST, State, open_folder, quiet, told_apart, write_case
from engineroom import (
    PROGRAMS,
    Crew,
    await_runs,
    crew,
    left,
    listed,
    now,
    order,
    resumed,
    running,
    spans,
    states,
    submit,
    token,
    undisturbed,
    until,
    written,
)
from greenai.embedded.postgres import embedded_postgres, stop_postgres
from greenai.embedded.redis import embedded_redis, stop_redis
from greenai.errors import StoreError
from greenai.pipeline import submission
from greenai.store.database import connect
from greenai.store.jobs import ATTEMPTS, LEASE
from greenai.store.migrations import migrate

RECONS = 3
"""Asked for at once in a round."""
SMALL_ONES = 10
"""Recons that are asked for beside a large one."""
STRIKES = 8
"""At most, in a round."""
PAUSE = 4.0
"""Seconds between two strikes at most."""
STOPPED = LEASE + 4
"""Seconds that a stopped process is stopped."""
WITHIN = 20.0
"""Seconds until another engine takes over from one that was killed, where one is free."""
SWEPT = 130.0
"""Seconds until the workspace is swept of what late processes left."""
KINDS = ("kill",) * 14 + ("stop",) * 3 + ("flush", "redis", "postgresql")


@dataclass
class Round:
    """One database, its engines, and what was done to them."""

    url: str
    homes: Path
    servers: contextlib.ExitStack
    engines: Crew
    chance: random.Random
    killed: list[tuple[int, int, datetime, str]] = field(default_factory=list)
    """Job, token, time and kind of work of each process that was killed at work."""
    sleeping: list[tuple[float, str]] = field(default_factory=list)
    """When which stopped process goes on."""
    struck: Counter[str] = field(default_factory=Counter)

    def look(self) -> None:
        """Let stopped processes go on when it is time, and start dead ones again; try dead jobs again."""
        for at, title in list(self.sleeping):
            if time.monotonic() >= at:
                self.engines.release(title)
                self.sleeping.remove((at, title))
        self.engines.look()
        for one in listed(self.url, "dead"):
            self.struck["given up, and tried again"] += 1
            print(f"     job {one.job} ({one.kind}) was given up: {one.error}", flush=True)
            with connect(self.url, autocommit=True) as connection:
                submission.retry(connection, one.job, requested_by="ann")

    def strike(self, kind: str) -> str:
        """Do it; what it met."""
        if kind == "flush":
            from redis import Redis

            Redis.from_url(self.engines.redis_url).flushall()
            return "Redis emptied"
        if kind == "redis":
            stop_redis(self.homes)
            self.servers.enter_context(embedded_redis(self.homes))
            return "Redis restarted"
        if kind == "postgresql":
            stop_postgres(self.homes)
            self.servers.enter_context(embedded_postgres(self.homes))
            return "PostgreSQL restarted"
        return self.fell(kind)

    def fell(self, kind: str) -> str:
        """Kill or stop a process: mostly one that works on something."""
        busy = {self.engines.title(worker): (job, run, what, at) for job, run, what, at, worker in
                running(self.url)}  # fmt: skip
        alive = [title for title in self.engines.processes if title not in self.engines.stopped]
        working = [title for title in alive if title in busy]
        title = self.chance.choice(working if working and self.chance.random() < 0.8 else alive)
        if kind == "stop":
            self.engines.hold(title)
            self.sleeping.append((time.monotonic() + STOPPED, title))
        else:
            self.engines.kill(title)
        if title not in busy:
            return f"{title}, idle"
        job, run, what, at = busy[title]
        if kind == "kill":
            self.killed.append((job, at, now(self.url), what))
        return f"{title}, at {what} of run {run}"

    def endangered(self) -> bool:
        """Whether another strike might be some job's last."""
        return any(
            one.attempts >= ATTEMPTS - 1 and one.state in ("waiting", "running") for one in listed(self.url)
        )

    def waits(self) -> list[tuple[float, str]]:
        """How long each killed stage waited for another engine, as far as its last claim tells."""
        return [
            (resumed(self.url, job, since), what)
            for job, at, since, what in self.killed
            if token(self.url, job) == at + 1
        ]


@contextlib.contextmanager
def opened(
    homes: Path, folder: Path, name: str, chance: random.Random, *, largest: str | None = None
) -> Iterator[Round]:
    """A round in a new database, two of each engine at work; the second one up to `largest` input only."""
    with contextlib.ExitStack() as servers:
        url = database(servers.enter_context(embedded_postgres(homes)), name)
        redis_url = servers.enter_context(embedded_redis(homes))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with crew(url, redis_url, folder) as engines:
            for program in (*PROGRAMS.values(), "scheduler"):
                engines.start(program, f"{program}-1")
                lane = {"GREENAI_LARGEST_JOB": largest} if largest and program != "scheduler" else {}
                engines.start(program, f"{program}-2", **lane)
            engines.ready()
            yield Round(url, homes, servers, engines, chance)


def database(server: str, name: str) -> str:
    """A new database with greenai's tables; its URL."""
    with connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = server.replace("@/greenai?", f"@/{name}?")
    with connect(url) as connection:
        migrate(connection)
    return url


def disturbed(one: Round, cases: list[tuple[Path, str]], kills: int, told: int) -> int:
    """Strike until everything is done; how many strikes there were."""
    for case, day in cases:
        submit(one.url, case, day)
    done = 0
    until_next = time.monotonic() + one.chance.uniform(0, PAUSE)

    def each() -> None:
        nonlocal done, until_next
        one.look()
        if done < min(kills, STRIKES) and time.monotonic() >= until_next and not one.endangered():
            kind = one.chance.choice(KINDS)
            met = one.strike(kind)
            one.struck[kind] += 1
            done += 1
            print(f"{told + done:4} {kind:10} {met}", flush=True)
            until_next = time.monotonic() + one.chance.uniform(0, PAUSE)

    def patient() -> None:
        with contextlib.suppress(StoreError):
            each()

    await_runs(one.url, seconds=900, each=patient)
    for at, title in list(one.sleeping):
        time.sleep(max(0.0, at - time.monotonic()))
        one.engines.release(title)
        one.sleeping.remove((at, title))
    return done


def judged(
    one: Round, cases: list[tuple[Path, str]], known: dict[tuple[int, ...], State], folder: Path
) -> str:
    """Nothing lost, doubled or left: raises AssertionError; else what is to be told of the round."""
    assert set(states(one.url).values()) == {"awaiting_review"}, states(one.url)
    begun = time.monotonic()
    until(lambda: not left(one.engines.workspace), "the workspace is swept", seconds=SWEPT)
    swept = time.monotonic() - begun
    waits = one.waits()
    one.engines.end()
    quiet(one.url)
    found, published = written(one.url), order(one.url)
    if tuple(published) not in known:
        with embedded_postgres(one.homes) as server:
            other = database(server, "undisturbed")
            known[tuple(published)] = undisturbed(other, cases, published, folder)
    expected = known[tuple(published)]
    assert found == expected, told_apart(found, expected, expected)
    late = [f"{what} {wait:.1f} s" for wait, what in waits if wait > WITHIN]
    told = f"as undisturbed, order {published}; taken over after at most "
    told += f"{max((wait for wait, _ in waits), default=0.0):.1f} s of {len(waits)}"
    return told + (f", late: {late}" if late else "") + (f"; swept in {swept:.0f} s" if swept > 1 else "")


def fifty(homes: Path, root: Path, chance: random.Random) -> None:
    """Fifty recons at once."""
    cases = [(write_case(root / f"small{n}", 500, f"small{n}"), FIRST) for n in range(50)]
    with opened(homes, root / "fifty", "fifty", chance) as one:
        begun = time.monotonic()
        for case, day in cases:
            submit(one.url, case, day)
        found = await_runs(one.url, seconds=600)
        assert list(found.values()) == ["awaiting_review"] * len(cases), found
        assert {job.attempts for job in listed(one.url)} == {1}
        print(f"{len(cases)} recons at once: {time.monotonic() - begun:.0f} s", flush=True)


def beside(homes: Path, root: Path, chance: random.Random, rows: int) -> None:
    """Ten small recons, one after another, while a large one is worked on, and the same without it."""
    cases = [write_case(root / f"beside{n}", 500, f"beside{n}") for n in range(2 * SMALL_ONES + 1)]
    large = write_case(root / "large", rows, "large")
    with opened(homes, root / "beside", "beside", chance, largest="1MB") as one:

        def small(number: int) -> float:
            run = submit(one.url, cases[number], FIRST)
            until(lambda: states(one.url)[run] == "awaiting_review", "a small one ends", seconds=600)
            return spans(one.url)[run]

        small(2 * SMALL_ONES)  # what each process does for the first time takes longer
        idle = [small(number) for number in range(SMALL_ONES)]
        begun = time.monotonic()
        run = submit(one.url, large, FIRST)
        busy = []
        for number in range(SMALL_ONES, 2 * SMALL_ONES):
            if states(one.url)[run] != "awaiting_review":
                busy.append(small(number))
            time.sleep(chance.uniform(0, 2))
        assert await_runs(one.url, seconds=3600)[run] == "awaiting_review"
        told = f"beside a run of {rows:,} rows that takes {time.monotonic() - begun:.0f} s, small ones take "
        told += (
            f"{min(busy):.1f} to {max(busy):.1f} s ({len(busy)}), else {min(idle):.1f} to {max(idle):.1f} s"
        )
        print(told, flush=True)
        late = [f"{taken:.1f}" for taken in busy if taken > 3 * max(idle)]
        assert not late, f"more than thrice as long: {late}"


def main() -> None:
    """The long version."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument(
        "--large", type=int, default=3_000_000, help="rows of the run that small ones wait beside"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    root = open_folder()
    homes = root / "home"
    known: dict[tuple[int, ...], State] = {}
    everything: Counter[str] = Counter()
    try:
        cases = [(write_case(root / f"case{n}", given.rows, f"recon{n}"), FIRST) for n in range(RECONS)]
        told = number = 0
        with embedded_postgres(homes), embedded_redis(homes):
            while told < given.kills:
                number += 1
                with opened(homes, root / "round", f"round{number}", chance) as one:
                    begun = time.monotonic()
                    told += disturbed(one, cases, given.kills - told, told)
                    seconds = time.monotonic() - begun
                    print(f"round {number}, {seconds:.0f} s: {judged(one, cases, known, root)}", flush=True)
                    everything += one.struck
            fifty(homes, root, chance)
            beside(homes, root, chance, given.large)
        print(dict(everything))
    finally:
        stop_redis(homes)
        stop_postgres(homes)
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
