"""Commands at once on one store: all end well, and the store is as if they had come one after the other."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crash import embedded
from crashcase import FIRST, SECOND, open_folder, run, runs_of, start, state, write_case
from face import process
from greenai.embedded.postgres import stop_postgres
from greenai.store.database import connect

pytestmark = pytest.mark.slow
ROWS = 2000


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    stop_postgres(folder / "home")
    shutil.rmtree(folder)


def ends(processes: list[subprocess.Popen[str]]) -> list[tuple[int | None, str]]:
    """Exit codes and messages of all."""
    said = [process.communicate(timeout=300)[1] for process in processes]
    return [(process.returncode, err) for process, err in zip(processes, said, strict=True)]


def test_the_same_inputs_at_once_are_published_once(folder: Path, new_database: Callable[[], str]) -> None:
    case, url, other = write_case(folder, ROWS), new_database(), new_database()
    assert run(case, FIRST, store=other, env={}).returncode == 1
    assert ends([start(case, FIRST, store=url, env={}) for _ in range(3)]) == [(1, "")] * 3
    assert state(url) == state(other)
    assert [one[1] for one in runs_of(url)] == ["awaiting_review"], "the others left no trace"


def unnumbered(tables: dict[str, Any]) -> dict[str, Any]:
    """The tables without those that name runs: of two at once, the second to begin may publish first."""
    numbered = ("greenai.run_", "greenai.publication", "greenai.rejected_row")
    return {name: digest for name, digest in tables.items() if not name.startswith(numbered)}


def test_different_dates_at_once_end_as_one_after_the_other(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    assert ends([start(case, day, store=url, env={}) for day in (FIRST, SECOND)]) == [(1, "")] * 2
    with connect(url) as connection:
        days = connection.execute(
            "SELECT business_date::text FROM greenai.publication p JOIN greenai.run USING (run_id) "
            "ORDER BY publication_id"
        ).fetchall()
    other = new_database()
    for (day,) in days:
        assert run(case, day, store=other, env={}).returncode == 1
    assert unnumbered(state(url)) == unnumbered(state(other))


def test_different_inputs_at_once_supersede_in_the_order_of_their_publication(
    folder: Path, new_database: Callable[[], str]
) -> None:
    url, other = new_database(), new_database()
    cases = [write_case(folder / name, rows) for name, rows in (("one", ROWS), ("two", ROWS + 100))]
    for target in (url, other):  # no more definitions to save
        assert run(cases[0], SECOND, store=target, env={}).returncode == 1
    assert ends([start(case, FIRST, store=url, env={}) for case in cases]) == [(1, "")] * 2
    with connect(url) as connection:
        published = connection.execute(
            "SELECT location FROM greenai.publication p JOIN greenai.run_input USING (run_id) "
            "WHERE side = 'a' ORDER BY publication_id"
        ).fetchall()
    order = [case for (location,) in published[1:] for case in cases if location.startswith(str(case.parent))]
    assert len(order) == 2
    for case in order:
        assert run(case, FIRST, store=other, env={}).returncode == 1
    assert unnumbered(state(url)) == unnumbered(state(other))


def test_many_new_recons_at_once_in_a_database_that_is_made_for_them(folder: Path) -> None:
    cases = [write_case(folder / f"r{n}", 300, recon=f"r{n}") for n in range(8)]
    place = embedded(folder)
    assert ends([start(case, FIRST, store="embedded", env=place.env) for case in cases]) == [(1, "")] * 8
    with place.opened() as url:
        found = state(url)
        assert [one[1] for one in runs_of(url)] == ["awaiting_review"] * 8
    rows = [found[f"golden.r{n}"] for n in range(8)]
    assert Counter(count for count, _ in rows) == {rows[0][0]: 8}
    log = (folder / "home" / "postgres" / "server.log").read_text(encoding="utf-8")
    assert "deadlock" not in log


def test_readers_and_migrations_go_on_while_runs_begin(
    folder: Path, empty_database: Callable[[], str]
) -> None:
    url, failed = empty_database(), []
    cases = [write_case(folder / f"r{n}", 300, recon=f"r{n}") for n in range(3)]
    assert run(cases[0], FIRST, store=url, env={}).returncode == 1
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with connect(url) as connection:  # every large table in one transaction, against the order
                    for table in ("decision", "attribution", "break_version", "break", "record", "run"):
                        connection.execute(f"SELECT count(*) FROM greenai.{table}".encode())
            except Exception as error:
                failed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        processes = [start(case, day, store=url, env={}) for case in cases for day in (FIRST, SECOND)]
        migrated = [process("db", "migrate", "--store", url) for _ in range(3)]
        assert ends(processes) == [(1, "")] * 6
    finally:
        done.set()
        reader.join()
    assert not failed
    assert [(one.returncode, one.stderr) for one in migrated] == [(0, "")] * 3
    assert len(runs_of(url)) == 6


def test_two_recons_that_want_one_golden_table_at_once_are_told_apart(
    folder: Path, new_database: Callable[[], str]
) -> None:
    url, cases = new_database(), []
    for name in ("one", "two"):
        case = write_case(folder / name, ROWS, recon=name)
        text = case.read_text(encoding="utf-8").replace(f"table: {name}", "table: wanted")
        case.write_text(text, encoding="utf-8")
        cases.append(case)
    with connect(url) as connection:
        # The first one waits after it has made its tables, until the second one wants them.
        connection.execute("LOCK TABLE greenai.run_result IN SHARE MODE")
        processes = [start(case, FIRST, store=url, env={}) for case in cases]
        with connect(url, autocommit=True) as watch:
            while watch.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            ).fetchone() != (2,):
                assert [one.poll() for one in processes] == [None, None]
                time.sleep(0.02)
    codes = ends(processes)
    assert sorted(code for code, _ in codes) == [1, 2]
    (message,) = (err for code, err in codes if code == 2)
    assert "the golden table 'wanted' belongs to the recon" in message
    assert sorted(str(one[1]) for one in runs_of(url)) == ["awaiting_review", "failed"]
