"""What operators ask: whether the process is up, whether it can work, and its metrics."""

from __future__ import annotations

import os
from typing import Any

from fastapi import APIRouter, Request, Response

from greenai.bff.problems import problem

router = APIRouter(tags=["operation"])
LONGEST = 2.0
"""Seconds that a server may take to answer and count as ready."""


@router.get("/health", summary="Whether the process is up")
def health() -> dict[str, Any]:
    """Answer, whatever the state of the servers behind."""
    return {"status": "ok", "component": "bff", "pid": os.getpid()}


@router.get(
    "/ready",
    summary="Whether PostgreSQL and Redis answer",
    response_model=dict[str, Any],
    responses={503: {"description": "One of them does not", "content": {"application/problem+json": {}}}},
)
def ready(request: Request) -> Any:
    """Ask both servers for a sign of life."""
    platform = request.app.state.platform
    state = {}
    try:
        with platform.pool.connection(timeout=LONGEST) as connection:
            connection.execute("SELECT 1")
        state["postgresql"] = "ok"
    except Exception as error:
        state["postgresql"] = type(error).__name__
    try:
        platform.redis.ping()
        state["redis"] = "ok"
    except Exception as error:
        state["redis"] = type(error).__name__
    if set(state.values()) == {"ok"}:
        return {"status": "ok", **state}
    away = ", ".join(name for name, said in state.items() if said != "ok")
    return problem(503, "Not available", f"no answer from: {away}", headers={"retry-after": "2"}, **state)


@router.get("/metrics", summary="Metrics for Prometheus", response_class=Response)
def metrics() -> Response:
    """The metrics of all worker processes that share the port."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    from greenai.settings import shared_metrics
    from greenai.telemetry.metrics import REGISTRY

    registry = REGISTRY
    if shared_metrics() is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
