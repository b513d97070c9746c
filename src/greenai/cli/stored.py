"""What the commands that read the store share: their options, and how they answer."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from greenai.cli.options import Once

if TYPE_CHECKING:
    from greenai.settings import Settings

Function = TypeVar("Function", bound=Callable[..., Any])


def reading_options(function: Function) -> Function:
    """``--store`` and ``--format``."""
    function = click.option(
        "--format",
        "form",
        cls=Once,
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="What to print.",
    )(function)
    return click.option(
        "--store",
        cls=Once,
        metavar="URL",
        help="A PostgreSQL URL.  [default: GREENAI_DATABASE_URL, else the embedded database]",
    )(function)


def answer(
    document: object, draw: Callable[..., str], found: object, *, form: str, settings: Settings
) -> None:
    """Print one JSON document, or what `draw` makes of `found` for this terminal."""
    from greenai.cli.show import NARROWEST, WIDEST, say

    if form == "json":
        say(json.dumps(document, indent=2, ensure_ascii=True))
        return
    colour = settings.colour if settings.colour is not None else sys.stdout.isatty()
    width = shutil.get_terminal_size((120, 24)).columns
    say(draw(found, width=max(NARROWEST, min(width, WIDEST)), colour=colour))
