"""Facets of the breaks that are present: what the left pane shows."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from greenai.bff.deps import Reading, requires
from greenai.bff.router import new_router
from greenai.bff.schemas.breaks import BreakFilter
from greenai.bff.schemas.facets import AgeBand, BreakFacets, FacetSlot, Holder
from greenai.store import facets
from greenai.store.naming import recon_number

router = new_router("breaks")


@router.get("/recons/{recon}/facets", dependencies=[requires("breaks.read")], summary="Breaks by their sides")
def break_facets(connection: Reading, recon: str, given: Annotated[BreakFilter, Query()]) -> BreakFacets:
    """How many breaks of a filter there are of each state, kind, field, reason, method, currency and age."""
    found = facets.facets(connection, recon_number(connection, recon), given.filter())
    sides = {
        name: [FacetSlot(value=slot.value, breaks=slot.breaks) for slot in slots]
        for name, slots in found.sides.items()
    }
    return BreakFacets(
        exact=found.exact,
        **sides,
        age=[AgeBand.model_validate(one) for one in found.ages],
        assignee=[Holder.model_validate(one) for one in found.holders],
    )
