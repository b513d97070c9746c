"""Breaks: listed, counted, looked up."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from greenai.bff.cursors import break_cursor, break_place
from greenai.bff.deps import Reading, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.breaks import (
    BreakCount,
    BreakFilter,
    BreakLine,
    BreakPage,
    BreakQuery,
    SeekQuery,
    Sought,
)
from greenai.store import lists
from greenai.store.naming import recon_number

router = new_router("breaks")


@router.get("/recons/{recon}/breaks", dependencies=[requires("breaks.read")], summary="Breaks")
def list_breaks(connection: Reading, recon: str, given: Annotated[BreakQuery, Query()]) -> BreakPage:
    """The breaks that are present now: filtered, in order, page by page. Without a `state`: the open ones."""
    recon_id = recon_number(connection, recon)
    chosen, sort = given.filter(), lists.Sort.of(given.sort)
    after = break_place(recon_id, chosen, sort, given.cursor)
    found = lists.page(connection, recon_id, chosen, sort, after=after, limit=given.limit + 1)
    today = lists.newest(connection, recon_id)
    more = len(found) > given.limit
    return BreakPage(
        items=[BreakLine.of(one, today) for one in found[: given.limit]],
        next=break_cursor(recon_id, chosen, sort, found[given.limit - 1].place) if more else None,
        business_date=today,
    )


@router.get("/recons/{recon}/breaks/count", dependencies=[requires("breaks.read")], summary="How many breaks")
def count_breaks(connection: Reading, recon: str, given: Annotated[BreakFilter, Query()]) -> BreakCount:
    """How many breaks a filter finds, with their amounts by currency."""
    return BreakCount.of(lists.count(connection, recon_number(connection, recon), given.filter()))


@router.get("/recons/{recon}/breaks/seek", dependencies=[requires("breaks.read")], summary="Go to a key")
def seek_break(connection: Reading, recon: str, given: Annotated[SeekQuery, Query()]) -> Sought:
    """The place of a key in the list with this filter that is sorted by key."""
    recon_id = recon_number(connection, recon)
    chosen = given.filter()
    line, before = lists.seek(connection, recon_id, chosen, given.key)
    today = lists.newest(connection, recon_id)
    return Sought(
        found=None if line is None else BreakLine.of(line, today),
        cursor=None if before is None else break_cursor(recon_id, chosen, lists.Sort("key"), before),
    )
