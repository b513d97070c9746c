"""Above which amounts more persons must approve: read, and replaced by who has seen those that hold."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from greenai.errors import ConflictError
from greenai.store import actors, proposals

if TYPE_CHECKING:
    import psycopg

    from greenai.domain.proposals import Person

    Connection = psycopg.Connection[Any]

Limit = tuple[str | None, Decimal, int]
"""Currency (None: any that has no limit of its own), limit, eyes."""


def revision(limits: Sequence[Limit]) -> str:
    """What tells limits from others: the same for the same ones, whoever set them."""
    lines = sorted(f"{currency or ''} {most.normalize():f} {eyes}" for currency, most, eyes in limits)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def replace(
    connection: Connection, recon_id: int, person: Person, wanted: Sequence[Limit], *, seen: str
) -> None:
    """Replace the limits of a recon by others; `seen` is the revision of those that its author read.

    To be committed by the caller. Raises ConflictError where other limits hold by now: a limit that
    somebody else set meanwhile would be lost without a word.
    """
    proposals.hold_limits(connection)
    before = proposals.limits(connection, recon_id)
    if revision(before) != seen:
        raise ConflictError(
            "somebody else changed the limits meanwhile", column="revision", remedy="look at them again"
        )
    proposals.set_limits(connection, recon_id, wanted)
    actors.audit(
        connection,
        person.name,
        "review_policy",
        {},
        recon_id=recon_id,
        before=_written(before),
        after=_written(wanted),
    )


def _written(limits: Sequence[Limit]) -> dict[str, Any]:
    """Limits as the audit tells them."""
    return {"limits": [{"currency": one, "limit": f"{most:f}", "eyes": eyes} for one, most, eyes in limits]}
