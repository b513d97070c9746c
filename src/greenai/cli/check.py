"""``greenai check recon.yaml``."""

from __future__ import annotations

import click

from greenai.cli.options import Once


@click.command("check", short_help="Validate a definition and reach its sources; load nothing.")
@click.argument("definition")
@click.option(
    "--business-date",
    cls=Once,
    metavar="DATE",
    help="For locations with {business_date}, e.g. 2026-11-19.",
)
def command(definition: str, business_date: str | None) -> int:
    """Validate a definition against its real sources, load nothing.

    Exit code 0: it can run. 2: it cannot, and why.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.cli.show import say

    plan = api.check(definition, business_date=business_date)
    lines = [f"{definition}: can run, {len(plan.rules)} fields compared by {', '.join(plan.key)}"]
    for info in plan.fields:
        lines.append(f"  {info.name}: {info.type}{f', {info.rule}' if info.rule else ''}")
        if info.conflict:
            lines.append(f"    {info.conflict}")
    lines += [f"  note: {note}" for note in plan.notes]
    say("\n".join(lines))
    return EQUAL
