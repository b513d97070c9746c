"""How a router is made: all its requests are transactions, and it documents how it refuses."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI

from greenai.bff.problems import MEDIA_TYPE, TITLES
from greenai.bff.route import PlatformRoute
from greenai.bff.schemas.problem import Problem

REFUSALS: Final = (401, 403, 404, 409, 413, 422, 429, 503)
COMPONENT: Final = "#/components/schemas/{model}"


def new_router(tag: str) -> APIRouter:
    """A router whose requests are transactions; `tag` is its noun."""
    return APIRouter(route_class=PlatformRoute, tags=[tag], responses=refusals(*REFUSALS))


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem documents for the OpenAPI document, whose one schema `document_problems` adds."""
    content = {MEDIA_TYPE: {"schema": {"$ref": COMPONENT.format(model="Problem")}}}
    return {status: {"description": TITLES[status], "content": content} for status in statuses}


def document_problems(app: FastAPI) -> None:
    """Put the schema of problem documents, to which `refusals` refer, into the OpenAPI document."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = plain().setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template=COMPONENT)
            schemas.update(problem.pop("$defs", {}), Problem=problem)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
