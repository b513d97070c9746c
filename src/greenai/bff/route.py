"""The class of all routes: one request is one transaction, committed before anything is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from greenai.bff.platform import LARGEST_POOL
from greenai.bff.unit import SAFE, Replayed, Unit, kept
from greenai.jobs.relay import relay

FORM = "multipart/form-data"
SPARE = 2
"""Connections for what is no request: live progress, signs of life."""
FINE = 400
"""Answers from this status on change nothing."""


class PlatformRoute(APIRoute):
    """Gives each request a `Unit`, commits it when the handler returned well, and rings the doorbells.

    Answers that stream (events, exports) must not use the unit's connection while they do.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler that FastAPI makes, inside a unit."""
        handle = super().get_route_handler()

        async def within_unit(request: Request) -> Response:
            platform = request.app.state.platform
            writing = request.method not in SAFE
            form = request.headers.get("content-type", "").startswith(FORM)
            body = await request.body() if writing and not form else None
            unit = request.state.unit = Unit(platform, request, body)
            answer = None
            async with turns(request):
                try:
                    response = await handle(request)
                    if response.status_code < FINE:
                        body = getattr(response, "body", b"")
                        answer = kept(response.status_code, response.raw_headers, body)
                except Replayed as replayed:
                    headers = {**replayed.answer.headers, "idempotency-replayed": "true"}
                    return Response(replayed.answer.body, replayed.answer.status, headers)
                finally:
                    await run_in_threadpool(unit.end, answer)
                if writing and answer is not None:
                    await run_in_threadpool(ring, request)
            return response

        return within_unit


def turns(request: Request) -> asyncio.Semaphore:
    """What requests wait for until there is a connection for them.

    Waited for in a thread of the pool, connections would keep those threads from the very requests that
    have one and are to give it back.
    """
    state = request.app.state
    found: asyncio.Semaphore | None = getattr(state, "turns", None)
    if found is None:
        found = state.turns = asyncio.Semaphore(LARGEST_POOL - SPARE)
    return found


def ring(request: Request) -> None:
    """Send what the request left in the outbox; the scheduler sends what cannot be sent now."""
    platform = request.app.state.platform
    with platform.pool.connection() as connection:
        relay(connection, platform.doorbells)
