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
    metavar="URL",
    help="A PostgreSQL URL, or none for files only.  "
    "[default: GREENAI_DATABASE_URL, else the embedded database]",
)
@click.option(
    "--causes/--no-causes",
    default=True,
    help="Look for causes of what no proof explains; without, a run is faster.  [default: causes]",
)
@engine_options
@output_options
def command(definition: str, **given: Any) -> int:
    """Run a definition: ingest, compare, give reasons, pass the gate, store, report.

    Exit code 0: all passed. 1: something awaits review or was rejected. 2: trouble, nothing was stored.
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
            store=given["store"],
            causes=given["causes"],
            exact=given["exact"],
            memory=memory_size(given["memory"]),
            threads=given["threads"],
            progress=progress,
            settings=settings,
        )
        return deliver(result, given["form"], given["folder"], settings, progress)
