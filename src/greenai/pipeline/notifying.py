"""Telling people: notices that wait are sent, one at a time, until each was or its attempts are used up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from greenai.definition.schedule import WEBHOOK
from greenai.errors import GreenaiError, NotificationError
from greenai.notifications import email, webhook
from greenai.store import notices

if TYPE_CHECKING:
    import psycopg

    from greenai.domain.schedules import Notice

PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Between the attempts: eight of them, over a day."""
_WORDS: Final = {
    "missed_file": "files are late",
    "overdue": "has not finished in time",
    "failed": "failed",
    "review_needed": "awaits review",
    "completed": "completed",
    "escalated": "has overdue breaks",
}


@dataclass(frozen=True, slots=True)
class Ways:
    """How people are reached: the mail server, the addresses of webhooks by name, the secret to sign with."""

    smtp_url: str | None = field(default=None, repr=False)
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)
    webhook_secret: str | None = field(default=None, repr=False)


def deliver(connection: psycopg.Connection[Any], ways: Ways) -> Notice | None:
    """Try the notice that has waited longest; returns it, None where none waits.

    The connection must be autocommit: that the notice is taken is known to others while it is sent. Who is
    killed between sending and noting it leaves it to be sent again, under the same delivery number.
    """
    notice = notices.claim(connection)
    if notice is None:
        return None
    try:
        send(notice, ways)
    except Exception as error:  # whatever it is, it must not be tried for ever
        again = PAUSES[notice.attempt - 1] if notice.attempt <= len(PAUSES) else None
        # What others say may repeat an address, and with it a secret.
        said = str(error) if isinstance(error, GreenaiError) else type(error).__name__
        notices.failed(connection, notice, said, again)
    else:
        notices.sent(connection, notice)
    return notice


def send(notice: Notice, ways: Ways) -> None:
    """Send a notice to its target. Raises NotificationError where nobody takes it."""
    delivery = f"greenai-notice-{notice.notice_id}"
    payload = {"notice": notice.notice_id, "created_at": notice.created_at.isoformat(), **notice.payload}
    if notice.target.startswith(WEBHOOK):
        name = notice.target.removeprefix(WEBHOOK)
        url = ways.webhooks.get(name)
        if not url:
            raise NotificationError(
                f"the webhook {name} has no address",
                remedy=f"set GREENAI_WEBHOOK_URL_{name} for the scheduler",
            )
        webhook.post(url, payload, delivery=delivery, secret=ways.webhook_secret)
        return
    if not ways.smtp_url:
        raise NotificationError("there is no mail server", remedy="set GREENAI_SMTP_URL for the scheduler")
    server = email.server(ways.smtp_url)
    email.send(
        server,
        email.message(
            sender=server.sender,
            to=notice.target,
            subject=subject(notice.payload),
            text=text(notice.payload),
            written_at=notice.created_at,
            delivery=delivery,
        ),
    )


def subject(payload: Mapping[str, Any]) -> str:
    """What happened to which recon for which date, in a line."""
    return f"[greenai] {payload['recon']} {payload['business_date']}: {_WORDS[payload['event']]}"


def text(payload: Mapping[str, Any]) -> str:
    """The same with all that is known, and what to look at."""
    recon, day = payload["recon"], payload["business_date"]
    lines = [f"Recon {recon}, business date {day}: {_WORDS[payload['event']]}.", ""]
    lines.append(f"Due:     {payload['due_at']}" + (" (backfill)" if payload.get("backfill") else ""))
    if payload.get("run") is not None:
        lines.append(f"Run:     {payload['run']}, {payload.get('state', 'queued')}")
    lines += [f"Missing: {location}" for location in payload.get("missing", ())]
    if payload.get("breaks") is not None:
        lines.append(f"Overdue: {payload['breaks']} breaks, by the policy {payload['policy']}")
    if payload.get("error"):
        lines += ["", str(payload["error"])]
    if payload.get("run") is not None:
        lines += ["", f"See: greenai show {payload['run']}"]
    return "\n".join(lines) + "\n"
