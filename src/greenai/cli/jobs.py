"""``greenai jobs``."""

from __future__ import annotations

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

STATES = ("waiting", "running", "done", "dead", "cancelled")


class Listing(click.Group):
    """A group that lists when no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``list`` for no command."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("jobs", cls=Listing, short_help="What engines work on; try dead jobs again.")
def command() -> None:
    """What the engines work on, did or gave up; without a command, the list."""


@command.command("list")
@click.option("--state", cls=Once, type=click.Choice(STATES), help="Only jobs in this state.")
@click.option("--run", "run", cls=Once, type=int, metavar="RUN", help="Only jobs of this run.")
@click.option("--limit", cls=Once, type=click.IntRange(1), default=20, show_default=True, help="How many.")
@reading_options
def list_jobs(state: str | None, run: int | None, limit: int, store: str | None, form: str) -> int:
    """List jobs, the last first."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.jobs import render_jobs
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.jobs(state=state, run=run, limit=limit, store=store, settings=settings)  # type: ignore[arg-type]
    answer({"jobs": [one.as_dict() for one in found]}, render_jobs, found, form=form, settings=settings)
    return EQUAL


@command.command("show")
@click.argument("job", type=int)
@reading_options
def show(job: int, store: str | None, form: str) -> int:
    """Show a job with its error and what to do about it."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.errors import UsageError
    from greenai.reports.jobs import render_job
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.jobs(job=job, store=store, settings=settings)
    if not found:
        raise UsageError("there is no such job", value=job, remedy="see `greenai jobs`")
    answer(found[0].as_dict(), render_job, found[0], form=form, settings=settings)
    return EQUAL


@command.command("retry")
@click.argument("job", type=int)
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
def retry(job: int, store: str | None) -> int:
    """Try a dead job again, and its run with it."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.settings import read_settings

    api.retry(job, store=store, settings=read_settings())
    click.echo(f"job {job} waits again")
    return EQUAL
