"""Groups of what nothing explains in the store: how they look, and how many breaks each run found in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from greenai.domain.groups import Group
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg


def save(connection: psycopg.Connection[Any], run_id: int, groups: Iterable[Group]) -> None:
    """Keep the groups of a run, and those that are new to the store.

    One is the same while kind, field, shape and slice are, in whatever recon.
    """
    # In one order, so that runs that publish at once do not wait for each other in a circle.
    known = sorted(groups, key=lambda one: one.group_id)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO greenai.unexplained_group (group_id, kind, field, shape, slice) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (one.group_id, one.kind, _plain(one.field), plain(one.shape), _plain(one.slice))
                for one in known
            ],
        )
        cursor.executemany(
            "INSERT INTO greenai.run_group (run_id, group_id, breaks, description, why) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(run_id, one.group_id, one.breaks, plain(one.description), plain(one.why)) for one in known],
        )


def of_run(connection: psycopg.Connection[Any], run_id: int) -> tuple[Group, ...]:
    """The groups that a run found, the largest first; without examples, which its breaks are."""
    rows = connection.execute(
        "SELECT g.group_id::text, g.kind, g.field, g.shape, g.slice, r.breaks, r.description, r.why "
        "FROM greenai.run_group r JOIN greenai.unexplained_group g USING (group_id) "
        "WHERE r.run_id = %s ORDER BY r.breaks DESC, g.group_id",
        [run_id],
    )
    return tuple(Group(group_id.replace("-", ""), *rest) for group_id, *rest in rows)


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)
