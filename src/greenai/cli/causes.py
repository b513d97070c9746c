"""``greenai causes``: what explains many breaks at once, and the rules that persons make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

if TYPE_CHECKING:
    from greenai.domain.decisions import Resolution
    from greenai.domain.rules import CauseLine
    from greenai.pipeline.approval import Change
    from greenai.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])


@click.group("causes", short_help="List causes; make approved rules of them.")
def command() -> None:
    """What explains many breaks at once, and the rules that persons make of it.

    A cause that a person accepts is an approved rule: from the next run on it is computed again for every
    row, and what it explains passes. It is suspended when it leaves the range in which it was accepted.
    """


def of_cause(function: Function) -> Function:
    """The cause, and the recon where several have it."""
    function = click.option(
        "--recon", cls=Once, metavar="NAME", help="The recon, where several have the cause."
    )(function)
    return click.argument("cause_id", metavar="CAUSE")(function)


def by_whom(function: Function) -> Function:
    """``--by`` and ``--comment``."""
    function = click.option("--comment", cls=Once, metavar="TEXT", help="Why, in a sentence.")(function)
    return click.option(
        "--by", "actor", cls=Once, metavar="NAME", help="Who decides.  [default: the name of your account]"
    )(function)


@command.command("list")
@click.argument("recon_or_run", metavar="RECON|RUN")
@reading_options
def list_command(recon_or_run: str, store: str | None, form: str) -> int:
    """List the causes of a run, or of the last run of a recon, and the recon's approved rules."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.rules import render_causes
    from greenai.settings import read_settings

    settings = read_settings()
    found = api.causes(recon_or_run, store=store, settings=settings)
    document = {"causes": [line.as_dict() for line in found]}
    answer(document, render_causes, found, form=form, settings=settings)
    return EQUAL


@command.command("show")
@of_cause
@reading_options
def show_command(cause_id: str, recon: str | None, store: str | None, form: str) -> int:
    """Show a cause as it was found last, and what became of it as a rule.

    CAUSE is its identity or the beginning of it, four digits or more.
    """
    from greenai import api
    from greenai.settings import read_settings

    settings = read_settings()
    return told(api.cause(cause_id, recon=recon, store=store, settings=settings), form, settings)


@command.command("accept")
@of_cause
@click.option(
    "--resolution",
    cls=Once,
    type=click.Choice(["take_a", "take_b", "exclude"]),
    help="What is done about its breaks; needed where something is wrong, and for whole records.  "
    "[default: as the definition says]",
)
@click.option("--reason", cls=Once, metavar="CODE", help="Another reason than the cause's.")
@click.option(
    "--max-exceptions",
    cls=Once,
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Suspend it above this share of exceptions, e.g. 0.02.  [default: from the last run, at 99 %]",
)
@click.option(
    "--scope-size",
    cls=Once,
    metavar="N..M",
    help="Suspend it with fewer or more records in scope than so.  [default: a third to 3 x the last run's]",
)
@by_whom
@reading_options
def accept_command(
    cause_id: str,
    recon: str | None,
    resolution: Resolution | None,
    reason: str | None,
    max_exceptions: float | None,
    scope_size: str | None,
    actor: str | None,
    comment: str | None,
    store: str | None,
    form: str,
) -> int:
    """Make a cause an approved rule: what it explains passes, from the next run on.

    What becomes of its breaks: take_a and take_b store the value or record of that side, exclude does not
    store the record. CAUSE is its identity or the beginning of it, four digits or more.
    """
    from greenai import api
    from greenai.settings import read_settings

    settings = read_settings()
    accepted = api.accept_cause(
        cause_id,
        actor=account() if actor is None else actor,
        recon=recon,
        reason=reason,
        resolution=resolution,
        max_exceptions=max_exceptions,
        scope_size=None if scope_size is None else sizes(scope_size),
        comment=comment,
        store=store,
        settings=settings,
    )
    return told(accepted, form, settings)


def changing(what: Change, help: str) -> click.Command:
    """The command that suspends, resumes or withdraws a rule."""

    @command.command(what, help=help, short_help=help)
    @of_cause
    @by_whom
    @reading_options
    def change_command(
        cause_id: str,
        recon: str | None,
        actor: str | None,
        comment: str | None,
        store: str | None,
        form: str,
    ) -> int:
        from greenai import api
        from greenai.settings import read_settings

        settings = read_settings()
        changed = api.change_rule(
            cause_id,
            what,
            actor=account() if actor is None else actor,
            recon=recon,
            comment=comment,
            store=store,
            settings=settings,
        )
        return told(changed, form, settings)

    return change_command


changing("suspend", "Let a rule explain nothing until somebody resumes it.")
changing("resume", "Let a suspended rule decide again, in the range in which it was accepted.")
changing("withdraw", "End a rule for good; the cause may be accepted again, in another range.")


def told(line: CauseLine, form: str, settings: Settings) -> int:
    """Print one cause."""
    from greenai.cli.main import EQUAL
    from greenai.reports.rules import render_cause

    answer(line.as_dict(), render_cause, line, form=form, settings=settings)
    return EQUAL


def sizes(text: str) -> tuple[int, int]:
    """``100..5000`` as two numbers. Raises UsageError."""
    from greenai.errors import UsageError

    found = re.fullmatch(r"([0-9]{1,18})\.\.([0-9]{1,18})", text.replace("_", ""))
    if found is None:
        raise UsageError("--scope-size is two numbers of records", value=text, remedy="e.g. 100..5000")
    return int(found[1]), int(found[2])


def account() -> str:
    """The name of the account that this process runs as. Raises UsageError where the system has none."""
    from greenai.errors import UsageError

    try:
        import os
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        raise UsageError("nobody knows who decides", remedy="name yourself: --by NAME") from None
