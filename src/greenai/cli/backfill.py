"""``greenai backfill``."""

from __future__ import annotations

from datetime import datetime

import click

from greenai.cli.options import Once

DATE = click.DateTime(formats=["%Y-%m-%d"])


@click.command("backfill", short_help="Run past business dates of a scheduled recon.")
@click.argument("recon")
@click.option("--from", "first", cls=Once, type=DATE, required=True, help="The first business date.")
@click.option("--to", "last", cls=Once, type=DATE, required=True, help="The last one.")
@click.option(
    "--latest", is_flag=True, help="Under today's definition, instead of the one of each date's time."
)
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
def command(recon: str, first: datetime, last: datetime, latest: bool, store: str | None) -> int:
    """Ask for one run for each business date of the recon's calendar, both ends included.

    Each waits for its files like any other, and runs under the definition that was registered at its time.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    asked, waiting = api.backfill(
        recon, first.date(), last.date(), latest=latest, store=store, settings=read_settings()
    )
    click.echo(f"{len(asked)} business dates asked for" + (f": {asked[0]} to {asked[-1]}" if asked else ""))
    if waiting:
        click.echo(f"{len(waiting)} wait for their files already: {waiting[0]} to {waiting[-1]}")
    return EQUAL
