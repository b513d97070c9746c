"""Anchoring the audit: the scheduler that leads signs the chain's head from time to time, and at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from greenai.errors import GreenaiError
from greenai.pipeline.anchors import anchor, places, post
from greenai.settings import Settings
from greenai.store import audit

if TYPE_CHECKING:
    import psycopg

    from greenai.domain.audit import Head

    Connection = psycopg.Connection[Any]

EVERY: Final = 60.0
"""Seconds between two heads: what happened since the last one can be cut off unnoticed."""


class Anchoring:
    """Signs heads over a connection; trouble with file or webhook is told, and tried again."""

    def __init__(self, settings: Settings, tell: Callable[..., None]) -> None:
        self._settings = settings
        self._tell = tell
        self._due_at = 0.0
        self._told = -1
        self._unsent: Head | None = None

    def look(self, connection: Connection) -> None:
        """Anchor what happened, if it is time."""
        if time.monotonic() >= self._due_at:
            self._due_at = time.monotonic() + EVERY
            self.anchor(connection)

    def anchor(self, connection: Connection) -> None:
        """Anchor what happened now; the same end of the chain is anchored once."""
        try:
            where = places(self._settings, connection.info.dbname)
            if self._told < 0:
                # Another leader may have done it: a head for each change of leaders would say nothing.
                known = audit.heads(connection, limit=1)
                self._told = known[0][1].position if known and where.anchor.exists() else 0
            head = anchor(connection, where, told=self._told)
            if head is not None:
                self._told, self._unsent = head.position, head
                self._tell("audit_anchored", position=head.position)
            if self._unsent is not None:
                post(where, self._unsent)
                self._unsent = None
        except GreenaiError as error:
            self._tell("audit_not_anchored", level="error", error=error)
