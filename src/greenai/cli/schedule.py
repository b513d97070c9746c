"""``greenai schedule``: recons that run by themselves."""

from __future__ import annotations

from typing import Literal

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

STORE = click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")


@click.group("schedule", short_help="Let recons run by themselves; pause, resume, remove.")
def command() -> None:
    """Recons that run by themselves, as the part `schedule` of their definition says.

    The scheduler of the platform (`greenai up`) submits them, and tells people what becomes of it.
    """


@command.command("add")
@click.argument("definition")
@click.option("--by", "actor", cls=Once, metavar="NAME", help="Who.  [default: the name of your account]")
@STORE
def add_command(definition: str, actor: str | None, store: str | None) -> int:
    """Let a recon run by itself from now on; added again it runs as its definition says now.

    Relative locations start at the folder of the definition, which the engines must reach too.
    """
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    new = api.add_schedule(definition, actor=actor, store=store, settings=read_settings())
    click.echo("registered" if new else "is registered already")
    return EQUAL


@command.command("list")
@reading_options
def list_command(store: str | None, form: str) -> int:
    """List the recons that run by themselves, and when they are due next."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.schedules import render_schedules
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.schedules(store=store, settings=settings)
    document = {"schedules": [line.as_dict() for line in found]}
    answer(document, render_schedules, found, form=form, settings=settings)
    return EQUAL


def _changed(recon: str, what: Literal["pause", "resume", "remove"], store: str | None) -> int:
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    api.change_schedule(recon, what, store=store, settings=read_settings())
    click.echo(f"{recon}: {what}d")
    return EQUAL


@command.command("pause")
@click.argument("recon")
@STORE
def pause_command(recon: str, store: str | None) -> int:
    """Let nothing be due until it is resumed; runs that were submitted go on."""
    return _changed(recon, "pause", store)


@command.command("resume")
@click.argument("recon")
@STORE
def resume_command(recon: str, store: str | None) -> int:
    """Let a paused recon run by itself again; what was due meanwhile never was (see backfill)."""
    return _changed(recon, "resume", store)


@command.command("remove")
@click.argument("recon")
@STORE
def remove_command(recon: str, store: str | None) -> int:
    """Let a recon run by itself no more; its runs and what was told of them stay."""
    return _changed(recon, "remove", store)
