"""Writing to standard output: a result in the format that was asked for, or any text."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from greenai.errors import UsageError

if TYPE_CHECKING:
    from greenai.api import Result
    from greenai.domain.progress import Progress
    from greenai.settings import Settings

NARROWEST, WIDEST = 60, 200


def deliver(result: Result, form: str, folder: str | None, settings: Settings, progress: Progress) -> int:
    """Write the files of ``--out`` when asked for, print the report, and tell the exit code."""
    from greenai.cli.main import DIFFERENT, EQUAL

    with result:
        if folder:
            progress.stage("write")
            result.write(folder)
        progress.done()
        show(result, form, settings)
        return EQUAL if result.passed else DIFFERENT


def show(result: Result, form: str, settings: Settings) -> None:
    """Write the report to standard output."""
    if form == "json":
        from greenai.reports import json

        text = json.render(result.report)
    elif form == "markdown":
        text = result.to_markdown()
    elif form == "html":
        text = result.to_html()
    else:
        from greenai.reports import terminal

        colour = settings.colour if settings.colour is not None else sys.stdout.isatty()
        width = shutil.get_terminal_size((100, 24)).columns
        text = terminal.render(result.report, width=max(NARROWEST, min(width, WIDEST)), colour=colour)
    say(text)


def say(text: str) -> None:
    """Write a text to standard output, ended by a newline. A reader that has gone is no error.

    Raises UsageError when it cannot be written for another reason, e.g. a full disk.
    """
    # Bytes, because the terminal's encoding may not know every character of the data.
    data = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # `greenai … | head`: what was found stays true, and so does the exit code.
        drop_output()
    except OSError as error:
        drop_output()
        raise UsageError(
            f"cannot write to standard output: {error.strerror or error}",
            remedy="free space there, or write somewhere else",
        ) from error


def drop_output() -> None:
    """Send what is still to be written to standard output nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
