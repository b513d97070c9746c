"""Due policies in the store, and the due times that open breaks have by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from psycopg.types.json import Jsonb

from greenai.domain.work import DuePolicies, DuePolicy, Told
from greenai.errors import ConflictError, NotFoundError
from greenai.store.naming import person_numbers
from greenai.store.queries import queries
from greenai.store.texts import plain
from greenai.store.work_groups import work_group

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

FIRST: Final = "00000000-0000-0000-0000-000000000000"
"""A number before those of all breaks."""
AT_ONCE: Final = 5_000
"""Breaks of one transaction, so that none is long."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A recon whose breaks may lack due times: its policies, and the last publication about it."""

    recon_id: int
    recon: str
    version: int
    publication_id: int


def policies(connection: Connection, recon_id: int) -> DuePolicies:
    """The policies of a recon that hold, in the order in which they are asked."""
    named = queries("due_policies")
    row = connection.execute(named["latest"], {"recon": recon_id}).fetchone()
    if row is None:
        return DuePolicies(0)
    version, at, by = row
    return DuePolicies(version, tuple(of_version(connection, recon_id, version)), at, by)


def of_version(connection: Connection, recon_id: int, version: int) -> list[DuePolicy]:
    """The policies of a version, in order."""
    given = {"recon": recon_id, "version": version}
    return [
        replace(DuePolicy(*fields), tell=tuple(Told(kind, name) for kind, name in told))
        for *fields, told in connection.execute(queries("due_policies")["policies"], given)
    ]


def put(
    connection: Connection, recon_id: int, wanted: Sequence[DuePolicy], *, version: int, actor_id: int
) -> DuePolicies:
    """Let other policies hold from now on.

    `version` is the one that was seen. Raises ConflictError when it is not the present one, NotFoundError
    for a reason, a person or a group that there is not.
    """
    named = queries("due_policies")
    held = policies(connection, recon_id)
    given = {"recon": recon_id, "version": version + 1, "actor": actor_id}
    if held.version != version or connection.execute(named["add_set"], given).fetchone() is None:
        raise ConflictError(
            f"the policies are at version {held.version} by now", remedy="read them again, then change them"
        )
    codes = [one.reason for one in wanted if one.reason is not None]
    for (code,) in connection.execute(named["unknown_reasons"], {"codes": codes}):
        raise NotFoundError("there is no such reason", value=code, remedy="see GET /api/v1/reasons")
    for ordinal, one in enumerate(wanted):
        connection.execute(
            named["add"],
            {
                **given,
                "ordinal": ordinal,
                "name": plain(one.name),
                "kind": one.kind,
                "reason": one.reason,
                "min_amount": one.min_amount,
                "currency": one.currency,
                "business_days": one.business_days,
                "by_time": one.by_time,
                "timezone": one.timezone,
                "calendar": Jsonb(dict(one.calendar)),
            },
        )
        for place, told in enumerate(one.tell):
            target = {**given, "ordinal": ordinal, "place": place, **_target(connection, told)}
            connection.execute(named["add_target"], target)
    return policies(connection, recon_id)


def standing(connection: Connection) -> list[Standing]:
    """Recons whose breaks may lack due times."""
    return [Standing(*row) for row in connection.execute(queries("due_policies")["standing"])]


def first_dates(connection: Connection, recon_id: int, version: int) -> list[tuple[int, date]]:
    """Place of the policy and first date of all open breaks that a policy fits, each once."""
    given = {"recon": recon_id, "version": version}
    return list(connection.execute(queries("due_policies")["first_dates"], given))


def set_due(
    connection: Connection,
    recon_id: int,
    version: int,
    dues: Mapping[tuple[int, date], datetime],
    after: str = FIRST,
) -> tuple[str | None, int]:
    """Write the due times of the next `AT_ONCE` open breaks after one of them.

    `dues` are moments by place of the policy and first date; what is not among them has none. Returns
    the last of them, None where there is none, and how many changed.
    """
    given = {
        "recon": recon_id,
        "version": version,
        "after": after,
        "limit": AT_ONCE,
        "ordinals": [ordinal for ordinal, _ in dues],
        "dates": [first for _, first in dues],
        "dues": list(dues.values()),
    }
    row = connection.execute(queries("due_policies")["set_due"], given).fetchone()
    assert row is not None
    return row[0], int(row[1])


def progress(connection: Connection, standing: Standing) -> None:
    """Note that breaks have their due times up to these policies and this publication."""
    given = {
        "recon": standing.recon_id,
        "version": standing.version,
        "publication": standing.publication_id,
    }
    connection.execute(queries("due_policies")["progress"], given)


def _target(connection: Connection, told: Told) -> dict[str, Any]:
    if told.kind == "person":
        number = person_numbers(connection, [told.name])[told.name]
        return {"actor": number, "group": None, "address": None}
    if told.kind == "group":
        return {"actor": None, "group": work_group(connection, told.name).group_id, "address": None}
    address = f"webhook:{told.name}" if told.kind == "webhook" else told.name
    return {"actor": None, "group": None, "address": address}
