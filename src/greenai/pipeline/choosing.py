"""Which breaks somebody means: those named, those of a cause that wait, or all that a filter finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from psycopg import sql

from greenai.errors import NotFoundError, UsageError
from greenai.store import assignments
from greenai.store.filters import OPEN, Filter, condition

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def chosen_breaks(
    connection: Connection,
    recon_id: int,
    *,
    breaks: Sequence[str] | None = None,
    cause: str | None = None,
    filter: Filter | None = None,
) -> tuple[sql.Composed, dict[str, Any]]:
    """The condition on ``greenai.present_break p`` that a selection means, and what it says, as JSON.

    Raises NotFoundError for a named break that is not present, UsageError unless exactly one is given.
    """
    if sum(one is not None for one in (breaks, cause, filter)) != 1:
        raise UsageError("name breaks, a cause or a filter, one of them", column="selection")
    if breaks is not None:
        gone = assignments.absent(connection, recon_id, list(dict.fromkeys(breaks)))
        if gone:
            raise NotFoundError("the break is not present", value=gone[0], remedy="look at the list again")
        named = sql.SQL("p.recon_id = {} AND p.break_id = ANY({}::uuid[])")
        return named.format(recon_id, list(breaks)), {"breaks": len(set(breaks))}
    if cause is not None:
        chosen = Filter(state=OPEN, cause=(cause,))
        return condition(connection, recon_id, chosen)[0], {"cause": cause}
    chosen = filter or Filter()
    return condition(connection, recon_id, chosen)[0], {"filter": chosen.document()}
