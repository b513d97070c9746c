"""A recon that is run as a process, and the state of its store as one value that can be compared."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
BOOKKEEPING = {"run", "run_stage", "run_input", "run_request", "job", "outbox"}
"""What tells of every attempt, also of those that came to nothing."""
CATALOGUE = {
    *("recon", "key_schema", "definition_version", "definition_source", "definition_policy"),
    *("source_system", "reason", "reason_rule"),
}
"""What is known of a definition as soon as it is run."""
COUNTED = {"run_tally", "run_tallied"}
"""What a scheduler that leads counts after a run; there need not be one."""
AUDIT = {"audit_event", "audit_link", "audit_head"}
"""What tells when something was done: another time it is another."""
LEFT_OUT = BOOKKEEPING | CATALOGUE | COUNTED | AUDIT | {"schema_migration"}
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
            if schema == "greenai" and table in LEFT_OUT:
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


def quiet(url: str) -> None:
    """Wait until the server has noticed that the killed one is gone."""
    until = time.monotonic() + 30
    with connect(url, autocommit=True) as connection:
        while connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'greenai%' "
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
