"""Causes, and groups of what nothing explains: listed, looked up."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from greenai.attribution.novelty_words import exception_of
from greenai.bff.deps import Reading, requires
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole
from greenai.bff.router import new_router
from greenai.bff.schemas.causes import CauseDetail, CauseExample, CauseLine, CausePage
from greenai.store import cause_lists, lists
from greenai.store.naming import recon_number

router = new_router("causes")
EXAMPLES = 10
CausePath = Annotated[str, Path(pattern="^[0-9a-f]{32}$", alias="cause")]
Explains = Annotated[bool | None, Query(description="true: causes only; false: groups only.")]


@router.get("/recons/{recon}/causes", dependencies=[requires("breaks.read")], summary="Causes and groups")
def list_causes(
    connection: Reading,
    recon: str,
    *,
    explains: Explains = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> CausePage:
    """Causes and groups with present breaks, and causes of the last run; most open breaks first."""
    recon_id = recon_number(connection, recon)
    after = place_of(cursor, whole, identity)
    found = cause_lists.causes(connection, recon_id, explains=explains, after=after, limit=limit + 1)
    return CausePage(
        items=[CauseLine.of(one) for one in found[:limit]],
        next=next_of(found, limit, lambda one: (one.open, one.cause_id)),
    )


@router.get("/recons/{recon}/causes/{cause}", dependencies=[requires("breaks.read")], summary="A cause")
def get_cause(connection: Reading, recon: str, cause_id: CausePath) -> CauseDetail:
    """A cause or a group with examples, and with open breaks that are exceptions of it."""
    recon_id = recon_number(connection, recon)
    found = cause_lists.cause(connection, recon_id, cause_id)
    chosen = lists.Filter(cause=(cause_id,)) if found.explains else lists.Filter(group=(cause_id,))
    examples = lists.page(connection, recon_id, chosen, lists.Sort("first_date"), limit=EXAMPLES)
    odd = []
    if found.expression is not None and found.scope is not None:
        words = exception_of(found.expression, found.scope)
        odd = cause_lists.exceptions(connection, recon_id, found, words, limit=EXAMPLES)
    return CauseDetail(
        **dict(CauseLine.of(found)),
        examples=[example(one) for one in examples],
        odd=[example(one) for one in odd],
    )


def example(one: lists.Line | cause_lists.Odd) -> CauseExample:
    """A break as an example."""
    return CauseExample(
        break_id=one.break_id, key=one.key_text, value_a=one.value_a, value_b=one.value_b, state=one.state
    )


def identity(given: object) -> str:
    """The identity in a cursor. Raises ValueError."""
    if not isinstance(given, str) or len(given) != len("0" * 32) or set(given) - set("0123456789abcdef"):
        raise ValueError
    return given
