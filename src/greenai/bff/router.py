"""How a router is made: all its requests are transactions, and it documents how it refuses."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter

from greenai.bff.problems import MEDIA_TYPE, TITLES
from greenai.bff.route import PlatformRoute
from greenai.bff.schemas.problem import Problem

REFUSALS: Final = (401, 403, 404, 409, 413, 422, 429, 503)


def new_router(tag: str) -> APIRouter:
    """A router whose requests are transactions; `tag` is its noun."""
    return APIRouter(route_class=PlatformRoute, tags=[tag], responses=refusals(*REFUSALS))


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem documents for the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": TITLES[status], "content": content} for status in statuses}
