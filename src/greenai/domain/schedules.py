"""Recons that run by themselves: what is registered, what is due, what somebody is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

ScheduleState = Literal["active", "paused", "removed"]
DueState = Literal["waiting", "missed", "submitted", "skipped"]
NoticeState = Literal["waiting", "sent", "dead"]


@dataclass(frozen=True, slots=True)
class Registration:
    """What a recon runs by itself from a moment on. `document` is the YAML of the definition, `timing` its
    part `schedule` as data; relative locations start at `folder`."""

    registered_at: datetime
    folder: str
    timing: Mapping[str, Any]
    document: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A recon that runs by itself, with its latest registration."""

    recon_id: int
    recon: str
    state: ScheduleState
    seen_until: datetime
    version: int
    registration: Registration


@dataclass(frozen=True, slots=True)
class Running:
    """A schedule that is not paused: what was registered last, and up to when all that was due is known."""

    recon_id: int
    recon: str
    registered_at: datetime
    seen_until: datetime


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """A line of the list of schedules, with what is due next; nothing is where it is paused."""

    recon: str
    state: ScheduleState
    cron: str
    timezone: str
    version: int
    registered_at: datetime
    next_at: datetime | None
    next_business_date: date | None
    folder: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON; times as ISO 8601."""
        return {
            "recon": self.recon,
            "state": self.state,
            "cron": self.cron,
            "timezone": self.timezone,
            "version": self.version,
            "registered_at": self.registered_at.isoformat(),
            "next_at": self.next_at and self.next_at.isoformat(),
            "next_business_date": self.next_business_date and self.next_business_date.isoformat(),
            "folder": self.folder,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A run that is to be, or was asked for, and of which more can become."""

    due_id: int
    kind: Literal["cron", "backfill"]
    business_date: date
    due_at: datetime
    first_seen: datetime
    state: DueState
    run_id: int | None
    recon_id: int
    recon: str
    registered_at: datetime
    run_state: str | None
    run_error: str | None
    told: tuple[str, ...]
    """Events of which notices were written."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that one target is to be told, claimed for one attempt (`attempt` counts from 1)."""

    notice_id: int
    event: str
    target: str
    payload: Mapping[str, Any]
    attempt: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of the log of notices."""

    notice_id: int
    recon: str
    business_date: date
    run_id: int | None
    event: str
    target: str
    state: NoticeState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    error: str | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON; times as ISO 8601."""
        return {
            "notice": self.notice_id,
            "recon": self.recon,
            "business_date": self.business_date.isoformat(),
            "run": self.run_id,
            "event": self.event,
            "target": self.target,
            "state": self.state,
            "attempts": self.attempts,
            "created_at": self.created_at.isoformat(),
            "sent_at": self.sent_at and self.sent_at.isoformat(),
            "error": self.error,
        }
