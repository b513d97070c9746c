"""The definition that holds on a business date, where people decide that on the platform."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from greenai.definition.loading import loads
from greenai.errors import UsageError
from greenai.store import activations

if TYPE_CHECKING:
    import psycopg

    from greenai.definition.model import Definition

    Connection = psycopg.Connection[Any]


def effective_definition(connection: Connection, recon_id: int, day: date) -> Definition | None:
    """The definition that holds on a business date; None for a recon that the platform does not lead.

    Raises UsageError where nothing holds on that date, or the recon is retired.
    """
    found = activations.effective(connection, recon_id, day)
    if found is None:
        if activations.ever(connection, recon_id):
            raise UsageError(f"no version is effective on {day}", remedy="activate one from an earlier date")
        return None
    if found.document is None:
        raise UsageError(f"the recon is retired on {day}", remedy="run an earlier business date")
    return loads(found.document, source=f"version {found.version}")
