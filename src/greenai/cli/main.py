"""The command line: which commands there are; each is loaded when it is called."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from greenai.version import __version__

EQUAL, DIFFERENT, TROUBLE = 0, 1, 2
"""Exit codes, like diff(1)."""

COMMANDS = {
    "diff": ("greenai.cli.diff", "Compare two tables and report every difference."),
    "init": ("greenai.cli.init", "Print a definition inferred from two tables."),
    "check": ("greenai.cli.check", "Validate a definition and reach its sources; load nothing."),
    "run": ("greenai.cli.run", "Run a definition for one business date."),
    "submit": ("greenai.cli.submit", "Ask the engines of the platform for a run."),
    "jobs": ("greenai.cli.jobs", "What engines work on; try dead jobs again."),
    "cancel": ("greenai.cli.cancel", "Let nobody work on a run any more."),
    "schedule": ("greenai.cli.schedule", "Let recons run by themselves; pause, resume, remove."),
    "backfill": ("greenai.cli.backfill", "Run past business dates of a scheduled recon."),
    "notices": ("greenai.cli.notices", "What was told to whom; try again what could not be."),
    "runs": ("greenai.cli.runs", "List the runs in the store."),
    "show": ("greenai.cli.show_run", "Show a run in the store."),
    "rejected": ("greenai.cli.rejected", "List what a run kept out, and why."),
    "causes": ("greenai.cli.causes", "List causes; make approved rules of them."),
    "reasons": ("greenai.cli.reasons", "List and edit reasons, and which of them a cause has."),
    "audit": ("greenai.cli.audit", "Who did what; whether anybody has changed it since."),
    "up": ("greenai.cli.up", "Bring the whole platform up on this machine."),
    "demo": ("greenai.cli.demo", "Bring up a platform with a realistic recon, ready to review."),
    "down": ("greenai.cli.down", "Stop the platform on this machine."),
    "status": ("greenai.cli.status", "Say what of the platform runs on this machine."),
    "simulate": ("greenai.cli.simulate", "Write a realistic recon with known truth."),
    "user": ("greenai.cli.user", "Add people and programs; roles, passwords, locks."),
    "db": ("greenai.cli.db", "Migrate the database; start, stop or look at the embedded one."),
    "schema": ("greenai.cli.schema", "Print the JSON Schema of a definition."),
}


class Interrupted(Exception):  # noqa: N818 - not an error
    """The user pressed Ctrl-C."""


stopped: list[int] = []
"""The signals that asked us to stop; a query that they interrupt only tells that it was interrupted."""


def terminate(number: int, _: object) -> None:
    """Stop like at the keyboard, so that all that cleans up after Ctrl-C does so here."""
    stopped.append(number)
    raise KeyboardInterrupt


class LazyCommands(click.Group):
    """A group that lists commands without importing them, so that help and version are instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module and take its ``command``."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named first, or an error that names the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; Ctrl-C passes by click, which would print an empty line for it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's list, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="greenai")
def commands() -> None:
    """Reconcile two sources of the same facts: find every difference, explain it.

    \b
    greenai diff a.parquet b.csv --key id     compare two tables
    greenai init a.csv b.csv > recon.yaml     propose a definition
    greenai run recon.yaml                    run it
    """


def main() -> None:
    """Run the command line; trouble is one readable message on standard error and exit code 2."""
    # Expressions are many small objects that live as long as the command: looking for garbage among
    # them again and again cost a sixth of a small diff's time.
    gc.set_threshold(100_000, 20, 20)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller (`>&-`)
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    # Stopped from outside, it leaves as little behind as when stopped at the keyboard.
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, terminate)
    try:
        code = commands.main(prog_name="greenai", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        leave(TROUBLE)
    except (Interrupted, KeyboardInterrupt, click.Abort):
        # A terminal shows ^C at the beginning of the line.
        click.echo("\ninterrupted" if sys.stderr.isatty() else "interrupted", err=True)
        leave(128 + (stopped[0] if stopped else signal.SIGINT))
    except Exception as error:
        leave(explain_trouble(error))
    else:
        leave(code if isinstance(code, int) else EQUAL)


def explain_trouble(error: Exception) -> int:
    """Tell a person what went wrong; a traceback only for a bug of ours, and only when asked for."""
    from greenai.errors import GreenaiError

    if isinstance(error, GreenaiError):
        click.echo(f"greenai: {error}", err=True)
        return TROUBLE
    if isinstance(error, OSError | MemoryError):
        what = (error.strerror if isinstance(error, OSError) else None) or str(error) or "out of memory"
        place = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        click.echo(
            f"greenai: {place}{what}\n"
            "  → check rights, free memory and free space, also where output and temporary files (TMPDIR) go",
            err=True,
        )
        return TROUBLE
    if os.environ.get("GREENAI_TRACEBACK"):
        raise error
    click.echo(
        f"greenai: a bug, sorry: {type(error).__name__}: {error}\n"
        "  → set GREENAI_TRACEBACK=1 for the traceback and report it with what you ran",
        err=True,
    )
    return TROUBLE


def leave(code: int) -> None:
    """Exit; output that nobody can take any more is dropped, so that the interpreter does not complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(code)
