"""``greenai cancel``."""

from __future__ import annotations

import click

from greenai.cli.options import Once


@click.command("cancel", short_help="Let nobody work on a run any more.")
@click.argument("run", type=int)
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
def command(run: int, store: str | None) -> int:
    """Cancel a run that engines work on or will; nothing of it is published."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    api.cancel(run, store=store, settings=read_settings())
    click.echo(f"run {run} cancelled")
    return EQUAL
