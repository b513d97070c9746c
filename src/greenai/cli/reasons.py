"""``greenai reasons``: business labels of breaks, and which of them a cause has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from greenai.cli.options import Once
from greenai.cli.stored import answer, reading_options

Function = TypeVar("Function", bound=Callable[..., Any])
KINDS = ("value", "only_a", "only_b", "duplicate_a", "duplicate_b")


@click.group("reasons", short_help="List and edit reasons, and which of them a cause has.")
def command() -> None:
    """Reasons are the business labels of breaks. A cause has one by a table that can be edited here.

    The next runs go by it; what was stored stays.
    """


def terms(function: Function) -> Function:
    """The terms of a rule: which causes have the reason."""
    options = (
        click.option("--family", cls=Once, metavar="NAME", help="Of this family.  [default: any]"),
        click.option("--kind", cls=Once, type=click.Choice(KINDS), default="value", show_default=True,
                     help="Of breaks of this kind."),
        click.option("--field", cls=Once, metavar="NAME", help="Of this field.  [default: any]"),
        click.option("--scope", "column", cls=Once, metavar="COLUMN",
                     help="With a scope that speaks of this context column.  [default: any]"),
        click.option("--whole/--part", default=None,
                     help="Where the whole scope is concerned, or part of it.  [default: either]"),
        click.option("--recon", cls=Once, metavar="NAME", help="In runs of this recon.  [default: any]"),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


@command.command("list")
@click.option("--recon", cls=Once, metavar="NAME", help="Only the rules that hold for this recon.")
@reading_options
def list_command(recon: str | None, store: str | None, form: str) -> int:
    """List reasons, and the rules by which causes have them: of those that fit the first one holds."""
    return show(recon, store, form)


@command.command("add")
@click.argument("code")
@click.option("--name", cls=Once, required=True, metavar="TEXT", help="What it means.")
@click.option(
    "--functional/--non-functional",
    default=None,
    help="The systems legitimately differ, or something is wrong.  [default: nobody knows]",
)
@reading_options
def add_command(code: str, name: str, functional: bool | None, store: str | None, form: str) -> int:
    """Add a reason of your own, e.g. ``greenai reasons add NETTING --name 'Netted in b' --functional``."""
    from greenai import api
    from greenai.settings import read_settings

    api.add_reason(code, name, functional=functional, store=store, settings=read_settings())
    return show(None, store, form)


@command.command("set")
@click.argument("reason")
@terms
@reading_options
def set_command(reason: str, store: str | None, form: str, **given: Any) -> int:
    """Let causes have a reason, e.g. ``greenai reasons set NETTING --family scale --field notional``.

    A rule of the same terms is replaced. Of several that fit a cause the one that says most holds: recon,
    field, scope, whole or part, family, in this order.
    """
    from greenai import api
    from greenai.settings import read_settings

    api.set_reason(reason, **given, store=store, settings=read_settings())
    return show(given["recon"], store, form)


@command.command("unset")
@terms
@reading_options
def unset_command(store: str | None, form: str, **given: Any) -> int:
    """Take the rule of these terms away."""
    from greenai import api
    from greenai.settings import read_settings

    api.unset_reason(**given, store=store, settings=read_settings())
    return show(given["recon"], store, form)


def show(recon: str | None, store: str | None, form: str) -> int:
    """Print reasons and rules as they are now."""
    from greenai import api
    from greenai.cli.main import EQUAL
    from greenai.reports.reasons import render_reasons
    from greenai.settings import read_settings

    settings = read_settings()
    reasons, rules = api.reasons(recon, store=store, settings=settings)
    document = {
        "reasons": [one.as_dict() for one in reasons],
        "rules": [one.as_dict() for one in rules],
    }
    answer(document, render_reasons, (reasons, rules), form=form, settings=settings)
    return EQUAL
