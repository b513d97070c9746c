"""``greenai user``: accounts of people and programs, where no server runs yet or nobody can sign in."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

if TYPE_CHECKING:
    from greenai.identity.callers import Caller, Grant
    from greenai.store.users import Account, RoleOf

STORE = click.option(
    "--store",
    cls=Once,
    metavar="URL",
    help="A PostgreSQL URL.  [default: GREENAI_DATABASE_URL, else the embedded database]",
)
BY = click.option(
    "--by", cls=Once, metavar="NAME", help="Who does it.  [default: the name of your account here]"
)
ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE[:RECON]",
    help="A role, for all recons or for one; may be given several times.",
)
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
MOST: Final = 100_000


@click.group("user", short_help="Add people and programs; roles, passwords, locks.")
def command() -> None:
    """Who may sign in, and what he may. Each change is an audit event under your name.

    \b
    greenai user add ann --role administrator
    greenai user add bob --role analyst:fx_trades --role analyst:swaps
    greenai user add nightly --program --role service
    """


@command.command("add")
@click.argument("name")
@ROLE
@click.option("--display-name", cls=Once, metavar="TEXT", help="How people call him.  [default: NAME]")
@click.option("--email", cls=Once, metavar="ADDRESS", help="For notices.")
@click.option("--program", is_flag=True, help="A program: it has API keys and no password.")
@click.option("--no-password", is_flag=True, help="He signs in by an OpenID Connect provider only.")
@STDIN
@BY
@STORE
def add_command(
    name: str,
    roles: tuple[str, ...],
    display_name: str | None,
    email: str | None,
    program: bool,
    no_password: bool,
    password_stdin: bool,
    by: str | None,
    store: str | None,
) -> int:
    """Add a person, asking for a password, or a program.

    Whoever types the password here knows it: it is to be changed at the first login, unless you add yourself
    (NAME is the name of your account).
    """
    from greenai.identity import accounts

    password = None if program or no_password else asked(password_stdin)
    with changing(by, store) as (connection, caller):
        accounts.add(
            connection,
            caller.name,
            name=name,
            display_name=display_name,
            email=email,
            password=password,
            grants=grants(roles),
            kind="program" if program else "person",
            must_change=caller.name != name,
        )
    click.echo(f"{name}: added")
    return 0


@command.command("list")
@reading_options
def list_command(store: str | None, form: str) -> int:
    """List accounts with their roles."""
    from greenai.api.stored import stored
    from greenai.settings import read_settings
    from greenai.store import users

    settings = read_settings()
    with stored(store, settings) as connection:
        found = users.page(connection, limit=MOST)
        roles = users.roles_of(connection, [one.actor_id for one in found])
    lines = [(one, roles[one.actor_id]) for one in found]
    document = {"users": [as_dict(one, held) for one, held in lines]}
    answer(document, render, lines, form=form, settings=settings)
    return 0


@command.command("disable")
@click.argument("name")
@BY
@STORE
def disable_command(name: str, by: str | None, store: str | None) -> int:
    """Let somebody sign in no more; his sessions end and his keys are refused."""
    return _switched(name, by, store, disabled=True)


@command.command("enable")
@click.argument("name")
@BY
@STORE
def enable_command(name: str, by: str | None, store: str | None) -> int:
    """Let somebody who is disabled sign in again."""
    return _switched(name, by, store, disabled=False)


def _switched(name: str, by: str | None, store: str | None, *, disabled: bool) -> int:
    from greenai.identity import accounts

    with changing(by, store) as (connection, caller):
        accounts.change(connection, caller, name, disabled=disabled)
    click.echo(f"{name}: {'disabled' if disabled else 'enabled'}")
    return 0


@command.command("password")
@click.argument("name")
@STDIN
@BY
@STORE
def password_command(name: str, password_stdin: bool, by: str | None, store: str | None) -> int:
    """Set a password; it is to be changed at the next login, unless it is your own."""
    from greenai.identity import accounts

    password = asked(password_stdin)
    with changing(by, store) as (connection, caller):
        accounts.set_password(connection, caller.name, name, password, must_change=caller.name != name)
    click.echo(f"{name}: password set")
    return 0


@command.command("unlock")
@click.argument("name")
@BY
@STORE
def unlock_command(name: str, by: str | None, store: str | None) -> int:
    """Let somebody who failed too often try again."""
    from greenai.identity import accounts

    with changing(by, store) as (connection, caller):
        accounts.unlock(connection, caller.name, name)
    click.echo(f"{name}: unlocked")
    return 0


@command.command("role")
@click.argument("name")
@ROLE
@BY
@STORE
def role_command(name: str, roles: tuple[str, ...], by: str | None, store: str | None) -> int:
    """Replace all roles of somebody; without --role he has none."""
    from greenai.identity import accounts

    with changing(by, store) as (connection, caller):
        accounts.give_roles(connection, caller, name, grants(roles))
    click.echo(f"{name}: {', '.join(roles) or 'no role'}")
    return 0


@contextlib.contextmanager
def changing(by: str | None, store: str | None) -> Iterator[tuple[Any, Caller]]:
    """A connection that is committed after the block, and who changes something through it.

    Whoever may write into the database may do all here; what keeps administrators from changing their own
    roles does not apply, for this is how the first one comes about and the last one comes back.
    """
    import getpass

    from greenai.api.reasons import changing as opened
    from greenai.identity.callers import Caller
    from greenai.settings import read_settings
    from greenai.store.actors import person

    name = by or getpass.getuser()
    with opened(store, read_settings()) as connection:
        person(connection, name)
        # Nobody's number: who is at the command line is no account.
        yield connection, Caller(0, name, (), "session")


def asked(from_input: bool) -> str:
    """A password: typed twice unseen, or the first line of standard input. Raises UsageError."""
    from greenai.errors import UsageError

    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to ask for a password", remedy="pipe it in: --password-stdin")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def grants(given: Sequence[str]) -> list[Grant]:
    """``analyst``, ``analyst:fx_trades`` as grants. Raises UsageError for no such role, as the store does."""
    from greenai.errors import UsageError
    from greenai.identity.grants import grants_of
    from greenai.identity.permissions import ROLES

    rows: list[RoleOf] = []
    for text in given:
        role, sign, recon = text.partition(":")
        if role not in ROLES or (sign and not recon):
            raise UsageError(
                "there is no such role", value=text, remedy=f"one of {', '.join(ROLES)}, or ROLE:RECON"
            )
        rows.append((role, recon or None))
    return list(grants_of(rows))


def as_dict(one: Account, roles: Sequence[RoleOf]) -> dict[str, Any]:
    """An account as JSON."""
    return {
        "name": one.name,
        "kind": one.kind,
        "display_name": one.display_name,
        "email": one.email,
        "disabled": one.disabled,
        "locked_until": None if one.locked_until is None else one.locked_until.isoformat(),
        "last_login_at": None if one.last_login_at is None else one.last_login_at.isoformat(),
        "roles": [{"role": role, "recon": recon} for role, recon in roles],
    }


def render(lines: Sequence[tuple[Account, Sequence[RoleOf]]], *, width: int, colour: bool) -> str:
    """A table of accounts."""
    from datetime import UTC, datetime

    from greenai.reports.canvas import Canvas
    from greenai.reports.tables import moment, table
    from greenai.reports.text import fit, visible

    canvas = Canvas(width, colour=colour)
    if not lines:
        canvas.line(("there is no account", "dim"))
        return canvas.text()
    rows = []
    for one, roles in lines:
        locked = one.locked_until is not None and one.locked_until > datetime.now(UTC)
        state = "disabled" if one.disabled else "locked" if locked else "active"
        held = ", ".join(role if recon is None else f"{role}:{recon}" for role, recon in roles)
        rows.append(
            (
                (fit(visible(one.name), 40), "strong"),
                (one.kind, ""),
                (state, {"active": "good", "locked": "warn", "disabled": "bad"}[state]),
                (fit(visible(held), 60), ""),
                ("" if one.last_login_at is None else moment(one.last_login_at), "dim"),
            )
        )
    table(canvas, ("name", "kind", "state", "roles", "last login"), rows, right=set())
    return canvas.text()
