"""What routes ask for: who calls, the transaction of the request, and the right to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends, Request

from greenai.bff.platform import Platform
from greenai.bff.rates import count_call
from greenai.bff.unit import Unit
from greenai.identity.authentication import authenticate
from greenai.identity.callers import Caller
from greenai.identity.permissions import Permission

if TYPE_CHECKING:
    import psycopg

BEARER: Final = "bearer "
COOKIE: Final = "greenai_session"


# What waits for nothing is a coroutine: FastAPI runs plain functions in a thread, and each change of threads
# costs a short request as much as a query does.


async def platform_of(request: Request) -> Platform:
    """What the process has opened."""
    found: Platform = request.app.state.platform
    return found


async def unit_of(request: Request) -> Unit:
    """The unit of this request, which its route has made."""
    found: Unit = request.state.unit
    return found


def caller(request: Request, unit: UnitDep, platform: PlatformDep) -> Caller:
    """Who asks. Raises AuthenticationError; counts the call against the caller's rate."""
    given = request.headers.get("authorization", "")
    found = authenticate(
        unit.connection,
        platform.redis,
        cookie=request.cookies.get(COOKIE),
        bearer=given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else None,
        csrf=request.headers.get("x-csrf-token"),
        method=request.method,
    )
    count_call(platform.redis, found.actor_id, platform.settings.rate_limit)
    return found


def transaction(unit: UnitDep, found: CallerDep) -> psycopg.Connection[Any]:
    """The connection in the request's transaction: read-only for reads."""
    return unit.begin(found.actor_id)


PlatformDep = Annotated[Platform, Depends(platform_of)]
UnitDep = Annotated[Unit, Depends(unit_of)]
CallerDep = Annotated[Caller, Depends(caller)]
Reading = Annotated[Any, Depends(transaction)]
"""A psycopg connection in a read-only transaction."""
Writing = Annotated[Any, Depends(transaction)]
"""A psycopg connection in the transaction that is committed after the handler returned."""


def requires(permission: Permission) -> Any:
    """A dependency that insists on a permission, for the recon that the path names where it names one."""

    async def insist(request: Request, found: CallerDep) -> None:
        found.insist(permission, request.path_params.get("recon"))

    # So that the documentation, and the test of the matrix, can read which one it is.
    insist.permission = permission  # type: ignore[attr-defined]
    return Depends(insist)
