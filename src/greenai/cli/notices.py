"""``greenai notices``: what was told to whom."""

from __future__ import annotations

import click

from greenai.cli.jobs import Listing
from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options


@click.group("notices", cls=Listing, short_help="What was told to whom; try again what could not be.")
def command() -> None:
    """What the scheduler told to whom, and what it could not; without a command, the list."""


@command.command("list")
@click.option("--recon", cls=Once, metavar="NAME", help="Only of this recon.")
@click.option("--state", cls=Once, type=click.Choice(["waiting", "sent", "dead"]), help="Only in this state.")
@click.option("--limit", cls=Once, type=click.IntRange(1), default=20, show_default=True, help="How many.")
@reading_options
def list_command(recon: str | None, state: str | None, limit: int, store: str | None, form: str) -> int:
    """List notices, the last first."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.schedules import render_notices
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.notices(recon, state=state, limit=limit, store=store, settings=settings)  # type: ignore[arg-type]
    answer({"notices": [one.as_dict() for one in found]}, render_notices, found, form=form, settings=settings)
    return EQUAL


@command.command("retry")
@click.argument("notice", type=int)
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
def retry_command(notice: int, store: str | None) -> int:
    """Try a dead notice again."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    api.retry_notice(notice, store=store, settings=read_settings())
    click.echo(f"notice {notice} waits again")
    return EQUAL
