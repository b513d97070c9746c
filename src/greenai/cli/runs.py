"""``greenai runs``."""

from __future__ import annotations

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options


@click.command("runs", short_help="List the runs in the store.")
@click.option("--recon", cls=Once, metavar="NAME", help="Only runs of this recon.")
@click.option(
    "--limit",
    cls=Once,
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many, the last first.",
)
@reading_options
def command(recon: str | None, limit: int, store: str | None, form: str) -> int:
    """List runs, the last first: date, state, rows, differences.

    Exit code 0, or 2: trouble.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.runs import render_runs
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.runs(recon, limit=limit, store=store, settings=settings)
    document = {"runs": [line.as_dict() for line in found]}
    answer(document, render_runs, found, form=form, settings=settings)
    return EQUAL
