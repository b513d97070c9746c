"""A connection to PostgreSQL, or one readable error why there is none."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from greenai.errors import StoreError

if TYPE_CHECKING:
    import psycopg

OLDEST_SERVER = 15
"""The first major version with all that the schema uses (``UNIQUE NULLS NOT DISTINCT``, ``MERGE``)."""

CONNECTING = 10
"""Seconds to wait for an address to answer."""

STARTING = 60
"""Seconds to wait for a server that answers that it is starting up or recovering."""

CRASHING = 2
"""Seconds to try again while a server that lost one of its processes drops all connections."""

PARAMETERS = {
    "application_name": "greenai",
    "connect_timeout": CONNECTING,
    # A peer that vanished (laptop asleep, cable pulled) is noticed within about two minutes.
    "keepalives_idle": 60,
    "keepalives_interval": 15,
    "keepalives_count": 4,
    "client_encoding": "UTF8",
    # A standby accepts connections and then refuses every write; here it is refused at once.
    "target_session_attrs": "read-write",
}

REASONS = (
    # (what the message of libpq says, what it means, what to do)
    (
        r"authentication failed|no password supplied|SCRAM|no pg_hba\.conf entry",
        "refuses this user",
        "check user and password; keep the password out of the URL: PGPASSWORD or ~/.pgpass",
    ),
    (r'database ".*" does not exist', "has no such database", "create it: createdb, or CREATE DATABASE"),
    (r'role ".*" does not exist', "has no such user", "create it: createuser, or CREATE ROLE … LOGIN"),
    (
        r"too many (clients|connections)|remaining connection slots",
        "takes no more connections",
        "end others that are idle, or raise max_connections",
    ),
    (
        r"read-only|hot standby",
        "is a standby, or read-only",
        "name the primary server in the URL, or let it accept writes",
    ),
    (r"certificate|SSL|TLS", "and this machine do not agree on encryption", "check sslmode and certificates"),
    (
        r"could not translate|not known|No address associated|name resolution",
        "is not a known host",
        "check the name of the host",
    ),
    (
        r"Connection refused|No such file|timeout|timed out|No route|unreachable|Permission denied",
        "does not answer",
        "check host and port, that the server runs, and that it may be reached from here",
    ),
)


TROUBLE = (
    # (the code of the SQL standard, what it means, what to do)
    (
        r"53100",
        "has no room left on its disk",
        "make room there and run it again; nothing of this was stored",
    ),
    (r"53[0-9]{3}", "is short of resources", "see its log, and run it again; nothing of this was stored"),
    (
        r"42501",
        "does not let this user do that",
        "let the owner of greenai's tables run it, or grant the right to this user",
    ),
    (r"22003", "holds no number so large", "look up the number, it is a smaller one"),
    (r"25006", "takes no changes now", "name the primary server in the URL, or let it accept writes"),
    (
        r"57014|55P03|25P0[34]|57P05",
        "did not wait any longer",
        "see statement_timeout, lock_timeout and idle_in_transaction_session_timeout there; run it again",
    ),
    (r"40[0-9A-Z]{3}", "had to choose between two who wanted the same", "run it again"),
    (
        r"58[0-9A-Z]{3}|XX00[12]",
        "cannot read or write its files",
        "see its log and its disk before anything else; nothing of this was stored",
    ),
)
"""What a server says while it works, other than about the data and statements it is given."""
LOST = r"57P0[0-4]|08[0-9A-Z]{3}"
"""The codes of a connection that a server ended or that broke."""
LOST_REMEDY = "run it again: what was stored before that is recognised, and not stored twice"


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn trouble with the server at `url` into a StoreError that says what to do.

    What a server says about the data and statements it is given stays psycopg's error: that is ours to mend.
    """
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        found = trouble(error, url)
        if found is None:
            raise
        raise found from None


def trouble(error: psycopg.Error, url: str) -> StoreError | None:
    """The StoreError for trouble with a server that a connection was open to; None for other errors."""
    import psycopg

    code = error.sqlstate or ""
    said = error.diag.message_primary or " ".join(str(error).split())
    for pattern, meaning, remedy in TROUBLE:
        if re.fullmatch(pattern, code):
            return StoreError(f"{describe(url)} {meaning}: {said}", remedy=remedy)
    if re.fullmatch(LOST, code) or (not code and isinstance(error, psycopg.OperationalError)):
        return LostError(f"the connection to {describe(url)} was lost: {said}", remedy=LOST_REMEDY)
    return None


