"""``greenai show RUN``."""

from __future__ import annotations

import click

from greenai.cli.stored import answer, reading_options


@click.command("show", short_help="Show a run in the store.")
@click.argument("run", type=int)
@reading_options
def command(run: int, store: str | None, form: str) -> int:
    """Show a run: rows, totals, fields, decisions, failed checks, what was stored, and from which files.

    A run that a later one of its date superseded is shown as it was published. Exit code 0, or 2: trouble.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.runs import render_run
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.show(run, store=store, settings=settings)
    answer(found.as_dict(), render_run, found, form=form, settings=settings)
    return EQUAL
