"""Accounts of people and programs: made, changed, disabled, given roles; each change is an audit event.

Who keeps accounts is kept from deciding: administrator, auditor and service go with no other role, nobody
changes his own roles or disables himself, and the last administrator stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from greenai.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from greenai.identity import passwords
from greenai.identity.callers import Caller, Grant
from greenai.identity.grants import grants_of, rows_of
from greenai.identity.permissions import ALONE, ROLES, decides
from greenai.store import actors, users
from greenai.store.users import Account

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,98}[A-Za-z0-9]")
EMAIL: Final = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,190}")
LONGEST_DISPLAY: Final = 200


def add(
    connection: Connection,
    by: str,
    *,
    name: str,
    display_name: str | None = None,
    email: str | None = None,
    password: str | None = None,
    grants: Sequence[Grant] = (),
    kind: Literal["person", "program"] = "person",
    must_change: bool = True,
) -> Account:
    """A new account, of an actor who is new, or known without account so far (from the command line).

    `by` is the name of who does it. Raises UsageError, ConflictError when there is such an account.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            "a name of an account has 2 to 100 letters, digits and . _ @ + -", column="name", value=name
        )
    if kind == "program" and password is not None:
        raise UsageError("a program has no password", column="password", remedy="make it an API key")
    shown, mail = _checked(display_name or name, email)
    if password is not None:
        passwords.check(password, name)
    allowed(grants, kind)
    known = users.actor(connection, name)
    if known is None:
        actor_id = users.new_actor(connection, name, kind)
    else:
        actor_id = known[0] if known[1] == kind == "person" else None
    added = actor_id is not None and users.add(
        connection,
        actor_id,
        display_name=shown,
        email=mail,
        password_hash=None if password is None else passwords.hashed(password),
        must_change=must_change and password is not None,
    )
    if actor_id is None or not added:
        raise ConflictError("this name is taken", column="name", value=name)
    actors.asker(connection, by)
    after = {"kind": kind, "display_name": shown, "email": mail, "known": known is not None}
    note(connection, by, "user_added", name, after=after)
    if grants:
        _grant(connection, by, actor_id, name, before=(), grants=grants)
    return found(connection, name)


def found(connection: Connection, name: str) -> Account:
    """The account of a name. Raises NotFoundError."""
    account = users.by_name(connection, name)
    if account is None:
        raise NotFoundError("there is no such account", value=name)
    return account


def change(
    connection: Connection,
    by: Caller,
    name: str,
    *,
    display_name: str | None = None,
    email: str | None = None,
    disabled: bool | None = None,
    version: int | None = None,
) -> Account:
    """Change what is given (an empty `email` takes it away); disabling ends all sessions and keys' use.

    Raises NotFoundError, ConflictError when `version` is not the present one or the account is the last
    administrator, ForbiddenError for disabling oneself.
    """
    account = _own(connection, name, may_end=bool(disabled))
    shown, mail = _checked(
        display_name if display_name is not None else account.display_name,
        account.email if email is None else email or None,
    )
    off = account.disabled if disabled is None else disabled
    if off and not account.disabled:
        if account.actor_id == by.actor_id:
            raise ForbiddenError("nobody disables himself", remedy="let another administrator do it")
        _not_the_last(connection, account)
    after = users.change(
        connection, account.actor_id, display_name=shown, email=mail, disabled=off, version=version
    )
    if after is None:
        raise changed_meanwhile(name, account.version)
    before = {"display_name": account.display_name, "email": account.email, "disabled": account.disabled}
    action = "user_changed" if off == account.disabled else "user_disabled" if off else "user_enabled"
    changed = {"display_name": shown, "email": mail, "disabled": off}
    note(connection, by.name, action, name, before=before, after=changed)
    return found(connection, name)


def give_roles(
    connection: Connection, by: Caller, name: str, grants: Sequence[Grant], *, version: int | None = None
) -> Account:
    """Replace the roles of an account.

    Raises ForbiddenError for one's own, ConflictError when `version` is not the present one or for the
    last administrator, UsageError for roles that do not go together or recons that there are not.
    """
    account = _own(connection, name, may_end=True)
    if version is not None and version != account.version:
        raise changed_meanwhile(name, account.version)
    if account.actor_id == by.actor_id:
        raise ForbiddenError(
            "nobody changes his own roles", remedy="let another administrator do it, who answers for it"
        )
    regrant(connection, by.name, account, grants)
    return found(connection, name)


def regrant(connection: Connection, by: str, account: Account, grants: Sequence[Grant]) -> bool:
    """Replace the roles of an account if they are others; whether they are. Raises as `give_roles`.

    The administrators and the account are locked.
    """
    allowed(grants, account.kind)
    before = users.roles(connection, account.actor_id)
    if rows_of(grants_of(before)) == rows_of(grants):
        return False
    if not any(grant.role == "administrator" and grant.recons is None for grant in grants):
        _not_the_last(connection, account)
    _grant(connection, by, account.actor_id, account.name, before=grants_of(before), grants=grants)
    return True


