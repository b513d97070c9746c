"""Causes in the store: what explains many breaks at once, under an identity that lasts across runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from greenai.domain.causes import Cause
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg


def save(connection: psycopg.Connection[Any], recon_id: int, causes: Iterable[Cause]) -> None:
    """Keep the causes that are new to the recon; one is the same while field, expression and scope are."""
    rows = [
        (
            recon_id,
            one.cause_id,
            None if one.field is None else plain(one.field),
            one.family,
            plain(one.expression),
            plain(one.scope),
            one.reason,
        )
        for one in causes
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO greenai.cause (recon_id, cause_id, field, family, expression, scope, reason_code) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            rows,
        )
