"""``greenai rejected RUN``."""

from __future__ import annotations

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options


@click.command("rejected", short_help="List what a run kept out, and why.")
@click.argument("run", type=int)
@click.option(
    "--limit", cls=Once, type=click.IntRange(1), metavar="N", help="At most so many of each.  [default: all]"
)
@reading_options
def command(run: int, limit: int | None, store: str | None, form: str) -> int:
    """List the records that the gate or a person rejected, and the rows that could not be read.

    Exit code 0, or 2: trouble.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.rejected import render_rejected
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.rejected(run, limit=limit, store=store, settings=settings)
    answer(found.as_dict(), render_rejected, found, form=form, settings=settings)
    return EQUAL
