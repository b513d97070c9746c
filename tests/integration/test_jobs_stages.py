"""A run through the queue: the same result as a run of one process, whatever happens to its engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from jobshop import place, run_state, work_off, workers

from crashcase import FIRST, SECOND, run, state, write_case
from greenai.definition.loading import load
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import EngineError, StaleError, SupersededError, UsageError
from greenai.jobs import stage
from greenai.pipeline import submission
from greenai.store import jobs
from greenai.store.database import connect

ROWS = 2000
WHO = ("greenai.actor", "greenai.audit_event", "greenai.audit_link")


def submit(url: str, case: Path, day: str) -> int:
    read = load(case)
    with connect(url, autocommit=True) as connection:
        return submission.submit(
            connection,
            read.definition,
            base=read.folder,
            business_date=date.fromisoformat(day),
            requested_by="ann",
        )


def unnamed(tables: dict[str, Any]) -> dict[str, Any]:
    """The tables but those that tell who asked for a run."""
    return {name: found for name, found in tables.items() if name not in WHO}


def test_stages_of_engines_end_as_a_run_of_one_process(folder: Path, new_database: Callable[[], str]) -> None:
    case, url, other = write_case(folder, ROWS), new_database(), new_database()
    for day in (FIRST, SECOND):
        assert run(case, day, store=other, env={}).returncode == 1
        run_id = submit(url, case, day)
        assert run_state(url, run_id).state == "queued"
        assert work_off(url, folder / "workspace") == 5
        assert run_state(url, run_id).state == "awaiting_review"
    assert unnamed(state(url)) == unnamed(state(other))
    assert not list((folder / "workspace" / "runs").iterdir()), "what stages handed over is gone"


def test_a_run_that_says_the_same_as_one_before_writes_nothing(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    first = submit(url, case, FIRST)
    work_off(url, folder / "workspace")
    before = unnamed(state(url))
    second = submit(url, case, FIRST)
    work_off(url, folder / "workspace")
    found = run_state(url, second)
    assert (found.state, found.error) == (
        "cancelled",
        f"it says the same as run {first}: nothing was written",
    )
    assert unnamed(state(url)) == before


def test_a_late_commit_is_refused(folder: Path, new_database: Callable[[], str]) -> None:
    case, url = write_case(folder, ROWS), new_database()
    run_id = submit(url, case, FIRST)
    here = place(url, folder / "workspace")
    with connect(url, autocommit=True) as connection:
        late = jobs.claim(connection, "ingest", "late", lease=0.0)
        assert late is not None
        taken = jobs.claim(connection, "ingest", "next")
        assert taken is not None
        assert (taken.job_id, taken.token) == (late.job_id, late.token + 1)
    stage.work(here, taken)
    with pytest.raises(SupersededError):
        stage.work(here, late)
    assert [one.name for one in (folder / "workspace" / "runs" / str(run_id)).iterdir()] == [
        f"ingest-{taken.job_id}-{taken.token}"
    ]


def test_a_file_that_is_missing_fails_the_run_at_once_and_can_be_mended(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    kept = folder / FIRST / "b.csv"
    hidden = kept.rename(kept.with_suffix(".away"))
    run_id = submit(url, case, FIRST)
    assert work_off(url, folder / "workspace") == 1
    found = run_state(url, run_id)
    assert found.state == "failed"
    assert "b.csv" in (found.error or "")
    with connect(url, autocommit=True) as connection:
        (dead,) = jobs.listed(connection, state="dead")
        assert (dead.run, dead.attempts, dead.remedy is not None) == (run_id, 1, True)
        hidden.rename(kept)
        assert submission.retry(connection, dead.job, requested_by="ann") == "ingest"
        with pytest.raises(UsageError):
            submission.retry(connection, dead.job, requested_by="ann")
    assert work_off(url, folder / "workspace") == 5
    assert run_state(url, run_id).state == "awaiting_review"


def test_a_poisoned_stage_is_given_up_after_its_attempts_and_stops_nothing_else(
    folder: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    poisoned, healthy = submit(url, case, FIRST), submit(url, case, SECOND)
    real = stage.WORK["compare"]

    def poison(bench):  # type: ignore[no-untyped-def]
        if bench.request.run_id == poisoned:
            raise RuntimeError("poison")
        return real(bench)

    monkeypatch.setitem(stage.WORK, "compare", poison)
    monkeypatch.setattr("greenai.jobs.failures.LONGEST", 0.0)
    work_off(url, folder / "workspace")
    assert run_state(url, healthy).state == "awaiting_review"
    assert (run_state(url, poisoned).state, run_state(url, poisoned).error) == (
        "failed",
        "RuntimeError: poison",
    )
    with connect(url) as connection:
        (dead,) = jobs.listed(connection, state="dead")
    assert (dead.kind, dead.attempts, dead.most_attempts) == ("compare", 5, 5)


def test_a_run_that_is_cancelled_is_worked_on_no_more(folder: Path, new_database: Callable[[], str]) -> None:
    case, url = write_case(folder, ROWS), new_database()
    run_id = submit(url, case, FIRST)
    ingest, *_ = workers(url, folder / "workspace")
    assert ingest.once()
    with connect(url, autocommit=True) as connection:
        submission.cancel(connection, run_id, requested_by="ann")
        with pytest.raises(UsageError):
            submission.cancel(connection, run_id, requested_by="ann")
    assert work_off(url, folder / "workspace") == 0
    assert (run_state(url, run_id).state, run_state(url, run_id).error) == ("cancelled", "cancelled by ann")


def test_a_commit_whose_answer_was_lost_counts(
    folder: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    run_id = submit(url, case, FIRST)
    ingest, *_ = workers(url, folder / "workspace")

    def lost(*_: object) -> None:
        raise psycopg.OperationalError("the connection was lost")

    with monkeypatch.context() as patch:
        patch.setattr(stage, "tidied", lost)  # right after the commit
        assert ingest.once()
    assert work_off(url, folder / "workspace") == 4
    assert run_state(url, run_id).state == "awaiting_review"


def test_a_handover_that_is_gone_is_made_again(folder: Path, new_database: Callable[[], str]) -> None:
    case, url, other = write_case(folder, ROWS), new_database(), new_database()
    assert run(case, FIRST, store=other, env={}).returncode == 1
    submit(url, case, FIRST)
    for worker in workers(url, folder / "workspace")[:2]:
        assert worker.once()
    shutil.rmtree(folder / "workspace")
    assert work_off(url, folder / "workspace") == 1 + 1 + 5, "attribute goes back to compare, that to ingest"
    assert unnamed(state(url)) == unnamed(state(other))


def test_engines_that_share_no_workspace_do_not_go_round_for_ever(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    run_id = submit(url, case, FIRST)
    ingest = workers(url, folder / "one")[0]
    diff = workers(url, folder / "other")[1]
    for _ in range(20):
        if not (ingest.once() | diff.once()):
            break
    found = run_state(url, run_id)
    assert found.state == "failed"
    assert "gone" in (found.error or "")


def test_what_was_found_from_what_is_others_now_is_found_again(
    folder: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    run_id = submit(url, case, FIRST)
    crew = workers(url, folder / "workspace")
    for worker in crew[:4]:
        assert worker.once()
    real = stage.decide

    def stale(*_: object) -> None:
        raise StaleError("an earlier date was published", stage="compare")

    with monkeypatch.context() as patch:
        patch.setattr(stage, "decide", stale)
        assert crew[4].once()
    assert real is stage.decide
    assert work_off(url, folder / "workspace") == 4, "each following stage at its first attempt"
    assert run_state(url, run_id).state == "awaiting_review"
    with connect(url) as connection:
        assert {one.kind: one.attempts for one in jobs.listed(connection, run_id=run_id)} == {
            "ingest": 1,
            "compare": 2,
            "attribute": 1,
            "discriminate": 1,
            "decide": 1,
        }


def test_work_that_is_abandoned_between_two_statements_ends(
    folder: Path, new_database: Callable[[], str]
) -> None:
    with DuckDBEngine() as engine:
        engine.abandon()
        with pytest.raises(EngineError, match="interrupted"):
            engine.execute("SELECT 1")


def test_stages_of_engines_note_the_rows_of_a_run_of_one_process(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url, other = write_case(folder, ROWS), new_database(), new_database()
    assert run(case, FIRST, store=other, env={}).returncode == 1
    submit(url, case, FIRST)
    work_off(url, folder / "workspace")
    noted = []
    for one in (url, other):
        with connect(one) as connection:
            rows = connection.execute(
                "SELECT stage, rows_in, rows_out FROM greenai.run_stage "
                "WHERE stage IN ('compare', 'attribute', 'decide') ORDER BY 1"
            ).fetchall()
        noted.append(rows)
    assert noted[0] == noted[1]
