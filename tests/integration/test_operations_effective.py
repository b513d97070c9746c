"""Which definition runs on a date, and who may let one hold, without HTTP in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jobshop import run_state, work_off
from operationsdesk import DEFINITION, OTHER, TODAY, feed

from greenai.errors import ConflictError, ForbiddenError, UsageError
from greenai.pipeline import activating, connections, due_runs
from greenai.pipeline.activating import Person
from greenai.pipeline.submission import submit
from greenai.store import actors, definition_changes
from greenai.store.database import connect

LATER = TODAY + timedelta(days=3)
SCHEDULE = 'schedule: {cron: "0 6 * * 1-5", business_date: today}\n'


@dataclass
class Office:
    """A store with a connection, and two people."""

    url: str
    connection: Any
    ann: Person
    ben: Person

    def activate(self, document: str, since: date, *, new: bool = False) -> int:
        saved = activating.save(
            self.connection, document, recon=None if new else "fx_trades", comment="", person=self.ann
        )
        change = activating.propose(
            self.connection, "fx_trades", saved.version, since, comment="", person=self.ann
        )
        self.approve(change, self.ben)
        return saved.version

    def approve(self, change_id: int, person: Person) -> None:
        found = definition_changes.change(self.connection, change_id)
        assert found is not None
        activating.decide(self.connection, found, "approved", comment="", person=person)
        found = definition_changes.change(self.connection, change_id)
        assert found is not None
        activating.activate(self.connection, found, person=person)


def person(connection: Any, name: str) -> Person:
    actors.person(connection, name)
    row = connection.execute("SELECT actor_id FROM greenai.actor WHERE name = %s", [name]).fetchone()
    return Person(row[0], name)


@pytest.fixture
def office(postgres_url: str, tmp_path: Path) -> Iterator[Office]:
    feed(tmp_path / "feeds", TODAY)
    feed(tmp_path / "feeds", LATER)
    with connect(postgres_url, autocommit=True) as connection:
        ann, ben = person(connection, "ann"), person(connection, "ben")
        version = connections.propose(
            connection, "feeds", str(tmp_path / "feeds"), description="", forbidden=(), actor="ann",
            actor_id=ann.actor_id,
        )  # fmt: skip
        connections.decide(
            connection, "feeds", version, "approved", comment=None, actor="ben", actor_id=ben.actor_id
        )
        yield Office(postgres_url, connection, ann, ben)


def test_a_schedule_runs_each_date_under_the_version_that_holds_on_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenai.pipeline.arrivals.SETTLED", 0.0)
    assert office.activate(DEFINITION + SCHEDULE, date(2026, 1, 1), new=True) == 1
    assert office.activate(OTHER + SCHEDULE, LATER) == 2
    change = activating.propose(
        office.connection, "fx_trades", None, LATER + timedelta(days=1), comment="", person=office.ann
    )
    with pytest.raises(ConflictError, match="waits for a decision already"):
        activating.propose(
            office.connection, "fx_trades", None, LATER + timedelta(days=1), comment="", person=office.ann
        )
    office.connection.execute("UPDATE greenai.schedule SET seen_until = '2026-11-20'")
    office.connection.execute(
        "UPDATE greenai.schedule_version SET registered_at = registered_at - interval '1 year'"
    )
    watch = due_runs.Watch()
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)  # Tuesday: Friday, Monday and Tuesday are due
    list(due_runs.note_due(office.connection, watch, now))
    found = definition_changes.change(office.connection, change)
    assert found is not None
    activating.decide(office.connection, found, "approved", comment="", person=office.ben)
    approved = definition_changes.change(office.connection, change)
    assert approved is not None
    assert definition_changes.activate(office.connection, change, actor_id=office.ben.actor_id)
    told = [one.what for one in due_runs.submit_arrived(office.connection, watch, now, submit)]
    assert told == ["submitted", "submitted", "skipped"]
    runs = office.connection.execute(
        "SELECT run_id, business_date, version FROM greenai.run ORDER BY business_date"
    ).fetchall()
    assert [(day, version) for _, day, version in runs] == [(TODAY, 1), (LATER, 2)]
    work_off(office.url, tmp_path / "workspace")
    assert [run_state(office.url, run).state for run, _, _ in runs] == ["awaiting_review", "completed"]


def test_a_maker_does_not_approve_a_definition_that_may_let_own_breaks_pass(
    office: Office, tmp_path: Path
) -> None:
    office.activate(DEFINITION, date(2026, 1, 1), new=True)
    activating.start(office.connection, "fx_trades", TODAY, person=office.ann)
    work_off(office.url, tmp_path / "workspace")
    row = office.connection.execute(
        "SELECT recon_id, record_id, break_id, business_date, publication_id FROM greenai.present_break "
        "WHERE field = 'amount' AND state = 'in_review' LIMIT 1"
    ).fetchone()
    # A proposal of ben about one break of `amount`, as a maker's looks in the store.
    proposal = office.connection.execute(
        "INSERT INTO greenai.proposal (recon_id, kind, maker_id, selection) "
        "VALUES (%s, 'accept', %s, '{}') RETURNING proposal_id",
        [row[0], office.ben.actor_id],
    ).fetchone()[0]
    office.connection.execute(
        "INSERT INTO greenai.proposal_item (proposal_id, recon_id, record_id, break_id, business_date, "
        "publication_id, decided_in) VALUES (%s, %s, %s, %s, %s, %s, 0)",
        [proposal, *row],
    )
    with pytest.raises(ForbiddenError, match="may let them pass"):
        office.activate(OTHER, LATER)
    # What bears on other breaks alone is no matter of these.
    office.activate(
        DEFINITION.replace(
            "currency: {type: string}", "currency: {type: string, compare: {ignore_case: true}}"
        ),
        LATER,
    )
    cleo = person(office.connection, "cleo")
    waiting = definition_changes.changes(office.connection, state="proposed")
    office.approve(waiting[0].change_id, cleo)


def test_golden_tables_are_made_at_activation_and_the_first_run_fills_them(
    office: Office, tmp_path: Path
) -> None:
    office.activate(DEFINITION, date(2026, 1, 1), new=True)
    assert office.connection.execute("SELECT count(*) FROM golden.fx_trade").fetchone() == (0,)
    activating.start(office.connection, "fx_trades", TODAY, person=office.ann)
    work_off(office.url, tmp_path / "workspace")
    assert office.connection.execute("SELECT count(*) FROM golden.fx_trade").fetchone() == (17,)
    assert office.connection.execute("SELECT count(*) FROM golden.fx_trade_history").fetchone() is not None


def test_another_recon_may_not_take_the_golden_table(office: Office) -> None:
    from greenai.errors import StoreError

    office.activate(DEFINITION, date(2026, 1, 1), new=True)
    other = DEFINITION.replace("recon: fx_trades", "recon: thief")
    activating.save(office.connection, other, recon=None, comment="", person=office.ann)
    change = activating.propose(
        office.connection, "thief", 1, date(2026, 1, 1), comment="", person=office.ann
    )
    with pytest.raises(StoreError, match="belongs to the recon 'fx_trades'"):
        office.approve(change, office.ben)


def test_a_recon_of_the_command_line_is_not_run_by_the_platform_before_a_version_holds(
    office: Office, tmp_path: Path
) -> None:
    from greenai.definition.loading import loads

    local = loads(DEFINITION.replace("connection://feeds/", ""))
    submit(office.connection, local, base=tmp_path / "feeds", business_date=TODAY, requested_by="ann")
    work_off(office.url, tmp_path / "workspace")
    with pytest.raises(UsageError, match="no version of the recon is effective"):
        activating.start(office.connection, "fx_trades", TODAY, person=office.ann)
    from greenai.definition.problems import InvalidDefinitionError

    with pytest.raises(InvalidDefinitionError, match="names a connection"):
        activating.propose(office.connection, "fx_trades", 1, TODAY, comment="", person=office.ann)
