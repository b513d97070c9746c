"""What surprises in a definition: policies of reasons that nobody gives, golden tables left behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenai.definition.model import Definition
from greenai.definition.problems import suggestion
from greenai.domain.reasons import FUNCTIONAL, NON_FUNCTIONAL, UNKNOWN

SHIPPED: Final = FUNCTIONAL | NON_FUNCTIONAL | {UNKNOWN}


def remarks_on_reasons(definition: Definition, own: Iterable[str] | None = None) -> tuple[str, ...]:
    """A note for every reason under `gate.reasons` that neither greenai nor the store knows.

    `own` are the reasons that the store has added; None where no store was asked.
    """
    named = definition.gate.reasons if definition.gate is not None else {}
    known = SHIPPED | frozenset(own or ())
    where = "is no reason of greenai's" if own is None else "is no reason of greenai's or of the store's own"
    unless = ", and applies only if the store has added it" if own is None else ", and applies to no break"
    return tuple(
        f"gate.reasons.{code} {where}{unless}{_meant(code, known)}" for code in named if code not in known
    )


def _meant(code: str, known: Iterable[str]) -> str:
    meant = suggestion(code, sorted(known))
    return f": did you mean {meant}?" if meant else ""


def remarks_on_tables(definition: Definition, owned: Iterable[str]) -> tuple[str, ...]:
    """A note for every golden table that the definition names no more; `owned` are all of the recon's."""
    store = definition.store
    named = () if store is None else (store.table, *store.references)
    return tuple(
        f"golden.{table} stays as it is: the definition does not name it any more; "
        f"name it under `store` again, or drop it and golden.{table}_history when nobody reads them"
        for table in owned
        if table not in named
    )


def remarks_of_store(url: str, definition: Definition) -> tuple[str, ...]:
    """All remarks on a definition that was run into the store at `url`."""
    from greenai.store import definitions, tables
    from greenai.store.database import connect

    with connect(url, autocommit=True) as connection:
        own = definitions.own_reasons(connection)
        owned = tables.owned(connection, definition.recon)
    return (*remarks_on_reasons(definition, own), *remarks_on_tables(definition, owned))
