"""``greenai submit recon.yaml``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from greenai.cli.options import Once

if TYPE_CHECKING:
    from greenai.api.queue import Standing
    from greenai.settings import Settings


@click.command("submit", short_help="Ask the engines of the platform for a run.")
@click.argument("definition")
@click.option("--business-date", cls=Once, metavar="DATE", help="For locations with {business_date}.")
@click.option("--urgency", cls=Once, type=click.IntRange(-100, 100), default=0, help="Higher goes first.")
@click.option("--causes/--no-causes", default=True, help="Look for causes.  [default: causes]")
@click.option("--follow", is_flag=True, help="Wait for the end, and show how far the run is.")
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
@click.option("--format", "form", cls=Once, type=click.Choice(["text", "json"]), default="text")
def command(
    definition: str,
    business_date: str | None,
    urgency: int,
    causes: bool,
    follow: bool,
    store: str | None,
    form: str,
) -> int:
    """Ask the engines for a run and print its number; `greenai up` starts them.

    Exit code 0: asked for, or with --follow all passed. 1: something awaits review or was rejected.
    2: trouble.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    settings = read_settings()
    run = api.submit(
        definition,
        business_date=business_date,
        urgency=urgency,
        causes=causes,
        store=store,
        settings=settings,
    )
    if unattended(store, settings):
        click.echo("nobody works on it yet: start the platform with `greenai up`", err=True)
    if not follow:
        click.echo(json.dumps({"run": run}) if form == "json" else f"run {run}")
        return EQUAL
    last = followed(run, api.follow(run, store=store, settings=settings))
    return ended(run, last.state, last.error, form)


def unattended(store: str | None, settings: Settings) -> bool:
    """Whether it is sure that no engine works: the store is the embedded one, and its platform is not up."""
    from greenai.embedded.state import supervised
    from greenai.settings import EMBEDDED, store_url

    if settings.home is None or store_url(store, settings) != EMBEDDED:
        return False
    return not supervised(settings.home)


def followed(run: int, standings: Iterable[Standing]) -> Standing:
    """Show where a run is until it has ended: one line that changes on a terminal, else a line a state."""
    begun, live, last = time.monotonic(), sys.stderr.isatty(), None
    for standing in standings:
        told = standing.progress if live else None
        if told is None and last is not None and standing.state == last.state:
            continue
        share = told.get("share") if told else None
        text = f"run {run}  {time.monotonic() - begun:6.1f} s  {standing.state}"
        text += f"  {told['step']}" if told and told.get("step") else ""
        text += f"  {share:.0%}" if share is not None else ""
        print(f"\r\x1b[K{text}" if live else text, file=sys.stderr, end="" if live else "\n", flush=True)
        last = standing
    if live:
        print(file=sys.stderr)
    assert last is not None
    return last


def ended(run: int, state: str, error: str | None, form: str) -> int:
    """Say how the run ended, in its exit code too."""
    from greenai.cli.main import DIFFERENT, EQUAL, TROUBLE

    if form == "json":
        click.echo(json.dumps({"run": run, "state": state, "error": error}))
    else:
        click.echo(f"run {run} {state.replace('_', ' ')}" + (f": {error}" if error else ""))
        if state in ("completed", "awaiting_review"):
            click.echo(f"  greenai show {run}")
        elif state == "failed":
            click.echo("  → greenai jobs --state dead")
    return {"completed": EQUAL, "awaiting_review": DIFFERENT}.get(state, TROUBLE)
