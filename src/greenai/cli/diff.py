"""``greenai diff A B``."""

from __future__ import annotations

import sys
from typing import Any

import click

from greenai.cli.options import assignments, engine_options, memory_size, names, numbers, output_options


@click.command("diff", short_help="Compare two tables and report every difference.")
@click.argument("a")
@click.argument("b")
@click.option(
    "--key",
    multiple=True,
    metavar="COLUMN",
    help="Column that identifies a record; repeat for several.  [default: found]",
)
@click.option(
    "--map", "mapping", multiple=True, metavar="A=B", help="Pair a column of A with one of B of another name."
)
@click.option("--only", multiple=True, metavar="COLUMN", help="Compare only these.")
@click.option("--ignore", multiple=True, metavar="COLUMN", help="Do not compare these.")
@click.option("--absolute", multiple=True, metavar="F=0.01", help="Numbers this far apart are equal.")
@click.option("--relative", multiple=True, metavar="F=1e-6", help="The same as a share of the larger value.")
@click.option("--days", multiple=True, metavar="F=1", help="Dates this many days apart are equal.")
@click.option("--seconds", multiple=True, metavar="F=1", help="Timestamps this many seconds apart are equal.")
@click.option("--ignore-case", is_flag=True, help="Upper and lower case are equal, but in the key.")
@click.option(
    "--null",
    multiple=True,
    metavar="TEXT",
    help="This text means null, beside an empty cell of a CSV file; repeat for several.",
)
@engine_options
@output_options
def command(a: str, b: str, **given: Any) -> int:
    """Compare two tables and report every difference.

    A and B are files (csv, parquet, json, jsonl, excel, xml, arrow; compressed or not) or globs.
    Columns pair by name, ignoring case, blanks and underscores. Rows pair by --key.

    Exit code 0: equal. 1: different. 2: trouble.
    """
    from greenai import api
    from greenai.cli.progress import LiveProgress
    from greenai.cli.show import deliver
    from greenai.settings import read_settings

    settings = read_settings()
    with LiveProgress(sys.stderr) as progress:
        result = api.diff(
            a,
            b,
            key=names(given["key"]),
            mapping=assignments(given["mapping"], "--map"),
            only=names(given["only"]),
            ignore=names(given["ignore"]),
            absolute=numbers(given["absolute"], "--absolute"),
            relative=numbers(given["relative"], "--relative"),
            days=numbers(given["days"], "--days"),
            seconds=numbers(given["seconds"], "--seconds"),
            ignore_case=given["ignore_case"],
            null=given["null"],
            exact=given["exact"],
            memory=memory_size(given["memory"]),
            threads=given["threads"],
            progress=progress,
            settings=settings,
        )
        return deliver(result, given["form"], given["folder"], settings, progress)
