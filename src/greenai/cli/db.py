"""``greenai db``: the database that results are stored in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from greenai.settings import Settings

STORE = click.option(
    "--store",
    metavar="URL",
    help="A PostgreSQL URL.  [default: GREENAI_DATABASE_URL, else the embedded database]",
)


@click.group("db", short_help="Migrate the database; start, stop or look at the embedded one.")
def command() -> None:
    """The database that results are stored in.

    Without a URL it is the embedded one in GREENAI_HOME (else in your data folder). It starts by itself
    when a command needs it, and stops when the last one ends.
    """


@command.command("migrate")
@STORE
def migrate_command(store: str | None) -> int:
    """Create or upgrade the tables; nothing happens when they are up to date."""
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded.opening import opened_store
    from greenai.settings import read_settings, store_url
    from greenai.store.database import connect, describe
    from greenai.store.migrations import migrate

    settings = read_settings()
    with opened_store(store_url(store, settings), settings.home) as url, connect(url) as connection:
        done = migrate(connection)
    lines = [f"applied {name}" for name in done] or ["up to date"]
    say("\n".join([describe(url), *(f"  {line}" for line in lines)]))
    return EQUAL


@command.command("status")
@STORE
def status_command(store: str | None) -> int:
    """Say where the database is, whether it answers, and whether its tables are up to date.

    Exit code 0: it is up to date; 1: migrations wait, or the embedded one is not running; 2: trouble.
    The embedded database is not started for this.
    """
    from greenai.cli.main import DIFFERENT, EQUAL
    from greenai.cli.show import say
    from greenai.settings import EMBEDDED, NONE, read_settings, store_url
    from greenai.store.database import connect, describe
    from greenai.store.migrations import applied, pending

    settings = read_settings()
    url = store_url(store, settings)
    if url == EMBEDDED:
        from greenai.embedded.postgres import running_url

        home = home_of(settings)
        found = running_url(home)
        if found is None:
            say(f"{home / 'postgres'}: not running")
            return DIFFERENT
        url = found
    elif url == NONE:
        from greenai.errors import UsageError

        raise UsageError("there is no store to look at", remedy="leave --store out, or give a PostgreSQL URL")
    with connect(url) as connection:
        done, waiting = applied(connection) or {}, pending(connection)
        version = connection.info.server_version
    lines = [describe(url), f"  PostgreSQL {version // 10000}.{version % 10000}"]
    lines.append(f"  {len(done)} migrations applied" + ("" if waiting else ", up to date"))
    lines += [f"  waits: {name}" for name in waiting]
    say("\n".join(lines))
    return DIFFERENT if waiting else EQUAL


@command.command("start")
def start_command() -> int:
    """Start the embedded database and keep it running until ``greenai db stop``."""
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded.postgres import ensure_postgres
    from greenai.settings import read_settings

    say(ensure_postgres(home_of(read_settings())))
    return EQUAL


@command.command("stop")
def stop_command() -> int:
    """Stop the embedded database; what others are doing there is rolled back."""
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.embedded.postgres import stop_postgres
    from greenai.settings import read_settings

    home = home_of(read_settings())
    say(f"{home / 'postgres'}: {'stopped' if stop_postgres(home) else 'was not running'}")
    return EQUAL


@command.command("diagram")
@STORE
def diagram_command(store: str | None) -> int:
    """Print the tables as a Mermaid entity diagram, read from the database itself."""
    from greenai.api.stored import stored
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say
    from greenai.settings import read_settings
    from greenai.store.diagram import mermaid

    with stored(store, read_settings()) as connection:
        say(mermaid(connection))
    return EQUAL


def home_of(settings: Settings) -> Path:
    """The folder for data of our own; settings that were read from the environment have one."""
    assert settings.home is not None
    return settings.home
