"""Which rights the platform's processes have in the database: those of the role `greenai_app`, and no more.

The tables belong to whoever migrates. Processes read and add; in the audit, in decisions and their versions
they can neither change nor remove, whatever statement anybody makes them send.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from greenai.embedded.cluster import SERVICE
from greenai.errors import StoreError
from greenai.store.database import connect, describe

GROUP: Final = "greenai_app"
"""The role that has the rights; whoever is to work for the platform is a member."""


def limited(url: str, *, own: bool) -> tuple[str, str | None]:
    """The URL for processes of the platform, and why it has all rights of the given one, if it has.

    In the embedded database, the program's `own`, processes log in as `SERVICE`, which is nothing else. On
    a server they log in as the URL says, and work in the role `GROUP`.
    """
    with connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT to_regrole(%s) IS NOT NULL", [GROUP]).fetchone()
        if row is None or not row[0]:
            return url, (
                f"there is no role {GROUP}, so processes can change the audit: let an administrator of the "
                f"server run CREATE ROLE {GROUP}, and GRANT {GROUP} TO the user; then run greenai db migrate"
            )
        if own:
            make_service(connection)
    narrowed = working_as(url, login=SERVICE if own else None)
    try:
        connect(narrowed).close()
    except StoreError as error:
        return (
            url,
            f"{describe(url)} may not work as {GROUP}, so processes can change the audit: {error.message}",
        )
    return narrowed, None


def make_service(connection: Any) -> None:
    """Create the member that processes log in as; it has no password: the system vouches for the user."""
    import psycopg

    try:
        if connection.execute("SELECT to_regrole(%s)", [SERVICE]).fetchone() == (None,):
            connection.execute(f"CREATE ROLE {SERVICE} LOGIN IN ROLE {GROUP}")
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        pass


def working_as(url: str, *, login: str | None = None) -> str:
    """A URL whose connections work in the role `GROUP`, and log in as `login` where that is given."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["options"] = f"{query.get('options', '')} -c role={GROUP}".strip()
    host = parts.netloc.rpartition("@")[2]
    netloc = parts.netloc if login is None else f"{login}@{host}"
    # libpq reads a plus sign as itself.
    return urlunsplit(parts._replace(netloc=netloc, query=urlencode(query, quote_via=quote, safe="/")))
