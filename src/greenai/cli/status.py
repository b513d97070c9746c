"""``greenai status``."""

from __future__ import annotations

import click

from greenai.cli.options import Once


@click.command("status", short_help="Say what of the platform runs on this machine.")
@click.option(
    "--format",
    "form",
    cls=Once,
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
def command(form: str) -> int:
    """Say which processes of the platform run here, and how much work waits. Nothing is started for this.

    Exit code 0: the platform is up; 1: it is not; 2: trouble.
    """
    from greenai.cli.main import DIFFERENT, EQUAL
    from greenai.cli.stored import answer
    from greenai.embedded.platform import status
    from greenai.reports.platform import render_platform
    from greenai.settings import read_settings

    settings = read_settings()
    found = status(settings)
    answer(found, render_platform, found, form=form, settings=settings)
    return EQUAL if found["state"] == "running" else DIFFERENT
