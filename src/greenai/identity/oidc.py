"""Signing in by an OpenID Connect provider: authorisation code with PKCE, state and nonce.

An account is linked to issuer and subject, never to an e-mail address, which can change hands. Where
``GREENAI_OIDC_ROLES`` gives groups their roles, the groups say at each login what somebody may, and who
belongs to one of them gets an account at the first login; else administrators link accounts and give roles.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from greenai.errors import AuthenticationError, ConflictError, UsageError
from greenai.identity import accounts, login
from greenai.identity.grants import grants_of, rows_of
from greenai.identity.permissions import ROLES
from greenai.identity.provider import Provider, refused
from greenai.identity.secret import sign, signed
from greenai.identity.sessions import answered
from greenai.store import users
from greenai.store.users import Account, RoleOf

if TYPE_CHECKING:
    import psycopg
    from redis import Redis

    from greenai.settings import Settings

    Connection = psycopg.Connection[Any]

COOKIE: Final = "greenai_oidc"
"""Ties the way to the provider and back to one browser."""
LONGEST: Final = 600
"""Seconds that somebody may take to sign in there."""
BY: Final = "openid"
"""The program that makes accounts and gives roles by what the provider says."""
HOME: Final = "/"
PURPOSE: Final = "openid state"


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and the cookie that it has to come back with."""

    url: str
    cookie: str = field(repr=False)


def depart(redis: Redis, provider: Provider, *, back_to: str) -> Departure:
    """Begin a login; afterwards the browser is sent to `back_to`, a path of ours (else the start page).

    Raises UsageError where no provider is set, PlatformError when it or Redis cannot be reached.
    """
    browser, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    state = sign(provider.settings, PURPOSE, browser)
    url = provider.authorization_url(state=state, nonce=nonce, verifier=verifier)
    document = {"nonce": nonce, "verifier": verifier, "back_to": own_path(back_to)}
    with answered():
        redis.set(_name(state), json.dumps(document), ex=LONGEST)
    return Departure(url, browser)


def arrive(
    connection: Connection,
    redis: Redis,
    provider: Provider,
    *,
    code: str | None,
    state: str | None,
    issuer: str | None,
    error: str | None,
    browser: str | None,
    cookie: str | None,
) -> tuple[login.Entered, str]:
    """End a login: the session, and where to send the browser. A state is good once, in one browser.

    The connection is in autocommit mode. Raises AuthenticationError for all that does not hold.
    """
    if not state or not browser or not signed(provider.settings, PURPOSE, browser, state):
        raise refused("it was not begun in this browser")
    with answered():
        kept = cast("bytes | None", redis.getdel(_name(state)))
    if kept is None:
        raise refused("it was begun too long ago, or has ended")
    if error is not None or not code:
        raise refused("the provider did not sign you in")
    supported = provider.metadata().get("authorization_response_iss_parameter_supported") is True
    if (issuer is not None or supported) and issuer != provider.issuer:
        raise refused("another provider answered")  # RFC 9207: mix-up of providers
    begun = json.loads(kept)
    claims = provider.claims(code, nonce=begun["nonce"], verifier=begun["verifier"])
    with connection.transaction():
        account = _account(connection, provider.settings, claims)
        users.logged_in(connection, account.actor_id)
        login.note(connection, account.name, "login", by="openid", issuer=provider.issuer)
    return login.begin(redis, provider.settings, account, cookie=cookie), begun["back_to"]


def _account(connection: Connection, settings: Settings, claims: dict[str, Any]) -> Account:
    """The account of verified claims, with the roles that its groups give."""
    issuer, subject = claims["iss"], claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise refused("it has no subject")
    roles = roles_of(claims.get(settings.oidc_groups), settings)
    account = users.by_identity(connection, issuer, subject)
    if account is None:
        if not roles:
            raise AuthenticationError(
                "this login belongs to no account",
                remedy="let an administrator link it, by the subject that the provider shows",
                value=subject,
            )
        account = _new(connection, claims)
    if account.disabled:
        raise refused("the account is disabled")
    if settings.oidc_roles:
        users.new_actor(connection, BY, "program")
        known = users.known_recons(connection, [recon for _, recon in roles if recon is not None])
        grants = grants_of([one for one in roles if one[1] is None or one[1] in known])
        if rows_of(grants) == rows_of(grants_of(users.roles(connection, account.actor_id))):
            return account
        users.lock_administrators(connection)
        users.lock(connection, account.actor_id)
        try:
            accounts.regrant(connection, BY, account, grants)
        except (UsageError, ConflictError) as error:
            raise refused(f"its groups give no roles that can be had: {error.message}") from None
    return account


def roles_of(groups: object, settings: Settings) -> list[RoleOf]:
    """The roles that groups give by the settings; groups may be a list or one text."""
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return [(role, recon) for group, role, recon in settings.oidc_roles if group in named and role in ROLES]


def _new(connection: Connection, claims: dict[str, Any]) -> Account:
    """An account for somebody who signs in for the first time.

    Its name is what the provider calls him if nobody has that name, with or without an account: nobody
    becomes somebody else by being called so elsewhere.
    """
    users.new_actor(connection, BY, "program")
    host = urlsplit(claims["iss"]).hostname or "provider"
    wished = str(claims.get("preferred_username") or claims["sub"])
    base = re.sub(r"[^A-Za-z0-9._@+-]+", "-", wished).strip("._@+-")[:60] or "user"
    shown = " ".join(str(claims.get("name") or wished).split())[: accounts.LONGEST_DISPLAY]
    mail = claims.get("email")
    for name in (base, f"{base}@{host}"[:90], f"user-{secrets.token_hex(8)}"):
        if users.actor(connection, name) is not None or not accounts.NAME.fullmatch(name):
            continue
        account = accounts.add(
            connection,
            BY,
            name=name,
            display_name=shown if shown.isprintable() else name,
            email=mail if isinstance(mail, str) and accounts.EMAIL.fullmatch(mail) else None,
        )
        users.link(connection, account.actor_id, claims["iss"], claims["sub"])
        after = {"issuer": claims["iss"], "subject": claims["sub"]}
        accounts.note(connection, BY, "identity_linked", name, after=after)
        return account
    raise refused("no name is left for it")


def own_path(given: str) -> str:
    """A path of ours, or the start page: a login never ends on somebody else's page."""
    fine = re.fullmatch(r"/(?![/\\])[\w\-./~%?=&+,:@]*", given, re.ASCII) and len(given) <= 2000
    return given if fine else HOME


def _name(state: str) -> str:
    return f"greenai:openid:{state}"
