"""Reasons as a recon uses them: what its gate does with them, and how many open breaks have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greenai.domain.reasons import Reason, ReasonRule
from greenai.store.queries import queries
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class UsedReason:
    """A reason in a recon; `policy` and `resolution` are by the definition of its last published run."""

    reason: Reason
    policy: str | None
    resolution: str | None
    open_breaks: int


def used_reasons(connection: Connection, recon_id: int) -> list[UsedReason]:
    """All reasons by code, as a recon uses them."""
    return [
        UsedReason(Reason(code, name, functional), policy, resolution, breaks)
        for code, name, functional, policy, resolution, breaks in connection.execute(
            queries("reason_policies")["policies"], {"recon": recon_id}
        )
    ]


def reason_of(connection: Connection, recon_id: int, rule: ReasonRule) -> str | None:
    """The reason that the recon's rule of these terms gives now; None where there is no such rule."""
    given = {
        "recon": recon_id,
        "kind": rule.kind,
        "family": rule.family,
        "field": None if rule.field is None else plain(rule.field),
        "column": None if rule.column is None else plain(rule.column),
        "whole": rule.whole,
    }
    row = connection.execute(queries("reason_policies")["rule"], given).fetchone()
    return None if row is None else str(row[0])
