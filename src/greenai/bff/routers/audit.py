"""The audit: search, export, signed heads, and its verification."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from greenai.bff.deps import CallerDep, PlatformDep, Reading, Writing, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.audit import EventPage, EventShown, HeadPage, HeadShown, VerificationShown
from greenai.errors import UsageError
from greenai.pipeline import auditing
from greenai.reports.audit import csv_lines, json_lines
from greenai.store import actors, audit
from greenai.store.audit import Wanted

if TYPE_CHECKING:
    from greenai.bff.platform import Platform

router = new_router("audit")
Word = Annotated[str | None, Query(max_length=400)]
Form = Literal["csv", "jsonl"]
MEDIA_TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
LINES: Final = 500
"""Lines of an export that are sent at once."""


def wanted(
    actor: Annotated[str | None, Query(max_length=400, description="Only by this person or program.")] = None,
    action: Annotated[str | None, Query(max_length=400, examples=["decide"])] = None,
    recon: Word = None,
    subject: Annotated[str | None, Query(max_length=400, description="A recon, user:NAME, platform.")] = None,
    since: Annotated[datetime | None, Query(alias="from", description="From then on.")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="Only before.")] = None,
    request_id: Word = None,
    text: Annotated[str | None, Query(max_length=400, description="Anywhere in the event.")] = None,
) -> Wanted:
    """Which events the query names."""
    return Wanted(
        actor=actor,
        action=action,
        recon=recon,
        subject=subject,
        since=_aware(since),
        until=_aware(until),
        request_id=request_id,
        text=text,
    )


def _aware(moment: datetime | None) -> datetime | None:
    """In UTC: PostgreSQL knows no zones of more than 16 hours. Raises UsageError where no year is left."""
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise UsageError("the time is out of range", column="from, to") from None


WantedDep = Annotated[Wanted, Depends(wanted)]


@router.get("/audit/events", summary="Audit events", dependencies=[requires("audit.read")])
def list_events(
    connection: Reading, which: WantedDep, cursor: Cursor = None, limit: Limit = 100
) -> EventPage:
    """Who did what, the last first."""
    below = place_of(cursor, whole)
    found = audit.events(connection, which, limit=limit + 1, below=below[0] if below else None)
    return EventPage(
        items=[EventShown.model_validate(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.event_id,)),
    )


@router.get(
    "/audit/export",
    summary="All audit events as a file",
    dependencies=[requires("audit.read")],
    response_class=StreamingResponse,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in MEDIA_TYPES.values()}}},
)
def export_events(
    platform: PlatformDep,
    which: WantedDep,
    form: Annotated[Form, Query(alias="format", description="jsonl: one document a line.")] = "csv",
) -> StreamingResponse:
    """All events that are wanted, the last first. No cell of a CSV is a formula to a spreadsheet."""
    return StreamingResponse(
        _exported(platform, which, form),
        media_type=MEDIA_TYPES[form],
        headers={"content-disposition": f'attachment; filename="audit.{form}"'},
    )


def _exported(platform: Platform, which: Wanted, form: str) -> Iterator[str]:
    with platform.pool.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION READ ONLY")
        events = audit.streamed(connection, which)
        lines = csv_lines(events) if form == "csv" else json_lines(events)
        while part := "".join(islice(lines, LINES)):
            yield part


@router.get("/audit/heads", summary="Signed heads of the audit", dependencies=[requires("audit.read")])
def list_heads(connection: Reading, cursor: Cursor = None, limit: Limit = 100) -> HeadPage:
    """Signed heads, the last first. Compare them with what you keep of them."""
    below = place_of(cursor, whole)
    found = audit.heads(connection, limit=limit + 1, below=below[0] if below else None)
    return HeadPage(
        items=[HeadShown.model_validate(head) for _, head in found[:limit]],
        next=next_of(found, limit, lambda one: (one[0],)),
    )


@router.post("/audit/verification", summary="Verify the audit", dependencies=[requires("audit.verify")])
def verify_audit(platform: PlatformDep, connection: Writing, caller: CallerDep) -> VerificationShown:
    """Compute the whole audit again, and compare it with its signed heads and with all decisions.

    That takes seconds for each million of events and of decisions; one at a time. It is an event itself.
    """
    with platform.pool.connection() as own:
        found = auditing.verify_alone(own, platform.settings)
    details = {"holds": found.holds, "findings": len(found.findings), "position": found.position}
    actors.audit(connection, caller.name, "audit_verified", details, subject="audit")
    return VerificationShown.model_validate(found.as_dict())
