"""Schedules, backfills and notices in requests and responses."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from greenai.bff.schemas.common import Answer, Asked, Moment
from greenai.domain.schedules import NoticeState


class CalendarAsked(Asked):
    """The business days of a place."""

    name: Literal["weekends", "every_day", "target"] = "weekends"
    closed: Annotated[
        list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]],
        Field(max_length=7, default_factory=list),
    ]
    holidays: Annotated[list[date], Field(max_length=1000, default_factory=list)]


class NotifyAsked(Asked):
    """Who is told of what."""

    to: Annotated[
        list[Annotated[str, Field(max_length=320)]],
        Field(min_length=1, max_length=50, description="E-mail addresses, and webhook:NAME."),
    ]
    events: Annotated[
        list[Literal["missed_file", "overdue", "failed", "review_needed", "completed"]] | None,
        Field(min_length=1, max_length=5, description="All but completed when left out."),
    ] = None


class ScheduleAsked(Asked):
    """When a recon runs by itself."""

    cron: Annotated[str, Field(min_length=9, max_length=200, examples=["0 6 * * 1-5"])]
    timezone: Annotated[str, Field(max_length=60, examples=["Europe/London"])] = "UTC"
    calendar: CalendarAsked | None = None
    business_date: Annotated[
        int, Field(ge=-30, le=0, description="Business days that the date of a run lies before its time.")
    ] = -1
    wait_for_files: Annotated[str, Field(pattern="^[0-9]{1,4}[smhd]$", examples=["30m"])] = "30m"
    overdue: Annotated[str | None, Field(pattern="^[0-9]{1,4}[smhd]$", examples=["2h"])] = None
    notify: NotifyAsked | None = None


class ScheduleShown(Answer):
    """A recon that runs by itself, with what is due next; nothing is where it is paused."""

    recon: str
    state: Literal["active", "paused"]
    version: Annotated[int, Field(description="That was registered; the effective one of a date runs.")]
    registered_at: Moment
    timing: Annotated[dict[str, Any], Field(description="As the part `schedule` of a definition.")]
    next_at: Moment | None
    next_business_date: date | None


class SchedulePage(Answer):
    """Recons that run by themselves, by name."""

    items: list[ScheduleShown]
    next: str | None


class BackfillAsked(Asked):
    """Ask for a run of each business date of a range."""

    first: Annotated[date, Field(examples=["2026-11-02"])]
    last: Annotated[date, Field(examples=["2026-11-20"])]


class BackfillShown(Answer):
    """Business dates that were asked for, and those that wait already."""

    asked: list[date]
    waiting: list[date]


class NoticeShown(Answer):
    """What somebody was told, or is to be."""

    notice: int
    recon: str
    business_date: date
    run: int | None
    event: str
    target: str
    state: NoticeState
    attempts: int
    created_at: Moment
    sent_at: Moment | None
    error: str | None


class NoticePage(Answer):
    """Notices, the last first."""

    items: list[NoticeShown]
    next: str | None
