"""Breaks: listed, counted, looked up."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel
from pydantic_core import to_json

from greenai.bff.cursors import break_cursor, break_place
from greenai.bff.deps import PlatformDep, Reading, requires
from greenai.bff.engines import opened_engine
from greenai.bff.paging import Cursor, Limit, next_of, place_of, whole, word
from greenai.bff.router import new_router
from greenai.bff.schemas.break_detail import (
    Beside,
    BreakDetail,
    BreakEvent,
    BreakHistory,
    Candidate,
    Cell,
    Decision,
    DeliveredRecord,
    DeliveredSide,
    SimilarBreaks,
    Span,
)
from greenai.bff.schemas.breaks import (
    BreakCount,
    BreakFilter,
    BreakLine,
    BreakPage,
    BreakQuery,
    SeekQuery,
    Sought,
    shown,
)
from greenai.bff.schemas.causes import CauseLine
from greenai.errors import NotFoundError
from greenai.pipeline import break_detail, delivered
from greenai.store import cause_lists, detail, lists
from greenai.store.naming import break_exists, recon_number

router = new_router("breaks")
BreakPath = Annotated[str, Path(pattern="^[0-9a-f]{32}$", alias="break")]


@router.get(
    "/recons/{recon}/breaks",
    dependencies=[requires("breaks.read")],
    summary="Breaks",
    response_model=BreakPage,
)
def list_breaks(connection: Reading, recon: str, given: Annotated[BreakQuery, Query()]) -> Response:
    """The breaks that are present now: filtered, in order, page by page. Without a `state`: the open ones."""
    recon_id, today = lists.recon(connection, recon)
    chosen, sort = given.filter(), lists.Sort.of(given.sort)
    after = break_place(recon_id, chosen, sort, given.cursor)
    found = lists.page(connection, recon_id, chosen, sort, after=after, limit=given.limit + 1)
    more = len(found) > given.limit
    page = {
        "items": [shown(one, today) for one in found[: given.limit]],
        "next": break_cursor(recon_id, chosen, sort, found[given.limit - 1].place) if more else None,
        "business_date": today,
    }
    return Response(to_json(page), media_type="application/json")


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


@router.get(
    "/recons/{recon}/breaks/{break}",
    dependencies=[requires("breaks.read")],
    summary="A break",
    response_model=BreakDetail,
)
def get_break(connection: Reading, recon: str, break_id: BreakPath) -> Response:
    """A break with both rows of its record, its reasons and what they are worth, its cause, its decisions."""
    recon_id = recon_number(connection, recon)
    head = detail.head(connection, recon_id, break_id)
    latest = detail.latest(connection, recon_id)
    named = head.cause_id or head.group_id
    cause = None
    if named is not None and head.present:
        try:
            cause = cause_lists.cause(connection, recon_id, named)
        except NotFoundError:
            cause = None
    found = None
    if cause is not None and cause.explains and cause.found is not None:
        found = (cause.found, cause.exceptions or 0)
    beside = detail.beside(connection, recon_id, head)
    rows_a, rows_b = break_detail.rows_of(head.row_a), break_detail.rows_of(head.row_b)
    own = {"value": head.field} if head.kind == "value" else {}
    cells = break_detail.cells(
        rows_a[0] if rows_a else None,
        rows_b[0] if rows_b else None,
        break_detail.definition_of(connection, recon_id, latest),
        [one.field for one in beside if one.kind == "value" and one.field] + [str(v) for v in own.values()],
    )
    spans_a, spans_b = break_detail.spans(head.value_a, head.value_b)
    reasons = break_detail.candidates(
        head,
        found,
        detail.alternatives(connection, latest.run, head),
        detail.precedents(connection, recon_id, head),
    )
    age = None if head.first_date is None else max((latest.business_date - head.first_date).days, 0)
    own_parts = {name: getattr(head, name) for name in BreakDetail.model_fields if hasattr(head, name)}
    answer = BreakDetail(
        **{
            **own_parts,
            "recon": recon,
            "key": list(head.key),
            "age_days": age,
            "spans_a": [Span.model_validate(one) for one in spans_a],
            "spans_b": [Span.model_validate(one) for one in spans_b],
            "reasons": [Candidate.model_validate(one) for one in reasons],
            "cause": None if cause is None else CauseLine.of(cause),
            "record": [Cell.model_validate(one) for one in cells],
            "rows_a": len(rows_a),
            "rows_b": len(rows_b),
            "beside": [Beside.model_validate(one) for one in beside],
            "decisions": [
                Decision.model_validate(one) for one in detail.decisions(connection, recon_id, head)
            ],
        }
    )
    return written(answer)


@router.get(
    "/recons/{recon}/breaks/{break}/history",
    dependencies=[requires("breaks.read")],
    summary="What became of a break",
)
def break_history(
    connection: Reading, recon: str, break_id: BreakPath, cursor: Cursor = None, limit: Limit = 100
) -> BreakHistory:
    """Its versions and the decisions about them over dates, the last thing first."""
    recon_id = recon_number(connection, recon)
    break_exists(connection, recon_id, break_id)
    before = place_of(cursor, whole, day)
    found = detail.history(connection, recon_id, break_id, before=before, limit=limit + 1)
    parts = [name for name in BreakEvent.model_fields if name != "publication"]
    return BreakHistory(
        items=[
            BreakEvent(**{name: getattr(one, name) for name in parts}, publication=one.known)
            for one in found[:limit]
        ],
        next=next_of(found, limit, lambda one: (one.known, one.business_date)),
    )


@router.get(
    "/recons/{recon}/breaks/{break}/similar", dependencies=[requires("breaks.read")], summary="Breaks like it"
)
def similar_breaks(
    connection: Reading, recon: str, break_id: BreakPath, cursor: Cursor = None, limit: Limit = 20
) -> SimilarBreaks:
    """Present breaks of its cause, else of its group, else open ones of its kind, field and reason."""
    recon_id = recon_number(connection, recon)
    head = detail.head(connection, recon_id, break_id)
    alike, chosen = break_detail.alike(head)
    sort = lists.Sort("first_date")
    after = break_place(recon_id, chosen, sort, cursor)
    found = lists.page(connection, recon_id, chosen, sort, after=after, limit=limit + 2)
    others = [one for one in found if one.break_id != break_id]
    today = lists.newest(connection, recon_id)
    more = len(others) > limit
    return SimilarBreaks(
        alike=alike,
        items=[BreakLine.of(one, today) for one in others[:limit]],
        next=break_cursor(recon_id, chosen, sort, others[limit - 1].place) if more else None,
    )


@router.get(
    "/recons/{recon}/breaks/{break}/delivered",
    dependencies=[requires("breaks.read")],
    summary="Its record as the sources delivered it",
)
def delivered_record(
    connection: Reading, recon: str, break_id: BreakPath, platform: PlatformDep
) -> DeliveredRecord:
    """Both rows of its record before any step, read anew from the files of the run that told of them."""
    recon_id = recon_number(connection, recon)
    head = detail.head(connection, recon_id, break_id)
    with opened_engine(platform.settings) as engine:
        found = delivered.delivered(connection, engine, recon_id, head)
    delivered.insist_found(found, head)
    return DeliveredRecord(a=shown_side(found.get("a")), b=shown_side(found.get("b")))


def shown_side(found: delivered.Delivered | None) -> DeliveredSide | None:
    """A side as it is answered."""
    return None if found is None else DeliveredSide.model_validate(found)


def written(answer: BaseModel) -> Response:
    """An answer that needs no further look: it was made as documented."""
    return Response(answer.model_dump_json(), media_type="application/json")


def day(given: object) -> date:
    """A date in a cursor. Raises ValueError."""
    return date.fromisoformat(word(given))
