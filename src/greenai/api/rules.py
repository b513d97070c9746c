"""Causes in the store, and the rules that persons make of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from greenai.api.stored import stored
from greenai.domain.decisions import Resolution
from greenai.domain.rules import CauseLine
from greenai.settings import Settings

if TYPE_CHECKING:
    import psycopg

    from greenai.pipeline.approval import Change


def causes(
    recon_or_run: str | int, *, store: str | None = None, settings: Settings | None = None
) -> list[CauseLine]:
    """The causes that a run found, or the last run of a recon, and the approved rules of the recon.

    Those that explain most first. Raises UsageError for a recon or a run that the store does not know,
    StoreError when nothing is stored yet.
    """
    from greenai.store import rules

    with stored(store, settings) as connection:
        return rules.lines(connection, str(recon_or_run))


def cause(
    cause_id: str, *, recon: str | None = None, store: str | None = None, settings: Settings | None = None
) -> CauseLine:
    """A cause as the last run that found it told it, and what became of it as a rule.

    `cause_id` may be its beginning. Raises UsageError: no such cause, several, or found in several recons.
    """
    from greenai.store import rules

    with stored(store, settings) as connection:
        return rules.one(connection, *rules.find(connection, cause_id, recon))


def accept_cause(
    cause_id: str,
    *,
    actor: str,
    recon: str | None = None,
    reason: str | None = None,
    resolution: Resolution | None = None,
    max_exceptions: float | None = None,
    scope_size: tuple[int, int] | None = None,
    comment: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> CauseLine:
    """Make a cause an approved rule: from the next run on it passes what it explains, computed for every row.

    `actor` is the person who answers for it. `reason` is the cause's unless told; `resolution` what the
    definition says, and must be told where the reason is not functional. `max_exceptions` (a share) and
    `scope_size` (records) are the range beyond which the rule is suspended; by default they follow from how
    the cause stood when it was found last. Raises UsageError, and then nothing was stored.
    """
    from greenai.pipeline.approval import accept

    with changing(store, settings) as connection:
        return accept(
            connection,
            cause_id,
            actor=actor,
            recon=recon,
            reason=reason,
            resolution=resolution,
            max_exceptions=max_exceptions,
            scope_size=scope_size,
            comment=comment,
        )


def change_rule(
    cause_id: str,
    what: Change,
    *,
    actor: str,
    recon: str | None = None,
    comment: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> CauseLine:
    """Let a person ``suspend``, ``resume`` or ``withdraw`` an approved rule, from the next run on.

    Raises UsageError for a cause that is no rule, or a rule in that state; then nothing was stored.
    """
    from greenai.pipeline.approval import change

    with changing(store, settings) as connection:
        return change(connection, cause_id, what, actor=actor, recon=recon, comment=comment)


@contextlib.contextmanager
def changing(store: str | None, settings: Settings | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a store that has tables, to write. Raises StoreError when nothing is stored yet."""
    import psycopg

    with stored(store, settings) as connection:
        # What is read under a lock is to be what holds then, not before.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection.read_only = False
        yield connection
