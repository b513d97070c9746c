"""Due policies of a recon: set by a person, for people who may read it, and noted in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from greenai.domain.work import DuePolicies, DuePolicy
from greenai.pipeline.colleagues import readers
from greenai.store import due_policies
from greenai.store.actors import audit
from greenai.store.naming import recon_number

if TYPE_CHECKING:
    import psycopg

    from greenai.identity.callers import Caller

    Connection = psycopg.Connection[Any]


def put(
    connection: Connection, caller: Caller, recon: str, policies: Sequence[DuePolicy], *, version: int
) -> DuePolicies:
    """Let other policies hold; open breaks have their due times by them a moment later.

    Raises ConflictError when `version` is not the present one, NotFoundError for a reason, person or group
    that there is not, ForbiddenError for somebody who may not read the recon.
    """
    recon_id = recon_number(connection, recon)
    before = due_policies.policies(connection, recon_id)
    people = [told.name for one in policies for told in one.tell if told.kind == "person"]
    readers(connection, recon, people)
    after = due_policies.put(connection, recon_id, policies, version=version, actor_id=caller.actor_id)
    audit(
        connection,
        caller.name,
        "set_due_policies",
        {"version": after.version},
        recon_id=recon_id,
        before=told(before),
        after=told(after),
    )
    return after


def told(held: DuePolicies) -> dict[str, Any]:
    """Policies as the audit has them."""
    return {
        "version": held.version,
        "policies": [
            {
                "name": one.name,
                "kind": one.kind,
                "reason": one.reason,
                "min_amount": None if one.min_amount is None else str(one.min_amount),
                "currency": one.currency,
                "business_days": one.business_days,
                "by_time": one.by_time.isoformat("minutes"),
                "timezone": one.timezone,
                "calendar": dict(one.calendar),
                "tell": [f"{target.kind}:{target.name}" for target in one.tell],
            }
            for one in held.policies
        ],
    }
