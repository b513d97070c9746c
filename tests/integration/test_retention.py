"""What the workspace keeps of runs that came to nothing, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from storeshop import DEFINITION, FIRST, Shop, open_shop

from greenai.definition.loading import loads
from greenai.engines.duckdb import DuckDBEngine
from greenai.errors import UsageError
from greenai.jobs.retention import FAILED_KEPT, swept
from greenai.jobs.stage import RUNS
from greenai.jobs.worker import give_up
from greenai.pipeline import submission
from greenai.store import actors, jobs, requests


@pytest.fixture
def shop(postgres_url: str, engine: DuckDBEngine) -> Iterator[Shop]:
    with open_shop(postgres_url, engine) as opened:
        yield opened


def failed(shop: Shop, workspace: Path) -> int:
    """A run that failed, with a dead job and with files in the workspace."""
    run = requests.request(
        shop.connection, shop.saved.recon_id, 1, FIRST, folder="/", causes=True, urgency=0, actor="ann"
    )
    jobs.add(shop.connection, "ingest", "ingest", run_id=run)
    claim = jobs.claim(shop.connection, "ingest", "me")
    assert claim is not None
    assert jobs.dead(shop.connection, claim, error="no such file", remedy=None)
    give_up(shop.connection, run, "ingest", "no such file")
    (workspace / RUNS / str(run)).mkdir(parents=True)
    return run


def test_a_failed_run_that_is_cancelled_leaves_no_files_and_no_dead_job(shop: Shop, tmp_path: Path) -> None:
    run, other = failed(shop, tmp_path), failed(shop, tmp_path)
    assert swept(shop.connection, tmp_path) == []
    submission.cancel(shop.connection, run, requested_by="ann")
    assert requests.standing(shop.connection, run) == ("cancelled", "cancelled by ann")
    assert [job.run for job in jobs.listed(shop.connection, state="dead")] == [other]
    assert swept(shop.connection, tmp_path) == [run]
    with pytest.raises(UsageError, match="no such run is going on"):
        submission.cancel(shop.connection, run, requested_by="ann")


def test_who_asks_is_a_person_or_a_program_and_is_written_down(shop: Shop, tmp_path: Path) -> None:
    definition = loads(DEFINITION, source="test")
    given: dict[str, Any] = {"base": tmp_path, "business_date": FIRST}
    run = submission.submit(shop.connection, definition, requested_by="scheduler", **given)
    submission.cancel(shop.connection, run, requested_by="ben")
    failing = failed(shop, tmp_path)
    (dead,) = jobs.listed(shop.connection, state="dead")
    submission.retry(shop.connection, dead.job, requested_by="carl")
    events = shop.connection.execute(
        "SELECT a.name, a.kind, e.action, e.subject, e.details ->> 'run' "
        "FROM greenai.audit_event e JOIN greenai.actor a USING (actor_id) ORDER BY event_id"
    ).fetchall()
    assert events == [
        ("scheduler", "program", "submit", "trades", str(run)),
        ("ben", "person", "cancel", "trades", str(run)),
        ("carl", "person", "retry", "trades", str(failing)),
    ]
    for nobody in ("gate", ""):
        with pytest.raises(UsageError):
            submission.submit(shop.connection, definition, requested_by=nobody, **given)
    with pytest.raises(UsageError, match="a person decides"):
        actors.person(shop.connection, "scheduler")


def test_files_of_a_failed_run_are_kept_for_a_month(shop: Shop, tmp_path: Path) -> None:
    old, recent = failed(shop, tmp_path), failed(shop, tmp_path)
    for run, age in ((old, FAILED_KEPT + timedelta(hours=1)), (recent, FAILED_KEPT - timedelta(hours=1))):
        shop.connection.execute(
            "UPDATE greenai.run SET finished_at = now() - %s WHERE run_id = %s", [age, run]
        )
    assert swept(shop.connection, tmp_path) == [old]
    assert (tmp_path / RUNS / str(recent)).exists()
