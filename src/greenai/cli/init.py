"""``greenai init A B``."""

from __future__ import annotations

import click

from greenai.cli.options import Once, names


@click.command("init", short_help="Print a definition inferred from two tables.")
@click.argument("a")
@click.argument("b")
@click.option(
    "--key",
    multiple=True,
    metavar="COLUMN",
    help="Column that identifies a record; repeat for several.  [default: found]",
)
@click.option(
    "--recon", cls=Once, default="recon", show_default=True, metavar="NAME", help="Name of the recon."
)
def command(a: str, b: str, key: tuple[str, ...], recon: str) -> int:
    """Print a definition inferred from both tables: pairing, types, key and context, with comments.

    It runs as it is, kept in the present folder (locations are relative to the definition's folder):
    greenai init a.csv b.csv > recon.yaml; greenai run recon.yaml
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say

    say(api.infer(a, b, key=names(key), recon=recon).text)
    return EQUAL
