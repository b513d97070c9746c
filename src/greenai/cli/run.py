"""``greenai run recon.yaml``."""

from __future__ import annotations

import sys
from typing import Any

import click

from greenai.cli.options import Once, engine_options, memory_size, output_options


@click.command("run", short_help="Run a definition for one business date.")
@click.argument("definition")
@click.option(
    "--business-date",
    cls=Once,
    metavar="DATE",
    help="For locations with {business_date}, e.g. 2026-11-19.",
)
@click.option(
    "--store",
    cls=Once,
    type=click.Choice(["none"]),
    default="none",
    show_default=True,
    help="Where decisions go; this version writes files only.",
)
@engine_options
@output_options
def command(definition: str, **given: Any) -> int:
    """Run a definition: ingest, normalise, compare, give reasons, report.

    Exit code 0: nothing differs. 1: something awaits review. 2: trouble.
    """
    from greenai import api
    from greenai.cli.progress import LiveProgress
    from greenai.cli.show import deliver
    from greenai.settings import read_settings

    settings = read_settings()
    with LiveProgress(sys.stderr) as progress:
        result = api.run(
            definition,
            business_date=given["business_date"],
            exact=given["exact"],
            memory=memory_size(given["memory"]),
            threads=given["threads"],
            progress=progress,
            settings=settings,
        )
        return deliver(result, given["form"], given["folder"], settings, progress)
