"""Kill ``greenai run`` at random moments and look whether the store is as before or as after, never between.

``python tests/crash.py --kills 100`` (or ``make crash``) is the long version; the tests use its parts.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from greenai.embedded.postgres import embedded_postgres, running_url, stop_postgres
from greenai.store.database import connect

DEFINITION = """
recon: {recon}
population: full
sources:
  a: {{system: front, location: "{{business_date}}/a.csv"}}
  b: {{system: back, location: "{{business_date}}/b.csv"}}
key: [id]
fields:
  id: {{type: integer}}
  party: {{type: string}}
  name: {{type: string}}
  amount: {{type: "decimal(18,2)", compare: {{absolute: 0.01}}}}
  note: {{type: string}}
max_rejects: 0.1
gate:
  authority: a
  reasons: {{FORMAT: pass, UNKNOWN: review}}
  checks: [{{not_null: [party]}}]
store:
  table: {recon}
  references: {{party_of_{recon}: {{key: [party], fields: [name]}}}}
"""
FIRST, SECOND = "2026-01-30", "2026-02-02"
BOOKKEEPING = {"run", "run_stage", "run_input"}
"""What tells of every attempt, also of those that came to nothing."""
CATALOGUE = {
    *("recon", "key_schema", "definition_version", "definition_source", "definition_policy"),
    *("source_system", "reason"),
}
"""What is known of a definition as soon as it is run."""
DEFINING = {"published_at": "published_at", "_known_from": "published_at", "_known_to": "published_at"}
NUMBERS = dict.fromkeys(("publication_id", "_publication", "decided_in"), "publication_id")

State = dict[str, tuple[int, str]]


def write_case(folder: Path, rows: int, recon: str = "crashed") -> Path:
    """Two business dates of a recon: of the second some rows are changed, gone, new."""
    for number, day in enumerate((FIRST, SECOND)):
        (folder / day).mkdir(parents=True, exist_ok=True)
        write_side(folder / day / "a.csv", rows, number, "a")
        write_side(folder / day / "b.csv", rows, number, "b")
    path = folder / f"{recon}.yaml"
    path.write_text(DEFINITION.format(recon=recon), encoding="utf-8")
    return path


def write_side(path: Path, rows: int, day: int, side: str) -> None:
    """One file: every 50th amount differs, every 97th note is written otherwise, some rows are one-sided."""
    other = side == "b"
    with path.open("w", encoding="utf-8") as file:
        file.write("id,party,name,amount,note\n")
        for n in range(day * rows // 50, rows + day * rows // 40):
            if n % (211 if other else 307) == 0:
                continue
            party = "" if n % 1009 == 5 else f"P{n % 83}"
            amount = n % 10007 + (n % 50 == 0 and other) + (n % 20 == day)
            note = f"note {n} of {n % 7}"
            file.write(f"{n},{party},{party and 'Party ' + party},{amount}.25,")
            file.write((note.upper() + " " if n % 97 == 0 and other else note) + "\n")
        file.write("broken,P1,Party P1,1,x\n")


def open_folder() -> Path:
    """A new folder that everybody may enter: for root another user runs PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="greenai-crash-"))
    folder.chmod(0o755)
    return folder


def state(url: str) -> State:
    """Rows and digest of every table that publishing writes, without the numbers that each attempt takes."""
    found: State = {}
    with connect(url, autocommit=True) as connection:
        connection.execute("SET work_mem = '64MB'")
        tables = connection.execute(
            "SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum) "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE n.nspname IN ('greenai', 'golden') AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        for schema, table, columns in tables:
            if schema == "greenai" and table in BOOKKEEPING | CATALOGUE | {"schema_migration"}:
                continue
            shown = ", ".join(f"{told(name)}::text" for name in columns if name != "created_at")
            persons = "WHERE actor_id > 0" if table == "actor" else ""
            row = connection.execute(
                f"SELECT count(*), coalesce(md5(string_agg(md5(one::text), '' ORDER BY md5(one::text))), '') "
                f'FROM (SELECT ROW({shown}) AS one FROM {schema}."{table}" t {persons}) s'.encode()
            ).fetchone()
            assert row is not None
            if row[0] or schema == "golden":
                found[f"{schema}.{table}"] = (int(row[0]), str(row[1]))
    return found


def told(column: str) -> str:
    """A column, or the rank of the publication that its number or time is of."""
    rank = '(SELECT count(*) FROM greenai.publication p WHERE p.{} <= t."{}")'
    if column == "run_id":
        return rank.format("run_id", column)
    known = DEFINING | NUMBERS
    return rank.format(known[column], column) if column in known else f't."{column}"'


def runs_of(url: str) -> list[tuple[int, str, str | None]]:
    """Number, state and error of every run."""
    with connect(url, autocommit=True) as connection:
        return connection.execute("SELECT run_id, state, error FROM greenai.run ORDER BY 1").fetchall()


def start(case: Path, day: str, *, store: str, env: dict[str, str]) -> subprocess.Popen[str]:
    """``greenai run`` as a process of its own."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("GREENAI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "greenai", "run", str(case), "--business-date", day, "--store", store,
         "--format", "json"],
        env={**given, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip


def run(case: Path, day: str, *, store: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The same, to its end."""
    process = start(case, day, store=store, env=env)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


# -- killing --------------------------------------------------------------------------------------


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


def quiet(url: str) -> None:
    """Wait until the server has noticed that the killed one is gone."""
    until = time.monotonic() + 30
    with connect(url, autocommit=True) as connection:
        while connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'greenai' "
            "AND datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone() != (0,):
            assert time.monotonic() < until, "a backend of a killed run works on"
            time.sleep(0.01)


def told_apart(found: State, before: State, after: State) -> str:
    """Which tables are neither as before nor as after, and which are of which."""
    lines = []
    for name in sorted({*found, *before, *after}):
        one = found.get(name)
        of = [word for word, of in (("before", before), ("after", after)) if of.get(name) == one]
        if len(of) < 2:
            lines.append(f"{name}: {' and '.join(of) or 'neither'} ({one})")
    return "a state between:\n" + "\n".join(lines)


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
