"""A run through the queue: the same result as a run of one process, whatever happens to its engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from jobshop import place, run_state, work_off, workers

from crashcase import FIRST, SECOND, open_folder, run, state, write_case
from greenai.definition.loading import load
from greenai.errors import SupersededError, UsageError
from greenai.jobs import stage
from greenai.pipeline import submission
from greenai.store import jobs
from greenai.store.database import connect

ROWS = 2000


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


def submit(url: str, case: Path, day: str) -> int:
    read = load(case)
    with connect(url, autocommit=True) as connection:
        return submission.submit(
            connection,
            read.definition,
            base=read.folder,
            business_date=date.fromisoformat(day),
            requested_by="gate",  # nobody whom the other database does not know
        )


def test_stages_of_engines_end_as_a_run_of_one_process(folder: Path, new_database: Callable[[], str]) -> None:
    case, url, other = write_case(folder, ROWS), new_database(), new_database()
    for day in (FIRST, SECOND):
        assert run(case, day, store=other, env={}).returncode == 1
        run_id = submit(url, case, day)
        assert run_state(url, run_id).state == "queued"
        assert work_off(url, folder / "workspace") == 5
        assert run_state(url, run_id).state == "awaiting_review"
    assert state(url) == state(other)
    assert not list((folder / "workspace" / "runs").iterdir()), "what stages handed over is gone"


def test_a_run_that_says_the_same_as_one_before_writes_nothing(
    folder: Path, new_database: Callable[[], str]
) -> None:
    case, url = write_case(folder, ROWS), new_database()
    first = submit(url, case, FIRST)
    work_off(url, folder / "workspace")
    before = state(url)
    second = submit(url, case, FIRST)
    work_off(url, folder / "workspace")
    found = run_state(url, second)
    assert (found.state, found.error) == (
        "cancelled",
        f"it says the same as run {first}: nothing was written",
    )
    assert state(url) == before


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
        f"ingest-{taken.token}"
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
        assert submission.retry(connection, dead.job) == "ingest"
        with pytest.raises(UsageError):
            submission.retry(connection, dead.job)
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
