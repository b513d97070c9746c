"""Options that several commands share, and readers of option values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from greenai.errors import UsageError
from greenai.settings import MOST_THREADS

Function = TypeVar("Function", bound=Callable[..., Any])

FORMATS = ("text", "json", "markdown", "html")


class Once(click.Option):
    """An option with one value: two different ones are refused, where click takes the last."""

    def add_to_parser(self, parser: Any, _: click.Context) -> None:
        """Let the parser keep all values that are given."""
        parser.add_option(obj=self, opts=self.opts, dest=self.name, action="append", nargs=self.nargs)

    def consume_value(self, ctx: click.Context, opts: Any) -> tuple[Any, ParameterSource]:
        """The one value given. Raises click's UsageError, exit code 2, for two."""
        given = opts.get(self.name)
        if not isinstance(given, list):
            return super().consume_value(ctx, opts)
        for other in given[1:]:
            if other != given[0]:
                raise click.UsageError(
                    f"{self.opts[0]} takes one value, given are {given[0]!r} and {other!r}", ctx
                )
        return super().consume_value(ctx, {**opts, self.name: given[0]})


def output_options(function: Function) -> Function:
    """``--format`` and ``--out``."""
    function = click.option(
        "--format",
        "form",
        cls=Once,
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="What to print.",
    )(function)
    return click.option(
        "--out",
        "folder",
        cls=Once,
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Also write summary.json, breaks.parquet, rejects.parquet and report.html there.",
    )(function)


def engine_options(function: Function) -> Function:
    """``--engine``, ``--memory``, ``--threads`` and ``--exact``."""
    for option in (
        click.option(
            "--engine",
            cls=Once,
            type=click.Choice(["duckdb"]),
            default="duckdb",
            show_default=True,
            help="Table engine.",
        ),
        click.option(
            "--threads",
            cls=Once,
            type=click.IntRange(1, MOST_THREADS),
            help="Threads of the engine.  [default: all cores]",
        ),
        click.option(
            "--memory",
            cls=Once,
            metavar="SIZE",
            help="Memory limit, e.g. 2GB; beyond it the engine spills to disk.",
        ),
        click.option(
            "--exact", is_flag=True, help="Compare all columns of all rows; trust no 64-bit fingerprint."
        ),
    ):
        function = option(function)
    return function


def assignments(given: Sequence[str], option: str) -> dict[str, str]:
    """``("f=0.01",)`` as ``{"f": "0.01"}``. Raises UsageError, also for a name with two values."""
    pairs: dict[str, str] = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name or not value:
            raise UsageError(f"{option} takes NAME=VALUE", value=text, remedy=f"e.g. {option} amount=0.01")
        if pairs.setdefault(name, value) != value:
            raise UsageError(
                f"{option} gives {name!r} two values, {pairs[name]!r} and {value!r}",
                remedy="give it one",
            )
    return pairs


def numbers(given: Sequence[str], option: str) -> dict[str, Decimal]:
    """``("f=0.01",)`` as exact numbers, none below zero. Raises UsageError."""
    found = {}
    for name, text in assignments(given, option).items():
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            raise UsageError(
                f"{option} takes a number of zero or more",
                column=name,
                value=text,
                remedy=f"e.g. {option} {name}=0.01",
            )
        found[name] = number
    return found


def names(given: Sequence[str]) -> tuple[str, ...]:
    r"""Repeated options, each a name or several with commas: ``--key a,b`` is ``--key a --key b``.

    A comma that belongs to a name is written ``\,``.
    """
    parts = [part.replace("\\,", ",").strip() for text in given for part in re.split(r"(?<!\\),", text)]
    return tuple(part for part in parts if part)


def memory_size(text: str | None) -> str | None:
    """A size the engine understands. Raises UsageError."""
    from greenai.settings import memory_size as checked

    return checked(text, "--memory") if text is not None else None
