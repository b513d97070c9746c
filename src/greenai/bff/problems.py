"""Errors as problem documents (RFC 9457): the one place where an error becomes an HTTP status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from greenai import errors
from greenai.telemetry import logs

if TYPE_CHECKING:
    from greenai.errors import GreenaiError

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final[tuple[tuple[type[GreenaiError], int, str], ...]] = (
    # (error, status, its title); the first that fits
    (errors.AuthenticationError, 401, "Not signed in"),
    (errors.ForbiddenError, 403, "Not allowed"),
    (errors.NotFoundError, 404, "Not found"),
    (errors.ConflictError, 409, "In conflict with the present state"),
    (errors.SupersededError, 409, "In conflict with the present state"),
    (errors.TooOftenError, 429, "Too many requests"),
    (errors.PlatformError, 503, "Not available"),
    (errors.MigrationError, 503, "Not available"),
    (errors.StoreError, 503, "Not available"),
    (errors.WorkspaceError, 503, "Not available"),
    (errors.EngineError, 503, "Not available"),
    (errors.GreenaiError, 422, "Cannot be done"),
)
UNREADABLE: Final = "There was an error parsing the body"
"""What the framework says of a body in which there is not even text."""
TITLES: Final = {
    400: "Cannot be read",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "In conflict with the present state",
    413: "Too large",
    415: "Media type not supported",
    422: "Cannot be done",
    429: "Too many requests",
    503: "Not available",
}


def problem(
    status: int, title: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document as a response; members that are None are left out."""
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(
        {name: value for name, value in document.items() if value is not None},
        status,
        headers,
        media_type=MEDIA_TYPE,
    )


def status_of(error: GreenaiError) -> tuple[int, str]:
    """Status and title of an error."""
    return next((status, title) for kind, status, title in STATUSES if isinstance(error, kind))


def of_greenai(_request: Request, error: Exception) -> JSONResponse:
    """The problem of one of greenai's errors."""
    assert isinstance(error, errors.GreenaiError)
    status, title = status_of(error)
    headers = {"retry-after": str(error.seconds)} if isinstance(error, errors.TooOftenError) else None
    if status == 401:
        headers = {"www-authenticate": "Bearer"}
    if status == 503:
        logs.event("request_refused", level="warning", error=error)
        headers = {"retry-after": "2"}
    value = None if error.value is None else str(error.value)[:200]
    return problem(
        status,
        title,
        error.message,
        headers=headers,
        remedy=error.remedy,
        place=error.place or None,
        line=error.line,
        field=error.column,
        value=value,
    )


def of_http(_request: Request, error: Exception) -> JSONResponse:
    """The problem of what the framework refuses."""
    assert isinstance(error, HTTPException)
    # A body that is no text at all is refused like one that is no JSON.
    status = 422 if error.status_code == 400 and error.detail == UNREADABLE else error.status_code
    return problem(
        status,
        TITLES.get(status, "Refused"),
        str(error.detail),
        headers=dict(error.headers) if error.headers else None,
    )


def of_validation(_request: Request, error: Exception) -> JSONResponse:
    """The problem of a request whose parts are not what the document says, with each part."""
    assert isinstance(error, RequestValidationError)
    parts = [
        {"field": ".".join(str(step) for step in one["loc"]), "detail": str(one["msg"])}
        for one in error.errors()
    ]
    first = parts[0] if parts else {"field": "", "detail": "the request cannot be read"}
    return problem(
        422,
        TITLES[422],
        f"{first['field']}: {first['detail']}" if first["field"] else first["detail"],
        errors=parts,
        remedy="see the OpenAPI document for what is expected",
    )


def of_database(request: Request, error: Exception) -> JSONResponse:
    """The problem of a database that is away, busy or short; what is our own mistake stays one."""
    import psycopg
    from psycopg_pool import PoolTimeout

    from greenai.store.database import trouble

    assert isinstance(error, psycopg.Error)
    url = str(request.app.state.platform.settings.database_url)
    found = trouble(error, url)
    if isinstance(error, PoolTimeout):
        found = errors.StoreError(
            "no connection to the database: it does not answer, or all are in use", remedy="ask again"
        )
    if found is not None:
        return of_greenai(request, found)
    if isinstance(error, psycopg.DataError):
        # A character 0, a time zone of 20 hours: what no value of the database is, was sent by somebody.
        logs.event("request_refused", level="warning", error=error)
        return problem(
            422,
            TITLES[422],
            "a value cannot be stored or compared: a character 0, or a number or time out of range",
            remedy="send another value",
        )
    return unexpected(error)


def too_large() -> JSONResponse:
    """The problem of a request with more bytes than anything here takes."""
    return problem(413, TITLES[413], "the request has too many bytes", remedy="see the limits in docs/bff.md")


def unexpected(error: Exception) -> JSONResponse:
    """The problem of a mistake of ours: logged with its place, told without it."""
    logs.event("request_failed", level="error", error=error)
    return problem(
        500, "Our mistake", "something unexpected happened; nothing was changed", remedy="see the log"
    )


def handle_problems(app: FastAPI) -> None:
    """Answer all errors as problem documents."""
    import psycopg

    app.add_exception_handler(errors.GreenaiError, of_greenai)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_validation)
    app.add_exception_handler(psycopg.Error, of_database)
