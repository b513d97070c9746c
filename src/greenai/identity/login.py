"""Logging in by name and password, and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from greenai.errors import AuthenticationError, UsageError
from greenai.identity import passwords, sessions, throttling
from greenai.store import actors, users

if TYPE_CHECKING:
    import psycopg
    from redis import Redis

    from greenai.settings import Settings
    from greenai.store.users import Account

    Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that has begun: what the cookie holds, and the CSRF token that belongs to it."""

    account: Account
    token: str = field(repr=False)
    csrf: str = field(repr=False)


def log_in(
    connection: Connection,
    redis: Redis,
    settings: Settings,
    *,
    name: str,
    password: str,
    address: str,
    cookie: str | None = None,
) -> Entered:
    """Begin a session; that of the browser's present `cookie` ends.

    The connection is in autocommit mode: a failure is counted for good although it raises. All refusals of
    names and passwords read alike and take as long, so that nobody learns which accounts there are. Raises
    AuthenticationError, TooOftenError, PlatformError without Redis.
    """
    throttling.count_attempt(redis, name, address)
    account = users.by_name(connection, name)
    held = passwords.holds(account.password_hash if account is not None else None, password)
    with connection.transaction():
        if account is not None:
            users.lock(connection, account.actor_id)
            account = users.by_id(connection, account.actor_id)
        refused = account is None or account.disabled or users.locked(connection, account.actor_id)
        if account is not None and not refused and held:
            return _enter(connection, redis, settings, account, password, address=address, cookie=cookie)
        if account is not None:
            _note_failure(connection, settings, account, address=address)
    raise AuthenticationError(
        "the name or the password is wrong, or the account is disabled or locked",
        remedy="try again; after some failures an account is locked for a while, or until an administrator "
        "unlocks it",
    )


def _enter(
    connection: Connection,
    redis: Redis,
    settings: Settings,
    account: Account,
    password: str,
    *,
    address: str,
    cookie: str | None,
) -> Entered:
    if account.password_hash is not None and passwords.outdated(account.password_hash):
        users.rehash(connection, account.actor_id, passwords.hashed(password))
    users.logged_in(connection, account.actor_id)
    note(connection, account.name, "login", by="password", address=address)
    throttling.forget(redis, account.name)
    return begin(redis, settings, account, cookie=cookie)


def _note_failure(connection: Connection, settings: Settings, account: Account, *, address: str) -> None:
    """Count a failure of an account that can be used, and note it of any."""
    if users.locked(connection, account.actor_id) or account.disabled:
        why = "disabled" if account.disabled else "locked"
        note(connection, account.name, "login_refused", why=why, address=address)
        return
    locks = users.failed(
        connection,
        account.actor_id,
        most=settings.login_failures,
        period=timedelta(minutes=settings.lock_minutes),
    )
    note(connection, account.name, "login_failed", locks=locks, address=address)


def begin(redis: Redis, settings: Settings, account: Account, *, cookie: str | None) -> Entered:
    """A session of an account that proved who it is, in place of the one that the browser has."""
    if cookie:
        sessions.end(redis, cookie)
    token = sessions.begin(
        redis,
        account.actor_id,
        account.epoch,
        idle=settings.session_idle * 60,
        absolute=settings.session_hours * 3600,
    )
    return Entered(account, token, sessions.csrf_token(token))


def note(connection: Connection, name: str, action: str, **details: Any) -> None:
    """Note what somebody did, or what was done under his name."""
    actors.audit(connection, name, action, details, subject=f"user:{name}")


def log_out(connection: Connection, redis: Redis, *, name: str, cookie: str) -> None:
    """End the session of a cookie."""
    sessions.end(redis, cookie)
    note(connection, name, "logout")


def change_password(
    connection: Connection,
    redis: Redis,
    settings: Settings,
    *,
    actor_id: int,
    old: str,
    new: str,
    address: str,
    cookie: str,
) -> Entered:
    """One's own new password: all sessions end, and one begins anew.

    The connection is in autocommit mode. Raises AuthenticationError where `old` is not the password, which
    counts as a failed login; UsageError for a new one that is easily guessed.
    """
    account = users.by_id(connection, actor_id)
    assert account is not None
    throttling.count_attempt(redis, account.name, address)
    held = passwords.holds(account.password_hash, old)
    if not held or users.locked(connection, actor_id):
        with connection.transaction():
            _note_failure(connection, settings, account, address=address)
        raise AuthenticationError("the present password is wrong, or the account is locked", column="old")
    passwords.check(new, account.name)
    if passwords.holds(account.password_hash, new):
        raise UsageError("the new password is the present one", column="new", remedy="take another one")
    with connection.transaction():
        users.set_password(connection, actor_id, passwords.hashed(new), must_change=False)
        note(connection, account.name, "password_changed")
    changed = users.by_id(connection, actor_id)
    assert changed is not None
    throttling.forget(redis, account.name)
    return begin(redis, settings, changed, cookie=cookie)