class LostError(StoreError):
    """The connection to the server was lost in the middle."""


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
    """A new connection to the database at `url`, ready to write.

    Parameters in the URL come before ours. A server that is starting or recovering is waited for, up to a
    minute. Raises StoreError, without any password in it: no such server, user, database or right; older
    than PostgreSQL 15; a database that is not UTF-8; a standby.
    """
    import psycopg

    given = parsed(url)
    begun = time.monotonic()
    while True:
        try:
            connection = psycopg.connect(**{**PARAMETERS, **given}, autocommit=autocommit)
            break
        except psycopg.OperationalError as error:
            if time.monotonic() - begun < patience(str(error)):
                time.sleep(0.05)
                continue
            raise refusal(error, url) from None
        except psycopg.Error as error:
            raise refusal(error, url) from None
    try:
        check_server(connection, url)
        # Whatever the server's default: what is read under a lock is to be what holds then, not before.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
    except BaseException:
        connection.close()
        raise
    return connection


def named(url: str, name: str) -> str:
    """The URL of a store whose connections the server lists under a name (``application_name``)."""
    return f"{url}{'&' if '?' in url else '?'}application_name={quote(name, safe='')}"


def patience(said: str) -> float:
    """For how many seconds to try again after a failure, by what libpq said."""
    if re.search(r"the database system is (starting up|not yet accepting|in recovery|shutting down)", said):
        return STARTING
    if re.search(r"crash of another server process|server closed the connection unexpectedly", said):
        return CRASHING
    return 0


def check_server(connection: psycopg.Connection[Any], url: str) -> None:
    """Raise StoreError for a server or a database that greenai cannot use."""
    major = connection.info.server_version // 10000
    if major < OLDEST_SERVER:
        raise StoreError(
            f"{describe(url)} is PostgreSQL {major}; greenai needs {OLDEST_SERVER} or newer",
            remedy="upgrade the server, or use the embedded one: leave --store out",
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreError(
            f"{describe(url)} holds texts as {encoding}; greenai needs UTF8",
            remedy="create the database with ENCODING 'UTF8' TEMPLATE template0",
        )


def refusal(error: Exception, url: str) -> StoreError:
    """The StoreError for what libpq says when it cannot connect."""
    text = " ".join(str(error).split())
    for pattern, meaning, remedy in REASONS:
        if re.search(pattern, text):
            return StoreError(f"{describe(url)} {meaning}: {text}", remedy=remedy)
    return StoreError(
        f"{describe(url)}: cannot connect: {text}",
        remedy="check the URL of the store, and the log of the server",
    )


def parsed(url: str) -> dict[str, Any]:
    """The parameters in a URL. Raises StoreError, which repeats nothing of the URL."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if url.startswith(("postgresql://", "postgres://")):
        try:
            given: dict[str, Any] | None = dict(conninfo_to_dict(url))
        except psycopg.Error:  # libpq repeats the part it stumbled over, often half a password
            given = None
        # With / or @ written plainly, half a password is read as a port, a database or a host.
        if given is not None and "@" not in url.partition("?")[0].partition("://")[2].partition("/")[2]:
            hosts, ports = str(given.get("host") or ""), str(given.get("port") or "")
            if re.fullmatch(r"[\d,]*", ports) and not any("@" in host[1:] for host in hosts.split(",")):
                return given
    raise StoreError(
        "the URL of the store cannot be read",
        remedy="write postgresql://user@host:5432/database; in user and password write / as %2F and @ as %40",
    )


def describe(url: str) -> str:
    """The URL without password and options, for messages and logs: ``postgresql://ann@db:5432/recon``."""
    try:
        given = parsed(url)
    except StoreError:
        return "the store"
    user = f"{quote(str(given['user']))}@" if given.get("user") else ""
    hosts, ports = (
        str(given.get("host") or given.get("hostaddr") or "").split(","),
        str(given.get("port") or ""),
    )
    socket = hosts[0].startswith("/")
    shown = ",".join(
        host + (f":{port}" if port else "")
        for host, port in zip(hosts, [*ports.split(","), *[""] * len(hosts)], strict=False)
    )
    database = f"/{quote(str(given['dbname']))}" if given.get("dbname") else ""
    return f"postgresql://{user}{'' if socket else shown}{database}" + (f"?host={hosts[0]}" if socket else "")
