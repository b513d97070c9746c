"""Reasons in a store: listed, added, and mapped from causes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.domain.reasons import Reason, ReasonRule
from greenai.errors import UsageError
from greenai.settings import Settings, read_settings, store_url

if TYPE_CHECKING:
    import psycopg

Kind = Literal["value", "only_a", "only_b", "duplicate_a", "duplicate_b"]
CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,62}")


def reasons(
    recon: str | None = None, *, store: str | None = None, settings: Settings | None = None
) -> tuple[list[Reason], list[ReasonRule]]:
    """All reasons of a store, and the rules by which causes have them; with `recon` those that hold for it.

    Raises UsageError for a recon that the store does not know, StoreError when nothing is stored yet.
    """
    from greenai.api.stored import stored
    from greenai.store import reasons as kept

    with stored(store, settings) as connection:
        return kept.reasons(connection), kept.rules(connection, recon)


def add_reason(
    code: str,
    name: str,
    *,
    functional: bool | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Add a reason of one's own; the tables are made where there are none.

    Raises UsageError for a code that is none, or that is there already.
    """
    from greenai.store import reasons as kept

    if not CODE.fullmatch(code):
        raise UsageError(
            "a reason's code has capital letters, digits and _",
            value=code,
            remedy="write it like LATE_ARRIVAL",
        )
    if not name.strip():
        raise UsageError("a reason has a name", remedy="say in a few words what it means: --name")
    with changing(store, settings) as connection:
        kept.add(connection, Reason(code, name.strip(), functional))


def set_reason(
    reason: str,
    *,
    family: str | None = None,
    kind: Kind = "value",
    field: str | None = None,
    column: str | None = None,
    whole: bool | None = None,
    recon: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Let causes of these terms have a reason in the next runs; a rule of the same terms is replaced.

    Raises UsageError for a reason, a recon or a family that there is not.
    """
    from greenai.store import reasons as kept

    rule = ReasonRule(reason, kind, known_family(family, kind), field, column, whole, recon)
    with changing(store, settings) as connection:
        kept.put(connection, rule)


def unset_reason(
    *,
    family: str | None = None,
    kind: Kind = "value",
    field: str | None = None,
    column: str | None = None,
    whole: bool | None = None,
    recon: str | None = None,
    store: str | None = None,
    settings: Settings | None = None,
) -> None:
    """Take the rule of these terms away. Raises UsageError when there is none."""
    from greenai.store import reasons as kept

    with changing(store, settings) as connection:
        kept.remove(connection, ReasonRule("", kind, family, field, column, whole, recon))


def known_family(family: str | None, kind: Kind) -> str | None:
    """The family, where there is such a one for breaks of the kind. Raises UsageError."""
    from greenai.attribution.reasons import DEFAULT_REASONS

    if family is None:
        return None
    families = sorted({row.family for row in DEFAULT_REASONS if row.family is not None})
    if kind != "value":
        raise UsageError("causes of whole records have no family", value=family, remedy="leave --family out")
    if family not in families:
        raise UsageError(
            "there is no such family of causes", value=family, remedy=f"name one of {', '.join(families)}"
        )
    return family


@contextlib.contextmanager
def changing(store: str | None, settings: Settings | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a store with its tables, committed at the end of the block. Raises StoreError."""
    from greenai.api.stores import migrated_store
    from greenai.settings import NONE
    from greenai.store.database import connect

    settings = settings or read_settings()
    target = store_url(store, settings)
    if target == NONE:
        raise UsageError("there is no store", remedy="leave --store out, or give a PostgreSQL URL")
    with migrated_store(target, settings.home) as url, connect(url) as connection:
        yield connection
        connection.commit()
