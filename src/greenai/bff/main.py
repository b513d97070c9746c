"""The BFF as an application.

::

    gunicorn -c python:greenai.bff.gunicorn_conf 'greenai.bff.main:create_app()'
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from greenai.bff import operation
from greenai.bff.middleware import Surroundings
from greenai.bff.pages import serve_pages
from greenai.bff.platform import open_platform, warm
from greenai.bff.problems import handle_problems
from greenai.bff.router import document_problems
from greenai.bff.routers import routers
from greenai.settings import Settings, read_settings
from greenai.telemetry import logs
from greenai.version import __version__

PREFIX: Final = "/api/v1"
LARGEST_BODY: Final = 2_000_000
"""Bytes of a request, but for uploads, whose route says its own limit."""
DESCRIPTION = (
    "Reconciliation: recons, runs, breaks with their causes, proposals of makers and approvals of checkers. "
    "Lists are paged by `cursor` and `limit`; errors are problem documents (RFC 9457); writes take an "
    "`Idempotency-Key`. Browsers use a session cookie and `X-CSRF-Token`, programs "
    "`Authorization: Bearer <api key>`."
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application by the settings, from the environment unless given. Connections open when it starts."""
    settings = settings if settings is not None else read_settings()
    logs.configure("bff", level=settings.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.platform = await run_in_threadpool(open_platform, settings)
        await run_in_threadpool(warm)
        yield
        await run_in_threadpool(app.state.platform.close)

    app = FastAPI(
        title="greenai",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere, which our policy refuses
        redoc_url=None,
        generate_unique_id_function=operation_id,
    )
    handle_problems(app)
    app.include_router(operation.router)
    for router in routers(settings.bff):
        app.include_router(router, prefix=PREFIX)
    document_problems(app)
    serve_pages(app)
    # Inside of the surroundings, which make a problem document of its refusal and give it our headers.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(Surroundings, secure=settings.secure)
    return app


def operation_id(route: APIRoute) -> str:
    """Names of operations are names of functions: the client's functions are called like them."""
    return route.name
