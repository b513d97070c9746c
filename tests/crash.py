"""Kill ``greenai run`` at random moments and look whether the store is as before or as after, never between.

``python tests/crash.py --kills 100`` (or ``make crash``) is the long version; the tests use its parts.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from crashcase import (
    FIRST,
    SECOND,
    State,
    open_folder,
    quiet,
    run,
    runs_of,
    start,
    state,
    told_apart,
    write_case,
)
from greenai.embedded.postgres import embedded_postgres, running_url, stop_postgres
from greenai.store.database import connect


@dataclass
class Place:
    """A store that can be put back to what it was: the embedded one, or a database of a server."""

    store: str
    env: dict[str, str]
    home: Path | None = None
    server: str | None = None
    """URL of a server's first database, where `store` is a copy of the database ``before``."""

    def restore(self, snapshot: Path) -> None:
        """Make it what it was when `snapshot` was taken."""
        if self.home is not None:
            stop_postgres(self.home)
            shutil.rmtree(self.home, ignore_errors=True)
            if snapshot.exists():
                copy_home(snapshot, self.home)
        else:
            assert self.server is not None
            name = self.store.partition("@/")[2].partition("?")[0]
            with connect(self.server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
                connection.execute(f"CREATE DATABASE {name} TEMPLATE before".encode())

    @contextlib.contextmanager
    def opened(self) -> Iterator[str]:
        """Its URL, usable inside the block."""
        if self.home is None:
            yield self.store
        else:
            with embedded_postgres(self.home) as url:
                yield url

    def url(self) -> str | None:
        """Its URL if it can be asked now; nothing is started for that."""
        return self.store if self.home is None else running_url(self.home)


def copy_home(source: Path, target: Path) -> None:
    """Copy an embedded database that is stopped, with its owners."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


@dataclass
class Kill:
    """What one kill met, and what it left."""

    seconds: float
    where: str
    after: bool
    """Whether all of the run was there already."""


@dataclass
class Watch:
    """Looks at a run from outside, to tell where a kill lands."""

    place: Place
    connection: psycopg.Connection[Any] | None = None

    def query(self) -> str | None:
        """What the connection that publishes does now; None while there is none."""
        if self.connection is None:
            with contextlib.suppress(Exception):
                url = self.place.url()
                if url is not None:
                    self.connection = psycopg.connect(url, autocommit=True, application_name="watch")
        if self.connection is None:
            return None
        with contextlib.suppress(psycopg.Error):
            row = self.connection.execute(
                "SELECT query, state FROM pg_stat_activity WHERE application_name = 'greenai' "
                "AND datname = current_database() AND xact_start IS NOT NULL "
                "AND EXISTS (SELECT FROM greenai.run WHERE state = 'deciding') "
                "ORDER BY xact_start, backend_start DESC LIMIT 1"
            ).fetchone()
            if row is not None:
                return " ".join(str(row[0]).split())[:60] + (" (idle)" if row[1] != "active" else "")
        return None

    def state(self) -> str:
        """The state that the latest run says it is in."""
        if self.connection is not None:
            with contextlib.suppress(psycopg.Error):
                row = self.connection.execute(
                    "SELECT state FROM greenai.run ORDER BY run_id DESC LIMIT 1"
                ).fetchone()
                if row is not None:
                    return str(row[0])
        return "no run yet"

    def close(self) -> None:
        """Leave."""
        if self.connection is not None:
            self.connection.close()


def kill(
    process: subprocess.Popen[str], watch: Watch, moment: float, *, publishing: bool
) -> tuple[float, str]:
    """SIGKILL a run at a moment of its life, or so long after it began to publish; when, and doing what."""
    begin = time.monotonic()
    until = begin + moment
    if publishing:
        while process.poll() is None and watch.query() is None:
            time.sleep(0.002)
        until = time.monotonic() + moment
    time.sleep(max(0.0, until - time.monotonic()))
    query = None if process.poll() is not None else watch.query()
    if process.returncode is not None:
        where = "ended"
    else:
        where = f"publishing: {query}" if query is not None else watch.state()
    process.kill()
    process.communicate()
    watch.close()
    return time.monotonic() - begin, where


@dataclass
class Trial:
    """Runs of one case that are killed: from one state of a store to the next one, and nothing between."""

    case: Path
    day: str
    place: Place
    snapshot: Path
    before: State
    after: State
    seconds: float
    """How long the run takes."""
    publishing: float
    """How long of that its transaction is open."""
    temporary: Path
    met: list[Kill] = field(default_factory=list)

    def once(self, chance: random.Random, *, publishing: bool, complete: bool) -> Kill:
        """Kill one run and look at the store; `complete` lets the next one come to its end."""
        self.place.restore(self.snapshot)
        process = start(self.case, self.day, store=self.place.store, env=self.env)
        span = self.publishing if publishing else self.seconds
        seconds, where = kill(process, Watch(self.place), chance.uniform(0, span), publishing=publishing)
        with self.place.opened() as url:
            quiet(url)
            found = state(url)
        assert found in (self.before, self.after), told_apart(found, self.before, self.after)
        met = Kill(seconds, where, found == self.after)
        self.met.append(met)
        if complete:
            self.complete()
        return met

    def complete(self) -> None:
        """The next run comes to its end, tells the same as ever, and sweeps what the killed one left."""
        done = run(self.case, self.day, store=self.place.store, env=self.env)
        assert (done.returncode, done.stderr) == (1, ""), done
        with self.place.opened() as url:
            assert state(url) == self.after
            unfinished = [one for one in runs_of(url) if one[1] not in ("awaiting_review", "failed")]
            assert not unfinished, unfinished
        assert not list(self.temporary.iterdir()), list(self.temporary.iterdir())

    @property
    def env(self) -> dict[str, str]:
        """The environment of the runs: a temporary folder of their own."""
        return {**self.place.env, "TMPDIR": str(self.temporary)}


def trial(folder: Path, case: Path, place: Place, *, first: bool = False) -> Trial:
    """Measure a run without kills: the state before it, the one after, and how long it takes.

    `first` begins with no store at all: the run makes it.
    """
    snapshot, temporary = folder / "before", folder / "temporary"
    temporary.mkdir(exist_ok=True)
    env = {**place.env, "TMPDIR": str(temporary)}
    before: State = {}
    if not first:
        done = run(case, FIRST, store=place.store, env=env)
        assert (done.returncode, done.stderr) == (1, ""), done
        with place.opened() as url:
            before = state(url)
        if place.home is not None:
            stop_postgres(place.home)
            copy_home(place.home, snapshot)
        else:
            assert place.server is not None
            name = place.store.partition("@/")[2].partition("?")[0]
            with connect(place.server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE before TEMPLATE {name}".encode())
    day = FIRST if first else SECOND
    begin = time.monotonic()
    process, watch, publishing = start(case, day, store=place.store, env=env), Watch(place), 0.0
    while process.poll() is None:
        looked = time.monotonic()
        if watch.query() is not None:
            time.sleep(0.002)
            publishing += time.monotonic() - looked
    out, err = process.communicate()
    seconds = time.monotonic() - begin
    assert (process.returncode, err) == (1, ""), (out, err)
    watch.close()
    with place.opened() as url:
        after = state(url)
    assert after != before
    return Trial(case, day, place, snapshot, before, after, seconds, publishing, temporary)


def embedded(folder: Path) -> Place:
    """An embedded store of its own."""
    home = folder / "home"
    return Place("embedded", {"GREENAI_HOME": str(home)}, home=home)


def served(url: str, database: str) -> Place:
    """A database of a server, made empty."""
    with connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}".encode())
    return Place(url.replace("@/greenai?", f"@/{database}?"), {}, server=url)


def main() -> None:
    """The long version."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    root = open_folder()
    try:
        with embedded_postgres(root / "postgres") as server:
            trials = {}
            for name in ("embedded", "server", "first"):
                folder = root / name
                folder.mkdir()
                case = write_case(folder, given.rows)
                place = served(server, "crashed") if name == "server" else embedded(folder)
                trials[name] = trial(folder, case, place, first=name == "first")
            for number in range(given.kills):
                name = ("embedded", "server", "embedded", "server", "first")[number % 5]
                met = trials[name].once(chance, publishing=number % 2 == 1, complete=True)
                print(f"{number + 1:4} {name:8} {met.seconds:6.2f} s  {'after ' if met.after else 'before'}  "
                      f"{met.where}", flush=True)  # fmt: skip
        everything = [met for one in trials.values() for met in one.met]
        print(Counter(met.where.partition(":")[0] for met in everything))
        print(Counter("after" if met.after else "before" for met in everything))
    finally:
        for home in (root / "postgres", root / "embedded" / "home", root / "first" / "home"):
            if home.exists():
                stop_postgres(home)
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