def _grant(
    connection: Connection,
    by: str,
    actor_id: int,
    name: str,
    *,
    before: Sequence[Grant],
    grants: Sequence[Grant],
) -> None:
    named = sorted({recon for grant in grants for recon in grant.recons or ()})
    missing = sorted(set(named) - users.known_recons(connection, named))
    if missing:
        raise UsageError("there is no such recon", column="recons", value=missing[0])
    granter = users.actor(connection, by)
    assert granter is not None
    users.set_roles(connection, actor_id, rows_of(grants), by=granter[0])
    note(
        connection,
        by,
        "roles_changed",
        name,
        before={"roles": documented(before)},
        after={"roles": documented(grants), "decides": any(decides(grant.role) for grant in grants)},
    )


def documented(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """Grants as JSON."""
    return [
        {"role": grant.role, "recons": None if grant.recons is None else sorted(grant.recons)}
        for grant in grants
    ]


def allowed(grants: Sequence[Grant], kind: str) -> None:
    """Raise UsageError for roles that do not go together, or not with a person or a program."""
    given = {grant.role for grant in grants}
    unknown = sorted(given - set(ROLES))
    if unknown:
        raise UsageError("there is no such role", column="role", value=unknown[0], remedy=", ".join(ROLES))
    if any(grant.recons is not None and not grant.recons for grant in grants):
        raise UsageError("a role is for all recons, or for at least one", column="recons")
    if len(given) > 1 and given & ALONE:
        raise UsageError(
            f"{sorted(given & ALONE)[0]} goes with no other role",
            column="role",
            remedy="duties are kept apart: make a second account",
        )
    if kind == "program" and given - {"service"}:
        raise UsageError("a program has the role service and no other", column="role")
    if kind != "program" and "service" in given:
        raise UsageError("the role service is for programs", column="role")
    if any(grant.role == "administrator" and grant.recons is not None for grant in grants):
        raise UsageError("an administrator is one for all recons", column="recons")


def set_password(
    connection: Connection, by: str, name: str, password: str, *, must_change: bool = True
) -> None:
    """A password that somebody else sets: it is to be changed first. Ends all sessions, and a lock.

    Raises NotFoundError, UsageError for a program and for a password that is easily guessed.
    """
    account = _own(connection, name)
    if account.kind == "program":
        raise UsageError("a program has no password", column="password", remedy="make it an API key")
    passwords.check(password, name)
    users.set_password(connection, account.actor_id, passwords.hashed(password), must_change=must_change)
    note(connection, by, "password_set", name)


def unlock(connection: Connection, by: str, name: str) -> None:
    """End the lock of an account. Raises NotFoundError."""
    account = _own(connection, name)
    users.unlock(connection, account.actor_id)
    note(connection, by, "user_unlocked", name)


def end_sessions(connection: Connection, by: str, name: str) -> None:
    """End all sessions of an account. Raises NotFoundError."""
    account = _own(connection, name)
    users.end_sessions(connection, account.actor_id)
    note(connection, by, "sessions_ended", name)


def link(connection: Connection, by: Caller, name: str, issuer: str, subject: str) -> None:
    """Let a person log in by a provider.

    Raises ConflictError when the subject is linked already, ForbiddenError for linking oneself, UsageError
    for a program.
    """
    account = _own(connection, name)
    if account.kind == "program":
        raise UsageError("a program logs in nowhere", remedy="make it an API key")
    if account.actor_id == by.actor_id:
        raise ForbiddenError("nobody links himself", remedy="let another administrator do it")
    if not users.link(connection, account.actor_id, issuer, subject):
        raise ConflictError("this subject is linked already", column="subject", value=subject)
    note(connection, by.name, "identity_linked", name, after={"issuer": issuer, "subject": subject})


def unlink(connection: Connection, by: str, name: str, issuer: str, subject: str) -> None:
    """Let a person log in by it no longer; all sessions end. Raises NotFoundError."""
    account = _own(connection, name)
    if not users.unlink(connection, account.actor_id, issuer, subject):
        raise NotFoundError("this subject is not linked to the account", value=subject)
    users.end_sessions(connection, account.actor_id)
    note(connection, by, "identity_unlinked", name, before={"issuer": issuer, "subject": subject})


def note(
    connection: Connection,
    by: str,
    action: str,
    name: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note what somebody did with an account; never with a password or a key."""
    actors.audit(connection, by, action, {}, subject=f"user:{name}", before=before, after=after)


def changed_meanwhile(name: str, version: int) -> ConflictError:
    """The error of who changes what he has not seen."""
    return ConflictError(
        f"somebody else changed {name} meanwhile: it is version {version}", remedy="look at it again"
    )


def _own(connection: Connection, name: str, *, may_end: bool = False) -> Account:
    """The account, which nobody else changes before this transaction ends; `may_end`: as an administrator."""
    if may_end:
        users.lock_administrators(connection)
    users.lock(connection, found(connection, name).actor_id)
    return found(connection, name)


def _not_the_last(connection: Connection, account: Account) -> None:
    """Raise ConflictError where nobody could administrate the platform without this account."""
    if users.administrators(connection) == frozenset({account.actor_id}):
        raise ConflictError(
            f"{account.name} is the last administrator", remedy="make another administrator first"
        )


def _checked(display_name: str, email: str | None) -> tuple[str, str | None]:
    shown = " ".join(display_name.split())
    if not shown or len(shown) > LONGEST_DISPLAY or not shown.isprintable():
        raise UsageError(f"a person is called by 1 to {LONGEST_DISPLAY} characters", column="display_name")
    if email is not None and not EMAIL.fullmatch(email):
        raise UsageError("this is no e-mail address", column="email", value=email)
    return shown, email
