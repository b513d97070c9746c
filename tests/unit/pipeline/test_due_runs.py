"""What is told of a due run, under which registration it runs, and when its files are whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.definition.loading import loads
from greenai.definition.schedule import EVENTS, Schedule
from greenai.domain.schedules import Due, Registration
from greenai.errors import DefinitionError
from greenai.pipeline.arrivals import SETTLED, Arrivals, Sight, sight
from greenai.pipeline.due_runs import ends
from greenai.pipeline.registering import written
from greenai.pipeline.scheduling import due_between, firings, registered, timing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = Schedule.model_validate(
    {"cron": "0 6 * * *", "overdue": "2h", "notify": {"to": ["a@b"], "events": list(EVENTS)}}
)
DUE = Due(
    due_id=1, kind="cron", business_date=date(2026, 11, 19), due_at=NOON, first_seen=NOON, state="submitted",
    run_id=7, recon_id=1, recon="r", registered_at=NOON, run_state="queued", run_error=None, told=(),
)  # fmt: skip
HOUR = timedelta(hours=1)


def registration(at: datetime, cron: str = "0 6 * * *") -> Registration:
    return Registration(at, "/data", written(Schedule(cron=cron)), "recon: r")


@pytest.mark.parametrize(
    ("run", "state", "after", "events", "over"),
    [
        (7, "queued", 1, [], False),
        (7, "comparing", 2, ["overdue"], False),
        (7, "awaiting_review", 3, ["review_needed"], False),
        (7, "completed", 3, ["completed"], True),
        (7, "failed", 3, ["failed"], False),
        (7, "failed", 24 * 8, ["failed"], True),
        (7, "cancelled", 3, [], True),
        (None, None, 3, [], True),
    ],
)
def test_what_became_of_a_run_is_told(
    run: int | None, state: str | None, after: int, events: list[str], over: bool
) -> None:
    due = replace(DUE, run_id=run, run_state=state)
    assert ends(due, ALL, NOON + after * HOUR) == (events, over)
    assert ends(replace(due, told=tuple(events)), ALL, NOON + after * HOUR) == ([], over)


def test_one_that_waits_for_files_can_be_overdue_and_is_never_over() -> None:
    due = replace(DUE, state="missed", run_id=None, run_state=None)
    assert ends(due, ALL, NOON + 2 * HOUR) == (["overdue"], False)
    assert ends(due, ALL, NOON + 24 * 30 * HOUR)[1] is False


def test_nobody_is_told_what_nobody_asked_for() -> None:
    failed = replace(DUE, run_state="failed")
    assert ends(failed, Schedule(cron="0 6 * * *", overdue="1h"), NOON + 5 * HOUR) == ([], False)
    unusual = Schedule.model_validate({"cron": "0 6 * * *", "notify": "a@b"})
    assert ends(replace(DUE, run_state="completed"), unusual, NOON)[0] == []


@given(
    st.lists(st.integers(1, 96), min_size=1, max_size=4, unique=True), st.integers(0, 96), st.integers(1, 96)
)
def test_each_time_is_due_by_the_registration_that_held_then(at: list[int], after: int, hours: int) -> None:
    start = NOON - 96 * HOUR
    known = [
        registration(start + hour * HOUR, f"{number * 7} * * * *") for number, hour in enumerate(sorted(at))
    ]
    begin, end = start + after * HOUR, start + (after + hours) * HOUR
    for held, firing in due_between(known, begin, end):
        assert begin < firing.at <= end
        assert held.registered_at < firing.at
        assert registered(known, firing.at - timedelta.resolution) == held
    if after >= max(at):
        assert [one for _, one in due_between(known, begin, end)] == firings(timing(known[-1]), begin, end)


def test_before_the_first_registration_the_first_one_holds() -> None:
    known = [registration(NOON), registration(NOON + HOUR)]
    assert registered(known, NOON - HOUR) == known[0]
    assert registered(known, NOON + HOUR) == known[1]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"calendar": {"name": "every_day", "closed": ["friday"], "holidays": ["2026-12-25"]}},
        {"business_date": "today", "timezone": "Asia/Tokyo", "wait_for_files": "2h", "overdue": "1d"},
        {"notify": {"to": ["a@b", "webhook:OPS"], "events": ["failed"]}},
    ],
)
def test_a_schedule_is_registered_and_read_back(more: dict[str, object]) -> None:
    schedule = Schedule.model_validate({"cron": "0 6 * * 1-5", **more})
    assert timing(replace(registration(NOON), timing=written(schedule))) == schedule


def test_a_registration_of_another_program_is_refused() -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        timing(replace(registration(NOON), timing={"cron": "0 6 * * *", "moon": "full"}))


def look(*sizes: int) -> Sight:
    return Sight(tuple((f"/f{number}", size, 0) for number, size in enumerate(sizes)), ())


def test_files_are_whole_when_they_have_looked_alike_for_some_seconds() -> None:
    seen = Arrivals()
    assert not seen.whole(1, look(3, 4), 100.0)
    assert not seen.whole(1, look(3, 4), 99.9 + SETTLED)
    assert seen.whole(1, look(3, 4), 100.0 + SETTLED)
    assert not seen.whole(1, look(3, 5), 101.0 + SETTLED)
    assert not seen.whole(1, Sight(look(3).look, ("b.csv",)), 200.0), "one is missing"
    assert not seen.whole(1, look(3, 5), 201.0), "it begins anew when it is back"
    assert not seen.whole(2, look(3, 5), 300.0), "each run for itself"


def test_what_is_elsewhere_is_taken_to_be_there(tmp_path: Path) -> None:
    text = "recon: r\nsources: {a: {location: 's3://bucket/a.csv'}, b: {location: ['b_*.csv', c.csv]}}\n"
    definition = loads(text, source="test")
    assert sight(definition, tmp_path, {}).missing == ("b_*.csv", "c.csv")
    for name in ("b_1.csv", "b_2.csv", "c.csv"):
        (tmp_path / name).write_text("id\n", encoding="utf-8")
    found = sight(definition, tmp_path, {})
    assert found.missing == ()
    assert [Path(path).name for path, _, _ in found.look] == ["b_1.csv", "b_2.csv", "c.csv"]
