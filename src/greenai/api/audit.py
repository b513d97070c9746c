"""The audit: `verify_audit`, `audit_events`, `each_audit_event`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from greenai.api.stored import stored
from greenai.domain.audit import Event, Verification
from greenai.errors import UsageError
from greenai.settings import Settings, read_settings
from greenai.store.audit import Wanted


def verify_audit(
    *,
    keys: Sequence[str | Path] = (),
    anchor: str | Path | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> Verification:
    """Compute the whole audit again, and compare it with its signed heads inside and outside the database.

    `keys` are PEM files of keys that may have signed, `anchor` is the file with heads; left out, they are
    those of the settings. Raises GreenaiError for a store, a key or an anchor that cannot be read.
    """
    from greenai.pipeline.auditing import verify_alone

    settings = settings or read_settings()
    with stored(store, settings) as connection:
        if anchor is not None and not Path(anchor).exists():
            raise UsageError("there is no such anchor", source=str(anchor), remedy="name the file of heads")
        return verify_alone(
            connection,
            settings,
            keys=[Path(one) for one in keys],
            anchor=None if anchor is None else Path(anchor),
        )


def audit_events(
    wanted: Wanted,
    *,
    limit: int = 20,
    below: int | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> list[Event]:
    """Events, the last first, up to `limit`; with `below` those before that event."""
    from greenai.store.audit import events

    if limit < 1:
        raise UsageError("the limit is a number of 1 or more", value=limit)
    with stored(store, settings) as connection:
        return events(connection, wanted, limit=limit, below=below)


@contextmanager
def each_audit_event(
    wanted: Wanted, *, store: str | None = None, settings: Settings | None = None
) -> Iterator[Iterator[Event]]:
    """All events that are wanted, the last first, as a stream inside the block."""
    from greenai.store.audit import streamed

    with stored(store, settings) as connection:
        yield streamed(connection, wanted)
