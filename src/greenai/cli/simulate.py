"""``greenai simulate trades``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from greenai.cli.options import Once


@click.group("simulate")
def command() -> None:
    """Write a realistic recon: both sides, the definition, and the truth about every break."""


@command.command("trades")
@click.option(
    "--rows", cls=Once, type=click.IntRange(min=100), default=100_000, show_default=True, help="Trades."
)
@click.option("--seed", cls=Once, type=int, default=1, show_default=True, help="Same seed, same bytes.")
@click.option(
    "--out",
    "folder",
    cls=Once,
    type=click.Path(file_okay=False),
    required=True,
    metavar="DIR",
    help="Where to write.",
)
@click.option(
    "--business-date",
    cls=Once,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Date of the files.  [default: 2026-11-19]",
)
def trades(rows: int, seed: int, folder: str, business_date: object) -> int:
    """Front office against back office, with some twenty planted causes.

    Then: greenai run DIR/recon.yaml
    """
    from datetime import datetime

    from greenai.cli.main import EQUAL
    from greenai.cli.progress import LiveProgress
    from greenai.cli.show import say
    from greenai.simulation.trades import simulate_trades

    when = {"business_date": business_date.date()} if isinstance(business_date, datetime) else {}
    with LiveProgress(sys.stderr) as progress:
        made = simulate_trades(rows=rows, seed=seed, out=Path(folder), progress=progress, **when)
    say(f"{len(made.causes)} causes planted in {len(made.files)} files; next: greenai run {made.definition}")
    return EQUAL
