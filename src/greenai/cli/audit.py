"""``greenai audit``: who did what, and whether anybody has changed what is written about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

if TYPE_CHECKING:
    from greenai.store.audit import Wanted

Function = TypeVar("Function", bound=Callable[..., Any])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])


def choosing(function: Function) -> Function:
    """Options that say which events."""
    for name, text in (
        ("text", "Only with this text in them."),
        ("request", "Only of this request."),
        ("subject", "Only about this: a recon, user:NAME, platform."),
        ("recon", "Only about this recon."),
        ("action", "Only of this kind: decide, publish, login."),
        ("actor", "Only by this person or program."),
    ):
        function = click.option(f"--{name}", cls=Once, metavar=name.upper(), help=text)(function)
    function = click.option("--to", "until", cls=Once, type=_MOMENT, help="Only before (UTC).")(function)
    return click.option("--from", "since", cls=Once, type=_MOMENT, help="Only from then on (UTC).")(function)


def wanted(given: dict[str, Any]) -> Wanted:
    """Which events the options name."""
    from greenai.store.audit import Wanted

    def moment(name: str) -> datetime | None:
        found: datetime | None = given[name]
        return None if found is None else found.replace(tzinfo=UTC)

    return Wanted(
        actor=given["actor"],
        action=given["action"],
        recon=given["recon"],
        subject=given["subject"],
        since=moment("since"),
        until=moment("until"),
        request_id=given["request"],
        text=given["text"],
    )


@click.group("audit", short_help="Who did what; whether anybody has changed what is written about it.")
def command() -> None:
    """Who did what, when and on which evidence; and the proof that nobody has changed it since."""


@command.command("verify")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="FILE",
    help="A key that may have signed (PEM); may be given again.",
)
@click.option("--anchor", cls=Once, metavar="FILE", help="The file of signed heads.")
@reading_options
def verify_command(keys: tuple[str, ...], anchor: str | None, store: str | None, form: str) -> int:
    """Compute the chain of all events and the digests of all decisions again.

    Found are altered, removed, reordered and cut off rows, altered links and forged heads. Exit code 0: all
    is as it was written; 1: it is not; 2: trouble.
    """
    from greenai.api.audit import verify_audit
    from greenai.cli.main import DIFFERENT, EQUAL
    from greenai.reports.audit import render_verification
    from greenai.settings import read_settings

    settings = read_settings()
    found = verify_audit(keys=keys, anchor=anchor, store=store, settings=settings)
    answer(found.as_dict(), render_verification, found, form=form, settings=settings)
    return EQUAL if found.holds else DIFFERENT


@command.command("list")
@choosing
@click.option("--limit", cls=Once, type=click.IntRange(1), default=20, show_default=True, help="How many.")
@reading_options
def list_command(limit: int, store: str | None, form: str, **given: Any) -> int:
    """List events, the last first."""
    from greenai.api.audit import audit_events
    from greenai.cli.main import EQUAL
    from greenai.reports.audit import render_events
    from greenai.settings import read_settings

    settings = read_settings()
    found = audit_events(wanted(given), limit=limit, store=store, settings=settings)
    answer({"events": [one.as_dict() for one in found]}, render_events, found, form=form, settings=settings)
    return EQUAL


@command.command("export")
@choosing
@click.option(
    "--format",
    "form",
    cls=Once,
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="CSV for spreadsheets, without formulas; or one JSON document a line.",
)
@click.option("--store", cls=Once, metavar="URL", help="A PostgreSQL URL.")
def export_command(form: str, store: str | None, **given: Any) -> int:
    """Write all events to standard output, the last first."""
    from greenai.api.audit import each_audit_event
    from greenai.cli.main import EQUAL
    from greenai.reports.audit import csv_lines, json_lines
    from greenai.settings import read_settings

    with each_audit_event(wanted(given), store=store, settings=read_settings()) as events:
        for line in csv_lines(events) if form == "csv" else json_lines(events):
            click.echo(line, nl=False)
    return EQUAL
